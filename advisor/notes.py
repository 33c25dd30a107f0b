"""What is known about a log itself: how complete and how exact it is.

A reader never repairs data. It keeps what it found and adds a note; rules on the telemetry
turn a note that undermines a finding into a finding of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Self

from advisor.model import Document, Value
from advisor.text import Message, message


class NoteKind(StrEnum):
    """The kinds of notes, each with the English sentence that says it."""

    sentence: str

    def __new__(cls, value: str, sentence: str) -> Self:
        """Make a member whose value is its name in JSON."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member

    SAMPLED = "sampled", "The log holds a sample of the points, not all of them ({why:text})."
    AVERAGED = "averaged", "Each value is an average over {window:count step|steps}."
    ROUNDED = "rounded", "Values are rounded to {digits:count decimal|decimals}."
    FILTERED = (
        "filtered",
        "Non-finite values were dropped or replaced before logging ({why:text}).",
    )
    STEP_GUESSED = "step-guessed", "The log has no step column; {axis:text} is used instead."
    RESTARTED = (
        "restarted",
        "The run was restarted at step {step:step}; the later values are used.",
    )
    DUPLICATE_STEPS = (
        "duplicate-steps",
        "{count:count value repeats|values repeat} a step; the last one is used.",
    )
    TRUNCATED = (
        "truncated",
        "{file:name} ends inside a record at byte {offset:step}; what came before was read.",
    )
    DAMAGED = (
        "damaged",
        "{file:name} is damaged at byte {offset:step}; {lost:count byte was|bytes were} skipped.",
    )
    TOO_LONG = (
        "too-long",
        "{file:name} has a record of {lost:count byte|bytes} at byte {offset:step}, which is too "
        "long to be read; what it holds is missing.",
    )
    CELLS_REFUSED = (
        "cells-refused",
        "{file:name}, line {line:step}: {count:count cell is not a number|cells are not numbers} "
        "({example:name}); left out.",
    )
    UNFINISHED = (
        "unfinished",
        "The log has no end mark; the run was still going, or was killed.",
    )
    GROWING = "growing", "The log is still being written."
    FOLDED = "folded", "The sub-directories {folders:names} were read as parts of this run."
    LINKED = (
        "linked",
        "The same run is also logged as {source:text} ({files:names}); this form holds more.",
    )
    RANKS = (
        "ranks",
        "{count:count process|processes} of one job wrote here at the same time; "
        "the first one is used.",
    )
    CONFIG_UNREADABLE = (
        "config-unreadable",
        "{file:name} could not be read in full: {why:text}.",
    )
    CONFIG_DIFFERS = (
        "config-differs",
        "{file:name} gives other values to {names:names}; those that were read first are used.",
    )
    CONFIG_UNCLEAR = (
        "config-unclear",
        "{file:name} has other names for known settings, with other values ({names:names}); "
        "advice uses neither value.",
    )


class Note(Document):
    """One fact about a log, with its parameters as data."""

    kind: NoteKind
    series: tuple[str, ...] = ()
    """The tags it holds for; empty means the whole run."""
    params: dict[str, Value] = {}

    @property
    def message(self) -> Message:
        """The note as a sentence."""
        return message(f"note.{self.kind.value}", self.kind.sentence, **self.params)


def while_growing(notes: Iterable[Note], files: Collection[str]) -> tuple[Note, ...]:
    """Return the notes on a log of which ``files``, paths relative to LOGS, are still written.

    That one of them has no end, or only half a record there, is then nothing to say.
    """
    kept = tuple(n for n in notes if not _is_of_the_end(n, files))
    return (*kept, note(NoteKind.GROWING))


def _is_of_the_end(told: Note, files: Collection[str]) -> bool:
    if told.kind is not NoteKind.TRUNCATED:
        return told.kind is NoteKind.UNFINISHED
    name = str(told.params["file"])
    return any(file == name or file.endswith(f"/{name}") for file in files)


def note(kind: NoteKind, *series: str, **params: Value) -> Note:
    """Make a note and check at once that its parameters fit its sentence."""
    made = Note(kind=kind, series=series, params=params)
    _ = made.message
    return made
