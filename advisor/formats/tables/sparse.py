"""Rows that each name their own columns, as JSON objects do: kept as arrays, made into series."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from advisor.formats.segments import repeats
from advisor.formats.tables.cells import Mask, missing, number
from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Floats, Segments, Series, Steps
from advisor.text import valid

_DEEPEST = 16
_WIDEST = 16
"""Items of a list that are taken as values of their own; a longer one is no metric."""


def numbers(value: Any, path: str = "", depth: int = 0) -> Iterator[tuple[str, float]]:
    """Yield the numbers in nested data by dotted path.

    Text that spells a number counts (``"NaN"``); a boolean is none, nor is what is nested deeper
    than any log, or a list longer than a handful of results.
    """
    if isinstance(value, dict):
        items: Iterable[tuple[Any, Any]] = value.items()
    elif isinstance(value, list) and len(value) <= _WIDEST:
        items = enumerate(value)
    else:
        found = as_number(value)
        if found is not None:
            yield path, found
        return
    if depth < _DEEPEST:
        for key, inner in items:
            yield from numbers(inner, f"{path}.{key}" if path else str(key), depth + 1)


def as_number(value: Any) -> float | None:
    """Return a JSON value as a float; ``None`` if it is no number and spells none."""
    if type(value) is float:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    return number(value) if isinstance(value, str) and not missing(value) else None


@dataclass(slots=True)
class _Column:
    rows: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows of a table stand on one axis."""

    axis: Axis
    steps: Steps
    """``int64[n]``, for every row of the table."""
    known: Mask
    """``bool[n]``: which rows have a step."""
    guessed: str | None = None
    """What is used instead of a step that was logged, in words."""


class Sparse:
    """The numbers of a table, by column, in the order in which the rows name them."""

    def __init__(self) -> None:
        self._columns: dict[str, _Column] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, values: Iterable[tuple[str, float]]) -> None:
        """Add a row."""
        for name, value in values:
            column = self._columns.get(name)
            if column is None:
                column = self._columns.setdefault(valid(name), _Column())
            column.rows.append(self._count)
            column.values.append(value)
        self._count += 1

    def kept(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """Return all of it as words that JSON can hold, and columns: see ``advisor.reader``."""
        columns = self._columns.values()
        words = {
            "rows": len(self),
            "columns": [(name, len(column.rows)) for name, column in self._columns.items()],
        }
        return words, {
            "rows": np.concatenate([np.empty(0, np.int64), *(c.rows for c in columns)]),
            "values": np.concatenate([np.empty(0), *(c.values for c in columns)]),
        }

    @classmethod
    def known(cls, words: Mapping[str, Any], columns: Mapping[str, npt.NDArray[Any]]) -> Sparse:
        """Return what ``kept`` gave."""
        made = cls()
        made._count = words["rows"]
        begin = 0
        for name, length in words["columns"]:
            column = made._columns[name] = _Column()
            column.rows.frombytes(columns["rows"][begin : begin + length].tobytes())
            column.values.frombytes(columns["values"][begin : begin + length].tobytes())
            begin += length
        return made

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._columns)

    def rows(self, name: str) -> npt.NDArray[np.int64]:
        """Return ``int64[m]``: which rows have a value in a column."""
        return np.array(self._columns[name].rows, dtype=np.int64)

    def values(self, name: str) -> Floats:
        """Return ``float64[m]``: the values of a column."""
        return np.array(self._columns[name].values, dtype=np.float64)

    def spread(self, name: str) -> Floats:
        """Return ``float64[n]``: a column with NaN where a row has no value in it."""
        full = np.full(self._count, np.nan)
        if name in self._columns:
            full[self.rows(name)] = self.values(name)
        return full

    def integers(self, name: str) -> tuple[Steps, Mask] | None:
        """Return a column of whole numbers, ``int64[n]``, and the rows that have one.

        Returns ``None`` if a number is not whole or does not fit.
        """
        full = self.spread(name)
        known = np.isfinite(full)
        whole = np.where(known, full, 0.0)
        if (whole != np.floor(whole)).any() or (np.abs(whole) >= 2.0**63).any():
            return None
        return whole.astype(np.int64), known


def every_row(axis: Axis, steps: npt.ArrayLike, guessed: str | None = None) -> Place:
    """Return a place that is known for every row."""
    placed = np.asarray(steps, dtype=np.int64)
    return Place(axis, placed, np.ones(len(placed), dtype=bool), guessed)


def series_of(
    table: Sparse, places: Mapping[str, Place], times: Floats | None = None
) -> tuple[dict[str, Series], list[Note]]:
    """Make a series of each column that has a place, and note restarts and repeated steps.

    ``times`` is ``float64[n]``, NaN where a row has none. A new segment begins at a row where a
    column's step is below its own last one.
    """
    begins, notes = _restarts(table, places)
    segments = np.zeros(len(table), dtype=np.int32)
    segments[begins] = 1
    segments = np.cumsum(segments, dtype=np.int32)
    made = {name: _series(table, name, place, times, segments) for name, place in places.items()}
    made = {name: one for name, one in made.items() if len(one)}
    again = {name: count for name, one in made.items() if (count := repeats(one))}
    if again:
        notes.append(note(NoteKind.DUPLICATE_STEPS, *again, count=sum(again.values())))
    return made, notes


def _series(
    table: Sparse, name: str, place: Place, times: Floats | None, segments: Segments
) -> Series:
    rows = table.rows(name)
    kept = place.known[rows]
    rows = rows[kept]
    mine = segments[rows]
    return Series(
        name,
        place.steps[rows],
        table.values(name)[kept],
        None if times is None else _clock(times[rows], mine),
        mine if segments.any() else None,
        place.axis,
    )


def _clock(times: Floats, segments: Segments) -> Floats | None:
    """Return the times if each row has one and they go forward within each segment."""
    inside = np.diff(segments) == 0
    forward = (np.diff(times)[inside] >= 0).all()
    return times if bool(np.isfinite(times).all() and forward) else None


def _restarts(table: Sparse, places: Mapping[str, Place]) -> tuple[list[int], list[Note]]:
    """Return the rows at which a new writer begins, and a note on each."""
    begins: list[int] = []
    notes: list[Note] = []
    for row, before, step in sorted(_backward(table, places)):
        if not begins or before >= begins[-1]:
            begins.append(row)
            notes.append(note(NoteKind.RESTARTED, step=step))
    return begins, notes


def _backward(table: Sparse, places: Mapping[str, Place]) -> Iterator[tuple[int, int, int]]:
    """Yield ``(row, the row of the column's value before, step)`` where a step goes back."""
    for name, place in places.items():
        rows = table.rows(name)
        rows = rows[place.known[rows]]
        steps = place.steps[rows]
        for index in (np.flatnonzero(np.diff(steps) < 0) + 1).tolist():
            yield int(rows[index]), int(rows[index - 1]), int(steps[index])
