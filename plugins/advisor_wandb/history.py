"""Rows of history become series: nested values by dotted tag, media and texts left out."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Series, Steps
from advisor.segments import repeats

STEP, TIMESTAMP, RUNTIME = "_step", "_timestamp", "_runtime"
_OWN = frozenset({STEP, TIMESTAMP, RUNTIME, "_wandb"})
"""What W&B itself adds to every row."""
_TYPE = "_type"
"""The key that marks a dictionary as a histogram, an image, a table or another medium."""
_SPELLED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""How W&B's older clients and its API spell what JSON has no number for."""
_DEEPEST = 16

Path = tuple[str, ...]


@dataclass(slots=True)
class _Column:
    """One tag: the rows that have a value, and the values."""

    rows: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))


class History:
    """The rows of one run, in the order in which they were written."""

    def __init__(self) -> None:
        self._columns: dict[str, _Column] = {}
        self._by_path: dict[Path, _Column] = {}
        self._steps, self._times = array("q"), array("d")
        self._segments = array("i")
        self._segment = 0
        self.guessed = False
        """Whether a row had no step, and was given the one behind the row before it."""

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def steps(self) -> Steps:
        """``int64[n]``: the step of every row, whether or not it holds a number."""
        return np.array(self._steps, dtype=np.int64)

    def begin(self) -> None:
        """Begin another writer's rows, unless the last writer wrote none."""
        self._segment += bool(self._segments) and self._segments[-1] == self._segment

    def add(self, items: Iterable[tuple[Path, Any]], otherwise: int | None = None) -> None:
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
        self._steps.append(self._step(own.get(STEP), otherwise))
        self._times.append(_time(own))
        self._segments.append(self._segment)
        for path, value, column in logged:
            if media and any(path[:depth] in media for depth in range(len(path))):
                continue
            if column is not None and type(value) is float:
                column.rows.append(row)
                column.values.append(value)
                continue
            for inner, number in _numbers(path, value):
                self._put(row, inner, number)

    def _put(self, row: int, path: Path, value: float) -> None:
        column = self._columns.setdefault(".".join(path), _Column())
        self._by_path[path] = column
        column.rows.append(row)
        column.values.append(value)

    def series(self) -> dict[str, Series]:
        """Return the series, by tag."""
        steps, times = self.steps, np.array(self._times, dtype=np.float64)
        segments = np.array(self._segments, dtype=np.int32)
        made = {}
        for tag, column in self._columns.items():
            rows = np.array(column.rows, dtype=np.int64)
            timed = bool(np.isfinite(times[rows]).all())
            made[tag] = Series(
                tag,
                steps[rows],
                np.array(column.values, dtype=np.float64),
                times[rows] if timed else None,
                segments[rows] if segments.any() else None,
                Axis.STEP,
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

    def _step(self, given: Any, otherwise: int | None) -> int:
        step = _whole(given)
        if step is None:
            step = otherwise
        if step is None or not -(2**63) <= step < 2**63:
            self.guessed = True
            step = self._steps[-1] + 1 if self._steps else 0
        return min(step, 2**63 - 1)

    def _restarts(self) -> Iterator[int]:
        """Yield the first step of each writer that begins where an earlier one had been."""
        steps, segments = self.steps, np.array(self._segments)
        for segment in range(1, self._segment + 1):
            mine, before = steps[segments == segment], steps[segments < segment]
            if len(mine) and len(before) and mine.min() <= before.max():
                yield int(mine.min())


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
