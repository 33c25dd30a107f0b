"""What to tell people about a file that bears the name of a log and is none."""

from __future__ import annotations

from advisor.formats.tables.cells import number
from advisor.formats.tables.reading import absent
from advisor.formats.tables.table import Table
from advisor.language import term
from advisor.reader import Refusal
from advisor.text import told
from advisor_csv import names

_COLUMN = term("name one column step or epoch, and let each row be one step")

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
