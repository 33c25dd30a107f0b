"""What to tell people about a file that bears the name of a log and is none."""

from __future__ import annotations

from advisor.reader import Refusal
from advisor.tables.cells import number
from advisor.tables.reading import absent
from advisor.tables.table import Table
from advisor_csv import names

_COLUMN = "name one column step or epoch, and let each row be one step"


def refusal(file: str, data: bytes, table: Table | None) -> Refusal | None:
    """Say what was seen instead of a log; ``None`` for what another reader may know."""
    nothing = absent(data)
    if nothing:
        return Refusal(file, *nothing)
    if table is None:
        return Refusal(file, "not a table of text", "name the log as the training wrote it")
    if names.wandb_chart(table.header):
        return None
    return Refusal(file, *_content(table))


def _content(table: Table) -> tuple[str, str]:
    header = table.header
    if names.wandb_runs_table(header):
        return (
            "a W&B table of runs: one row per run, not per step",
            "export the run's history instead (`run.scan_history()`), or give the run's directory",
        )
    if all(number(name) is not None for name in header):
        return "the first line holds numbers, not the names of columns", f"add a header: {_COLUMN}"
    if not len(table):
        return "a header without rows", "let the run log at least one step"
    if names.runs_table(header):
        return (
            f"one row per run (first column `{header[0]}`), not per step",
            "give the logs that these runs wrote while they trained",
        )
    return f"no column of steps or of metrics among {_some(header)}", _COLUMN


def _some(header: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{name}`" for name in header[:4])
    return f"{shown} and {len(header) - 4} more" if len(header) > 4 else shown
