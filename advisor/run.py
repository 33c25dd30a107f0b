"""A run and its series: what readers produce and rules look at.

Both are frozen dataclasses compared by identity; their arrays are read-only, and stay so
after a trip to a worker process and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from advisor.model import Document, Value
from advisor.notes import Note

Steps = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Segments = npt.NDArray[np.int32]
_Number = TypeVar("_Number", bound=np.generic)


class Axis(StrEnum):
    """What the steps of a series count."""

    STEP = "step"
    EPOCH = "epoch"
    ENV_STEP = "environment step"
    ROW = "row"


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One logged quantity, in the order in which it was written.

    Nothing is repaired: a duplicate step, a NaN or a step that goes back stays as it is.
    A value that was never logged is simply not a row, and differs from a logged NaN.
    """

    tag: str
    """The name as the logger wrote it."""
    steps: Steps
    """``int64[n]``: what each value was logged at, in units of ``axis``."""
    values: Floats
    """``float64[n]``: NaN and infinities are values that were logged."""
    wall_times: Floats | None = None
    """``float64[n]``: seconds since 1970 (or since the start), if the log has them."""
    segments: Segments | None = None
    """``int32[n]``: which writer (file, restart) wrote each value; ``None`` means one writer."""
    axis: Axis = Axis.STEP

    def __post_init__(self) -> None:
        lengths = {
            len(a)
            for a in (self.steps, self.values, self.wall_times, self.segments)
            if a is not None
        }
        if len(lengths) != 1:
            raise ValueError(f"series {self.tag!r}: arrays of different lengths {sorted(lengths)}")
        _set(self, "steps", _frozen(self.steps, np.int64))
        _set(self, "values", _frozen(self.values, np.float64))
        if self.wall_times is not None:
            _set(self, "wall_times", _frozen(self.wall_times, np.float64))
        if self.segments is not None:
            _set(self, "segments", _frozen(self.segments, np.int32))

    def __len__(self) -> int:
        return len(self.values)

    def __reduce__(self) -> tuple[Any, ...]:
        # Rebuilding through __init__ makes the arrays read-only again after unpickling.
        return Series, (
            self.tag,
            self.steps,
            self.values,
            self.wall_times,
            self.segments,
            self.axis,
        )

    def effective(self) -> Series:
        """Return the series as TensorBoard shows it: sorted by step, a later writer wins.

        Where a later segment starts at or before a step that an earlier one reached, the
        earlier rows from there on are dropped (a restart from a checkpoint). Of several
        rows of one segment at one step the last is kept.
        """
        if self.segments is None and (self.steps[1:] > self.steps[:-1]).all():
            return self
        rows = np.flatnonzero(self._standing())
        rows = rows[np.argsort(self.steps[rows], kind="stable")]
        last = np.append(self.steps[rows][1:] != self.steps[rows][:-1], True)[: len(rows)]
        return self._take(rows[last])

    def finite(self) -> Series:
        """Return the rows whose value is a finite number."""
        finite = np.isfinite(self.values)
        return self if finite.all() else self._take(np.flatnonzero(finite))

    def between(self, first: float, last: float) -> Series:
        """Return the rows with ``first <= step <= last``."""
        return self._take(np.flatnonzero((self.steps >= first) & (self.steps <= last)))

    def _standing(self) -> npt.NDArray[np.bool_]:
        """Return which rows no later segment has taken the place of."""
        if self.segments is None or not len(self):
            return np.ones(len(self), dtype=bool)
        numbers, own = np.unique(self.segments, return_inverse=True)
        lowest = np.full(len(numbers), np.iinfo(np.int64).max)
        np.minimum.at(lowest, own, self.steps)
        # Behind each segment, the lowest step of all that follow it.
        following = np.minimum.accumulate(lowest[::-1])[::-1][1:]
        stands: npt.NDArray[np.bool_] = own == len(numbers) - 1
        return stands | (self.steps < np.append(following, 0)[own])

    def _take(self, rows: npt.NDArray[np.intp]) -> Series:
        return Series(
            self.tag,
            _rows(self.steps, rows),
            _rows(self.values, rows),
            None if self.wall_times is None else _rows(self.wall_times, rows),
            None if self.segments is None else _rows(self.segments, rows),
            self.axis,
        )


class ConfigValue(Document):
    """A hyperparameter as recorded, and where it was recorded."""

    value: Value
    origin: str
    """The file, and the place in it, that the value was read from."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One training run: its series, its hyperparameters and what is known of the log itself."""

    name: str
    """The run's path relative to the LOGS argument, ``/`` between parts; ``.`` for LOGS itself.

    ``#name`` is appended where one file holds several runs.
    """
    series: Mapping[str, Series]
    """By tag, in the order in which the log first names them."""
    config: Mapping[str, ConfigValue] = field(default_factory=dict)
    """By dotted path, as the log spells it: ``optimizer.lr``."""
    source: str = ""
    """The kind of log, in words: ``TensorBoard event file``, ``Lightning CSVLogger``."""
    files: tuple[str, ...] = ()
    """The files that were read, relative to LOGS."""
    notes: tuple[Note, ...] = ()
    """What is known about the completeness and exactness of the log."""

    def __post_init__(self) -> None:
        for tag, series in self.series.items():
            if tag != series.tag:
                raise ValueError(f"run {self.name!r}: series {series.tag!r} is filed under {tag!r}")

    @property
    def points(self) -> int:
        """Number of logged values over all series."""
        return sum(len(series) for series in self.series.values())


def _set(instance: object, name: str, value: object) -> None:
    object.__setattr__(instance, name, value)


def _rows(column: npt.NDArray[_Number], rows: npt.NDArray[np.intp]) -> npt.NDArray[_Number]:
    """Return some rows, read-only from the start, so that they need not be copied again."""
    taken: npt.NDArray[_Number] = column[rows]
    taken.flags.writeable = False
    return taken


def _converted(array: npt.NDArray[Any], dtype: type[np.generic]) -> npt.NDArray[Any]:
    """Return the array in another type; ``ValueError`` if whole numbers would lose a part."""
    whole = np.issubdtype(dtype, np.integer) and np.issubdtype(array.dtype, np.floating)
    if whole and not (np.isfinite(array) & (array == np.trunc(array))).all():
        raise ValueError("steps and segments are whole numbers: round them, or number the rows")
    return array.astype(dtype)


def _frozen(values: npt.ArrayLike, dtype: type[np.generic]) -> npt.NDArray[Any]:
    """Return a read-only array that shares no memory with a writable one."""
    array = np.asarray(values)
    if array.dtype != dtype:
        array = _converted(array, dtype)
    if array.ndim != 1:
        raise ValueError(f"expected one dimension, got shape {array.shape}")
    if array.flags.writeable or array.base is not None:
        array = array.copy() if array is values or array.base is not None else array
        array.flags.writeable = False
    return array
