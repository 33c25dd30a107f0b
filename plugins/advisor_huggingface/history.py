"""Rows of a Trainer's history become series, with what the Trainer did to them before."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Floats, Series
from advisor.tables.sparse import Sparse, every_row, numbers, series_of

LOSS = "loss"
_ROUNDED = 4
"""Decimals to which the Trainer of transformers before 5 rounds a loss
(``transformers/trainer.py``, ``_maybe_log_save_evaluate``)."""
_ENOUGH = 5
"""Losses that end after four decimals by chance less than once in 10^15."""
_FILTER = "logging_nan_inf_filter"


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


def loss_notes(series: Mapping[str, Series], settings: Mapping[str, Any]) -> Iterator[Note]:
    """Note what the Trainer does to a training loss: average, filter and round it.

    ``settings`` are the run's own, by name; the filter is on unless they say that it is off.
    """
    loss = series.get(LOSS)
    if loss is None:
        return
    finite = loss.finite().values
    window = _window(loss)
    if window > 1:
        yield note(NoteKind.AVERAGED, LOSS, window=window)
    if len(finite) == len(loss) and settings.get(_FILTER) is not False:
        why = f"the Trainer's {_FILTER} puts an average in their place"
        yield note(NoteKind.FILTERED, LOSS, why=why)
    if len(finite) >= _ENOUGH and _ends_early(finite):
        yield note(NoteKind.ROUNDED, LOSS, digits=_ROUNDED)


def _window(loss: Series) -> int:
    """Return the steps that a logged loss is the mean of: those since the one before."""
    gaps = np.diff(loss.effective().steps)
    return int(np.median(gaps)) if len(gaps) else 1


def _ends_early(values: Floats) -> bool:
    return bool((np.round(values, _ROUNDED) == values).all() and (values != np.round(values)).any())
