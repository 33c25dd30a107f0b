"""What the steps of a table are: which column counts them, and what it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from advisor.formats.tables import names
from advisor.formats.tables.cells import Mask, filled, integers
from advisor.formats.tables.table import Table
from advisor.run import Axis, Steps

_ORDER = (Axis.ENV_STEP, Axis.STEP, Axis.EPOCH)
"""Of several step columns the one that says most about the run is taken."""

_BACKWARD = 0.25
"""Share of rows whose step may be lower than the one before. Restarts and appended folds of
four rows or more stay below; the epochs of a table with one row per run do not."""

_ROWS_PER_EPOCH = 1.5
"""Beyond this many values of one column per epoch the epoch does not tell the rows apart."""


@dataclass(frozen=True, slots=True)
class Placing:
    """The step of every row."""

    axis: Axis
    steps: Steps
    """``int64[n]``."""
    known: Mask
    """``bool[n]``: which rows have a step."""
    column: str | None
    """The column that the steps were taken from."""
    guessed: str | None = None
    """What is used instead of a step column, in words."""


def place(table: Table) -> Placing:
    """Choose the steps of a table: the best step column that holds up, else the row number."""
    candidates = sorted(_candidates(table), key=lambda found: _ORDER.index(found.axis))
    return next((c for c in candidates if _holds(table, c)), None) or _index(table) or _rows(table)


def _candidates(table: Table) -> Iterator[Placing]:
    for name, cells in zip(table.header, table.columns, strict=True):
        axis = names.counted(name)
        found = integers(cells) if axis else None
        if axis and found:
            yield Placing(axis, *found, name)


def _holds(table: Table, placing: Placing) -> bool:
    """Tell whether a column named like a step also behaves like one."""
    steps = placing.steps[placing.known]
    changes = np.diff(steps)
    if len(steps) == 1:
        return True
    if not changes.any() or (changes < 0).mean() > _BACKWARD:
        return False
    if placing.axis is Axis.EPOCH:
        most = _ROWS_PER_EPOCH * (1 + np.count_nonzero(changes))
        return bool(_densest(table, placing) <= most)
    return not _starts_anew_each_epoch(table, placing)


def _densest(table: Table, placing: Placing) -> int:
    """Return how many values the fullest other column has."""
    others = (
        cells
        for name, cells in zip(table.header, table.columns, strict=True)
        if name != placing.column
    )
    return max((int(filled(cells).sum()) for cells in others), default=0)


def _starts_anew_each_epoch(table: Table, placing: Placing) -> bool:
    """Tell whether a counter goes back where an epoch column goes forward: ``epoch, batch``."""
    back = np.diff(placing.steps) < 0
    if not back.any():
        return False
    for candidate in _candidates(table):
        if candidate.axis is Axis.EPOCH:
            forward = np.diff(candidate.steps) > 0
            if (back & forward).sum() > back.sum() / 2:
                return True
    return False


def _index(table: Table) -> Placing | None:
    """Take a first column without a name that numbers the rows, as pandas writes it."""
    if table.header[0] not in ("", "Unnamed: 0"):
        return None
    found = integers(table.columns[0])
    if found is None or not found[1].all() or (np.diff(found[0]) != 1).any():
        return None
    return Placing(Axis.ROW, *found, table.header[0], "the number of the row")


def _rows(table: Table) -> Placing:
    count = len(table)
    steps = np.arange(count, dtype=np.int64)
    return Placing(Axis.ROW, steps, np.ones(count, dtype=bool), None, "the number of the row")
