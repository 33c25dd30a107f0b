"""What the steps of a column are: the best counter that the column's rows have.

Training rows may count iterations where validation rows count epochs only, so that each column
is placed by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from advisor.formats.tables.names import counted
from advisor.formats.tables.sparse import Place, Sparse, every_row
from advisor.run import Axis

_ORDER = (Axis.ENV_STEP, Axis.STEP, Axis.EPOCH)
"""Of several counters the one that says most about the run is taken."""
_BACKWARD = 0.25
"""Share of rows whose step may be lower than the one before, as in the reader of tables."""
_ROWS_PER_EPOCH = 1.5
"""Beyond this many values per epoch the epoch does not tell a column's rows apart."""

Rows = npt.NDArray[np.int64]


def places(table: Sparse) -> dict[str, Place]:
    """Place every column but the counter that serves most of them."""
    counters = sorted(_counters(table), key=lambda found: _ORDER.index(found[1].axis))
    order = every_row(Axis.ROW, np.arange(len(table)), "the number of the row")
    made: dict[str, Place] = {}
    used: dict[str, int] = {}
    for name in table.names:
        found = _best(table, name, counters)
        made[name] = found[1] if found else order
        if found:
            used[found[0]] = used.get(found[0], 0) + 1
    if used:
        made.pop(max(used, key=lambda name: used[name]))
    return made


def _best(table: Sparse, name: str, counters: list[tuple[str, Place]]) -> tuple[str, Place] | None:
    rows = table.rows(name)
    epochs = next((place for _, place in counters if place.axis is Axis.EPOCH), None)
    others = [found for found in counters if found[0] != name]
    return next((found for found in others if _holds(found[1], rows, epochs)), None)


def steady(table: Sparse) -> bool:
    """Tell whether some column of a table stands on a counter."""
    return any(place.axis is not Axis.ROW for place in places(table).values())


def _counters(table: Sparse) -> Iterator[tuple[str, Place]]:
    for name in table.names:
        axis = counted(name)
        found = table.integers(name) if axis else None
        if axis and found:
            yield name, Place(axis, *found)


def _holds(place: Place, rows: Rows, epochs: Place | None) -> bool:
    """Tell whether a counter counts the rows of a column."""
    if not place.known[rows].all():
        return False
    changes = np.diff(place.steps[rows])
    if not len(changes):
        return True
    if not changes.any() or (changes < 0).mean() > _BACKWARD:
        return False
    if place.axis is Axis.EPOCH:
        return bool(len(rows) <= _ROWS_PER_EPOCH * (1 + np.count_nonzero(changes)))
    return not _starts_anew_each_epoch(changes, rows, epochs)


def _starts_anew_each_epoch(changes: Rows, rows: Rows, epochs: Place | None) -> bool:
    back = changes < 0
    if epochs is None or not back.any():
        return False
    forward = np.diff(epochs.steps[rows]) > 0
    return bool((back & forward).sum() > back.sum() / 2)
