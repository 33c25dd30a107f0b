"""What the engine does with readers, as far as those of W&B are concerned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from advisor.notes import Note, NoteKind
from advisor.reader import Claim, Refusal
from advisor.run import Run
from advisor.walk import walk
from advisor_wandb import register_readers

READERS = {reader.name: reader for reader in register_readers()}


def claims(logs: Path) -> list[Claim]:
    listing = walk(logs)
    found = [one for reader in READERS.values() for one in reader.claim(listing)]
    return [replace(one, base=listing.base) for one in found if isinstance(one, Claim)]


def refusals(logs: Path) -> list[Refusal]:
    found = [one for reader in READERS.values() for one in reader.claim(walk(logs))]
    return [one for one in found if isinstance(one, Refusal)]


def runs(logs: Path) -> dict[str, Run]:
    found = {}
    for claim in claims(logs):
        for run in READERS[claim.reader].read(claim):
            assert run.name not in found
            found[run.name] = run
    return found


def only_run(logs: Path) -> Run:
    (run,) = runs(logs).values()
    return run


def points(run: Run, tag: str) -> list[tuple[int, float]]:
    series = run.series[tag]
    return list(zip(series.steps.tolist(), series.values.tolist(), strict=True))


def notes(run: Run, kind: NoteKind) -> list[Note]:
    return [note for note in run.notes if note.kind is kind]


def settings(run: Run) -> dict[str, object]:
    return {path: entry.value for path, entry in run.config.items()}
