"""What to tell people about a file that bears the name of a log and is none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from advisor.formats.tables.cells import number, numbers
from advisor.formats.tables.names import loss
from advisor.formats.tables.reading import absent
from advisor.formats.tables.table import Table
from advisor.language import term
from advisor.reader import Refusal
from advisor.text import told
from advisor_csv import names

_COLUMN = term("name one column step or epoch, and let each row be one step")

_ROWS = 10
"""Fewest values of a column that may be a curve; fewer show no course (chosen by eye)."""

_ALIKE = 0.5
"""The mean square of the differences between neighbours, in units of twice the variance, up to
which a column runs on from row to row. It is 1 for numbers in any order (von Neumann's ratio),
and 1 ± 0.3 for as few as ``_ROWS`` of them."""

_HEADER = term("add a header: name one column step or epoch, and let each row be one step")


def refusal(file: str, data: bytes, table: Table | None) -> Refusal | None:
    """Say what was seen instead of a log; ``None`` for what another reader may know."""
    nothing = absent(data)
    if nothing:
        return Refusal(file, *nothing)
    if table is None:
        return Refusal(
            file, term("not a table of text"), term("name the log as the training wrote it")
        )
    if names.wandb_chart(table.header):
        return None
    return Refusal(file, *_content(table))


def overlooked(file: str, table: Table) -> Refusal | None:
    """Say of a table that nothing but the course of a loss shows to be a log that it was not read.

    A table of data may have a column by such a name too. Its rows stand in any order.
    """
    if names.runs_table(table.header) or names.wandb_chart(table.header):
        return None
    for name, cells in zip(table.header, table.columns, strict=True):
        if loss(name) and _falls(cells):
            reason = told("{name:name} falls like a loss, but no column counts steps", name=name)
            return Refusal(file, reason, _UNNAMED)
    return None


_UNNAMED = term("if it is a log, name one column step or epoch, or give the file itself")


def _falls(cells: Sequence[str]) -> bool:
    """Tell whether a column runs on from row to row, and ends lower than it began."""
    found = numbers(cells)
    values = found.values[np.isfinite(found.values)]
    if found.refused or len(values) < _ROWS:
        return False
    unit = np.abs(values).max()
    scaled = values / unit if unit > 0 else values
    apart = np.square(np.diff(scaled)).mean()
    third = len(values) // 3
    lower = scaled[-third:].mean() < scaled[:third].mean()
    return bool(lower and apart <= 2 * _ALIKE * scaled.var())


def _content(table: Table) -> tuple[str, str]:
    header = table.header
    if names.wandb_runs_table(header):
        return (
            term("a W&B table of runs: one row per run, not per step"),
            term(
                "export the run's history instead (`run.scan_history()`), or give the run's "
                "directory"
            ),
        )
    if all(number(name) is not None for name in header):
        return term("the first line holds numbers, not the names of columns"), _HEADER
    if not len(table):
        return term("a header without rows"), term("let the run log at least one step")
    if names.runs_table(header):
        return (
            told("one row per run (first column {name:name}), not per step", name=header[0]),
            term("give the logs that these runs wrote while they trained"),
        )
    return told("no column of steps or of metrics among {names:names}", names=header), _COLUMN
