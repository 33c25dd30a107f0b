"""What one logger's lines look like, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.formats.tables.names import SPLIT_COLUMNS, SPLITS, words
from advisor.formats.tables.sparse import Place, Sparse
from advisor.notes import Note
from advisor.run import Series
from advisor_jsonl.place import places

Row = Mapping[str, Any]


@dataclass(slots=True)
class Lines:
    """The numbers of all lines, and the part of the data that each is about."""

    table: Sparse = field(default_factory=Sparse)
    splits: list[str] = field(default_factory=list)
    """For each row ``train``, ``val`` …; empty where it does not say."""


def by_column(row: Row) -> tuple[str, str]:
    """Return the key that names the part of the data, and the part: ``("mode", "val")``."""
    for key, value in row.items():
        if isinstance(value, str) and value.lower() in SPLITS and words(key) in SPLIT_COLUMNS:
            return key, value
    return "", ""


def best_counters(lines: Lines) -> dict[str, Place]:
    """Place each column on the best counter that its rows have."""
    return places(lines.table)


def no_notes(_: Lines, __: Mapping[str, Series]) -> Iterator[Note]:
    """Say nothing about how the values were made."""
    yield from ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """The lines of one logger."""

    source: str
    """What it is, in words."""
    proof: str
    """What in the content shows it, in words."""
    certainty: int
    """As in ``Claim``."""
    fits: Callable[[Sequence[Row]], bool]
    """Tells from the first rows whether they are this logger's."""
    split: Callable[[Row], tuple[str, str]] = by_column
    """Returns the key that says what part of the data a row is about, and the part."""
    unfold: Callable[[Row], Row] = lambda row: row
    """Gives the values of a row their names."""
    settings: frozenset[str] = frozenset()
    """Keys of every row that hold a setting."""
    place: Callable[[Lines], dict[str, Place]] = best_counters
    """Finds the steps of each column."""
    notes: Callable[[Lines, Mapping[str, Series]], Iterator[Note]] = no_notes
    """Says what the logger did to the values."""
    configs: tuple[str, ...] = ()
    """Files beside the log that hold its settings in Python, whatever else lies there."""
    own_folder: bool = True
    """The logger gives each run a directory, which then names the run."""
