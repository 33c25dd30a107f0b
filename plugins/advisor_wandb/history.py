"""Rows of history become series: nested values by dotted tag, media and texts left out."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from advisor.formats.segments import repeats
from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Floats, Segments, Series, Steps
from advisor_wandb import bulk
from advisor_wandb.bulk import Places
from advisor_wandb.watched import norms

STEP, TIMESTAMP, RUNTIME = "_step", "_timestamp", "_runtime"
_OWN = frozenset({STEP, TIMESTAMP, RUNTIME, "_wandb"})
"""What W&B itself adds to every row."""
_TARGETS = {STEP: bulk.STEP, TIMESTAMP: bulk.TIMESTAMP, RUNTIME: bulk.RUNTIME}
_TYPE = "_type"
"""The key that marks a dictionary as a histogram, an image, a table or another medium."""
_SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""How W&B's older clients and its API spell what JSON has no number for."""
_DEEPEST = 16

Path = tuple[str, ...]


@dataclass(slots=True)
class _Column:
    """One tag: the rows that have a value, and the values."""

    number: int
    """How many tags were met before it."""
    rows: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))


class History:
    """The rows of one writer, and of those that followed it, in the order of writing."""

    def __init__(self) -> None:
        self._columns: dict[str, _Column] = {}
        self._by_path: dict[Path, _Column] = {}
        self._steps, self._times = array("q"), array("d")
        self._stepless = array("q")
        self._begins: list[int] = []

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def guessed(self) -> bool:
        """Whether a row had no step, and was given the one behind the row before it."""
        return bool(self._stepless)

    @property
    def steps(self) -> Steps:
        """``int64[n]``: the step of every row, whether or not it holds a number."""
        steps = np.array(self._steps, dtype=np.int64)
        for row in self._stepless:
            steps[row] = min(int(steps[row - 1]) + 1, 2**63 - 1) if row else 0
        return steps

    def extend(self, other: History) -> None:
        """Add the rows of the writer that came next."""
        before = len(self)
        if before and len(other):
            self._begins.append(before)
        self._steps.extend(other._steps)
        self._times.extend(other._times)
        self._stepless.extend(row + before for row in other._stepless)
        for tag, column in other._columns.items():
            mine = self._column(tag)
            rows = np.array(column.rows, dtype=np.int64) + before
            mine.rows.frombytes(rows.tobytes())
            mine.values.extend(column.values)

    def kept(self) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
        """Return all of it as words that JSON can hold, and columns."""
        columns = self._columns.values()
        words = {
            "tags": [(tag, len(column.rows)) for tag, column in self._columns.items()],
            "paths": list(self._by_path),
            "stepless": self._stepless.tolist(),
        }
        return words, {
            "steps": np.array(self._steps, dtype=np.int64),
            "times": np.array(self._times, dtype=np.float64),
            "rows": np.concatenate([np.empty(0, np.int64), *(c.rows for c in columns)]),
            "values": np.concatenate([np.empty(0), *(c.values for c in columns)]),
        }

    @classmethod
    def known(cls, words: Mapping[str, Any], columns: Mapping[str, npt.NDArray[Any]]) -> History:
        """Return what ``kept`` gave."""
        made = cls()
        made._steps.frombytes(columns["steps"].tobytes())
        made._times.frombytes(columns["times"].tobytes())
        made._stepless.extend(words["stepless"])
        begin = 0
        for tag, length in words["tags"]:
            column = made._column(tag)
            column.rows.frombytes(columns["rows"][begin : begin + length].tobytes())
            column.values.frombytes(columns["values"][begin : begin + length].tobytes())
            begin += length
        made._by_path = {tuple(p): made._columns[".".join(p)] for p in words["paths"]}
        return made

    def add(self, items: Sequence[tuple[Path, Any]], otherwise: int | None = None) -> None:
        """Add a row. ``otherwise`` is its step if the items give none."""
        own: dict[str, Any] = {}
        media: set[Path] = set()
        logged = []
        known = self._by_path
        for path, value in items:
            column = known.get(path)
            if column is None and (not path or path[0] in _OWN):
                own[".".join(path)] = value
            elif column is None and path[-1] == _TYPE:
                media.add(path[:-1])
            else:
                logged.append((path, value, column))
        row = len(self._steps)
        self._step(own.get(STEP), otherwise)
        self._times.append(_time(own))
        nested = bool(media)
        for path, value, column in logged:
            if media and any(path[:depth] in media for depth in range(len(path))):
                continue
            if column is not None and type(value) is float:
                column.rows.append(row)
                column.values.append(value)
                continue
            nested |= isinstance(value, dict)
            for inner, number in _numbers(path, value):
                self._put(row, inner, number)
        for path, number in norms(items) if nested else ():
            self._put(row, path, number)

    def target(self, path: Path) -> int:
        """Return what a path leads to, as ``bulk`` counts it; 0 if nothing was logged there yet."""
        column = self._by_path.get(path)
        if column is not None:
            return bulk.FIRST + column.number
        own = bool(path) and path[0] in _OWN
        return _TARGETS.get(".".join(path), bulk.IGNORED) if own else 0

    def add_rows(self, steps: Steps, times: Floats) -> Places:
        """Add rows of known steps and times, and return their numbers; ``put`` fills them."""
        begin = len(self)
        self._steps.frombytes(steps.tobytes())
        self._times.frombytes(times.tobytes())
        return np.arange(begin, len(self))

    def put(self, rows: Places, columns: Places, values: Floats) -> None:
        """Put values into columns, ``target`` without ``FIRST``, of rows that were added."""
        held = list(self._columns.values())
        # Sorting small integers takes time in proportion to their count.
        order = np.argsort(columns.astype(np.min_scalar_type(len(held))), kind="stable")
        ends = np.cumsum(np.bincount(columns, minlength=len(held)))
        rows, values = rows[order], values[order]
        for number in np.unique(columns).tolist():
            part = slice(ends[number - 1] if number else 0, ends[number])
            held[number].rows.frombytes(rows[part].tobytes())
            held[number].values.frombytes(values[part].tobytes())

    def _put(self, row: int, path: Path, value: float) -> None:
        column = self._by_path[path] = self._column(".".join(path))
        column.rows.append(row)
        column.values.append(value)

    def _column(self, tag: str) -> _Column:
        column = self._columns.get(tag)
        if column is None:
            column = self._columns[tag] = _Column(len(self._columns))
        return column

    @property
    def times(self) -> Floats:
        """``float64[n]``: when each row was written, in seconds; NaN if it does not say."""
        return np.array(self._times, dtype=np.float64)

    def series(self) -> dict[str, Series]:
        """Return the series, by tag."""
        return self._series(self.steps, self._segments(), Axis.STEP)

    def by_row(self) -> dict[str, Series]:
        """Return the series of rows that belong to no step, by tag: on the number of the row."""
        rows = np.arange(len(self), dtype=np.int64)
        return self._series(rows, np.zeros(len(self), dtype=np.int32), Axis.ROW)

    def _series(self, steps: Steps, segments: Segments, axis: Axis) -> dict[str, Series]:
        times = self.times
        made = {}
        for tag, column in self._columns.items():
            rows = np.array(column.rows, dtype=np.int64)
            order = np.argsort(rows, kind="stable")  # those that were put are not in order
            rows = rows[order]
            timed = bool(np.isfinite(times[rows]).all())
            made[tag] = Series(
                tag,
                steps[rows],
                np.array(column.values, dtype=np.float64)[order],
                times[rows] if timed else None,
                segments[rows] if segments.any() else None,
                axis,
            )
        return made

    def notes(self, series: Mapping[str, Series]) -> Iterator[Note]:
        """Note guessed steps, restarts and repeated steps."""
        if self.guessed:
            yield note(NoteKind.STEP_GUESSED, axis="the order of the rows")
        for step in self._restarts():
            yield note(NoteKind.RESTARTED, step=step)
        found = {tag: count for tag, one in series.items() if (count := repeats(one))}
        if found:
            yield note(NoteKind.DUPLICATE_STEPS, *found, count=sum(found.values()))

    def _step(self, given: Any, otherwise: int | None) -> None:
        step = _whole(given)
        if step is None:
            step = otherwise
        if step is None or not -(2**63) <= step < 2**63:
            self._stepless.append(len(self._steps))
            step = 0
        self._steps.append(step)

    def _segments(self) -> Segments:
        """Return which writer wrote each row."""
        begins = np.zeros(len(self), dtype=np.int32)
        begins[self._begins] = 1
        return np.cumsum(begins, dtype=np.int32)

    def _restarts(self) -> Iterator[int]:
        """Yield the first step of each writer that begins where an earlier one had been."""
        steps = self.steps
        for begin, end in pairwise([*self._begins, len(self)]):
            first = int(steps[begin:end].min())
            if first <= steps[:begin].max():
                yield first


def _numbers(path: Path, value: Any) -> Iterator[tuple[Path, float]]:
    """Yield the numbers that a logged value holds, each by its path; a medium holds none."""
    if not isinstance(value, dict):
        number = _number(value)
        if number is not None:
            yield path, number
    elif _TYPE not in value and len(path) <= _DEEPEST:
        for name, inner in value.items():
            yield from _numbers((*path, str(name)), inner)


def _number(value: Any) -> float | None:
    """Return a value as a float; ``None`` if it is no number (a boolean is none)."""
    if type(value) is float:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return None
    return _SPELLED.get(value) if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _time(own: Mapping[str, Any]) -> float:
    """Return when a row was written: seconds since 1970, else since the start, else NaN."""
    stamp = _number(own.get(TIMESTAMP))
    runtime = _number(own.get(RUNTIME)) if stamp is None else stamp
    return math.nan if runtime is None else runtime
