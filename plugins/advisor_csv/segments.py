"""Restarts: where the steps of a table go back, a new writer begins."""

from __future__ import annotations

import numpy as np

from advisor.run import Segments
from advisor.tables.cells import missing
from advisor.tables.table import Table
from advisor_csv.axis import Placing


def segments(table: Table, placing: Placing) -> Segments:
    """Return ``int32[n]``: which writer wrote each row.

    A new one begins where the header is repeated, and where a column's step is below its
    own last one. (Rows of different columns may pass each other: a logger that writes
    training and validation on rows of their own does not sort them.)
    """
    steps = placing.steps
    parts = np.asarray(table.parts, dtype=np.int32)
    known = steps[placing.known]
    if placing.column is None or not (np.diff(known) < 0).any():
        return parts
    return parts + np.cumsum(_restarts(table, placing), dtype=np.int32)


def _restarts(table: Table, placing: Placing) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    others = [
        cells
        for name, cells in zip(table.header, table.columns, strict=True)
        if name != placing.column
    ]
    begins = np.zeros(len(table), dtype=np.int32)
    last: dict[int, int] = {}
    for row in np.flatnonzero(placing.known).tolist():
        step = int(placing.steps[row])
        written = [column for column, cells in enumerate(others) if not missing(cells[row])]
        repeated = row > 0 and table.parts[row] != table.parts[row - 1]
        behind = any(step < last.get(column, step) for column in written)
        if repeated or behind:
            begins[row] = behind and not repeated
            last.clear()
        last.update(dict.fromkeys(written, step))
    return begins
