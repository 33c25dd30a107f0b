"""Rows of a Trainer's history become series."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from advisor.formats.tables.sparse import Sparse, every_row, numbers, series_of
from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Series


class History:
    """The rows of one run, in the order in which they were logged."""

    def __init__(self, step: str = "step", left_out: Iterable[str] = ("step",)) -> None:
        self._step, self._left_out = step, frozenset(left_out)
        self._table = Sparse()
        self._steps, self._times = array("q"), array("d")
        self._guessed = False

    def add(self, row: Mapping[str, Any], time: float = math.nan) -> None:
        """Add a row, which was written at ``time`` seconds since the start."""
        step = row.get(self._step)
        if not isinstance(step, int) or not -(2**63) <= step < 2**63:
            self._guessed = True
            step = self._steps[-1] if self._steps else 0
        logged = {str(key): value for key, value in row.items() if key not in self._left_out}
        self._table.add(numbers(logged))
        self._steps.append(step)
        self._times.append(time)

    def series(self) -> tuple[dict[str, Series], list[Note]]:
        """Return the series by tag, and notes on their steps."""
        place = every_row(Axis.STEP, self._steps)
        times = np.array(self._times, dtype=np.float64)
        timed = times if np.isfinite(times).any() else None
        made, notes = series_of(self._table, dict.fromkeys(self._table.names, place), timed)
        if self._guessed:
            notes.insert(0, note(NoteKind.STEP_GUESSED, axis="the step of the row before"))
        return made, notes
