"""Restarts: where the steps of a table go back, a new writer begins."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from advisor.formats.tables.cells import filled
from advisor.formats.tables.table import Table
from advisor.run import Segments
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


def _restarts(table: Table, placing: Placing) -> npt.NDArray[np.bool_]:
    """Return ``bool[n]``: the rows at which a writer begins that wrote no header of its own."""
    begins = np.zeros(len(table), dtype=bool)
    known = np.flatnonzero(placing.known)
    repeated = known[(known > 0) & (np.diff(table.parts, prepend=0)[known] != 0)]
    latest = 0
    for row, before in sorted(_backward(table, placing)):
        header = int(np.searchsorted(repeated, row, side="right"))
        if header:
            latest = max(latest, int(repeated[header - 1]))
        if latest <= before:
            begins[row], latest = True, row
    return begins


def _backward(table: Table, placing: Placing) -> Iterator[tuple[int, int]]:
    """Yield ``(row, the row of the column's value before)`` where a column's step goes back."""
    for name, cells in zip(table.header, table.columns, strict=True):
        if name != placing.column:
            rows = np.flatnonzero(filled(cells) & placing.known)
            for index in (np.flatnonzero(np.diff(placing.steps[rows]) < 0) + 1).tolist():
                yield int(rows[index]), int(rows[index - 1])
