"""Long tables: several runs, or training and validation, in the rows of one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from advisor.formats.tables.names import SPLIT_COLUMNS, SPLITS, counted, timed, words
from advisor.formats.tables.table import Table, distinct
from advisor_csv.names import GROUPS

_FEWEST = 3
"""Rows a run must have on average for a column to be the name of runs, not of rows."""


def runs(table: Table) -> list[tuple[str, Table]]:
    """Take a table with a column such as ``run`` or ``fold`` apart: ``(its cell, the rows)``.

    Without such a column, or where it tells hardly more than the row number, the table
    comes back whole under an empty name.
    """
    for name, cells in zip(table.header, table.columns, strict=True):
        groups = _groups(cells) if words(name) in GROUPS else {}
        if len(groups) > 1 and len(cells) >= _FEWEST * len(groups):
            return [(label, table.take(rows)) for label, rows in groups.items()]
    return [("", table)]


def _groups(cells: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, cell in enumerate(cells):
        found.setdefault(cell, []).append(row)
    return found


def widen(table: Table) -> Table:
    """Give training and validation columns of their own where a column names the phase.

    ``epoch, phase, loss`` becomes ``epoch, train/loss, val/loss``, with the other's cells
    empty; a table without such a column comes back as it is.
    """
    for name, cells in zip(table.header, table.columns, strict=True):
        phases = dict.fromkeys(cells) if words(name) in SPLIT_COLUMNS else {}
        if _all_splits(phases):
            return _widened(table, name, cells, list(phases))
    return table


def _all_splits(phases: dict[str, None]) -> bool:
    return len(phases) > 1 and all(phase.lower() in SPLITS for phase in phases)


def _widened(table: Table, column: str, cells: Sequence[str], phases: list[str]) -> Table:
    header: list[str] = []
    columns: list[Sequence[str]] = []
    for name, values in zip(table.header, table.columns, strict=True):
        if counted(name) or timed(name):
            header.append(name)
            columns.append(values)
        elif name != column:
            for phase in phases:
                mine = zip(cells, values, strict=True)
                header.append(f"{phase}/{name}")
                columns.append([value if cell == phase else "" for cell, value in mine])
    return replace(table, header=tuple(distinct(header)), columns=tuple(columns))
