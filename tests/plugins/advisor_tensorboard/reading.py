"""What the engine does with a reader, as far as one reader is concerned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from advisor.notes import Note, NoteKind
from advisor.reader import Claim, Refusal
from advisor.run import Run
from advisor.walk import walk
from advisor_tensorboard.reader import TensorBoardReader


def claims(logs: Path) -> list[Claim]:
    listing = walk(logs)
    found = TensorBoardReader().claim(listing)
    return [replace(one, base=listing.base) for one in found if isinstance(one, Claim)]


def refusals(logs: Path) -> list[Refusal]:
    return [one for one in TensorBoardReader().claim(walk(logs)) if isinstance(one, Refusal)]


def runs(logs: Path) -> dict[str, Run]:
    reader = TensorBoardReader()
    return {run.name: run for claim in claims(logs) for run in reader.read(claim)}


def only_run(logs: Path) -> Run:
    (run,) = runs(logs).values()
    return run


def notes(run: Run, kind: NoteKind) -> list[Note]:
    return [note for note in run.notes if note.kind is kind]
