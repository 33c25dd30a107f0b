"""Reading a tree as the engine does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from advisor.notes import Note, NoteKind
from advisor.reader import Claim, Refusal
from advisor.run import Run
from advisor.walk import walk
from advisor_mlflow import register_readers


def look(logs: Path) -> tuple[list[Claim], list[Refusal]]:
    """Return what the readers claim and what they refuse."""
    found = [each for reader in register_readers() for each in reader.claim(walk(logs))]
    claims = [each for each in found if isinstance(each, Claim)]
    return claims, [each for each in found if isinstance(each, Refusal)]


def read(logs: Path) -> list[Run]:
    """Read every run below LOGS."""
    readers = {reader.name: reader for reader in register_readers()}
    base = logs if logs.is_dir() else logs.parent
    claims, _ = look(logs)
    return [run for c in claims for run in readers[c.reader].read(replace(c, base=base))]


def kinds(run: Run) -> set[NoteKind]:
    """Return what kinds of notes a run has."""
    return {each.kind for each in run.notes}


def of_kind(run: Run, kind: NoteKind) -> Note:
    """Return the only note of a kind."""
    (found,) = (each for each in run.notes if each.kind is kind)
    return found
