"""What is read first: the verdict, three actions, and a table each of runs and entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.finding import Severity
from advisor.language import tell, term, word
from advisor.presentation import (
    Entry,
    and_more,
    change_lines,
    counts_phrase,
    fine,
    heading_phrase,
    judged,
    objective_phrase,
    worst_first,
)
from advisor.presentation.sparklines import evidence_sparkline
from advisor.report import Experiment, Report, RunEntry
from advisor.text import percent
from advisor_markdown import github as gh
from advisor_markdown.budget import fitting
from advisor_markdown.dialect import Dialect

ROWS = 40
"""Rows of a table: more than anyone reads in a comment."""
OPEN_ROWS = 12
"""A longer table of runs is folded, so that the entries stay in sight."""
ROOM_FOR_RUNS = 5_000
ROOM_FOR_ENTRIES = 8_000
"""Characters for each table; ordinary names fill ``ROWS`` rows before they fill the room."""

BLOCKS = 16
"""Of a sparkline in a table: more would leave no room for words."""

MARKS = {Severity.ERROR: "🔴", Severity.WARNING: "🟠", Severity.NOTE: "🔵", None: "🟢"}


def verdict(report: Report, dialect: Dialect) -> Iterator[str]:
    """Yield the heading with the counts, and the verdict."""
    verdict = report.verdict
    yield tell("## advisor: {counts:sentence}", counts=counts_phrase(verdict))
    said = f"**{gh.sentence(verdict.message)}**"
    if verdict.useful is not None and verdict.useful < 1:
        said += tell(" Useful compute: {share:percent}.", share=verdict.useful)
    green = verdict.severity is not None or fine(report)
    yield dialect.alert(verdict.severity if green else Severity.WARNING, said)


def first_actions(entries: Sequence[Entry]) -> str:
    """Write the entries that matter most as a numbered list."""
    lines = [_action(entry) for entry in entries]
    title = word("**Do these first**") if len(lines) > 1 else word("**Do this first**")
    return "\n".join((title, "", *lines))


def _action(entry: Entry) -> str:
    finding = entry.finding
    shown = finding.cost.message if finding.cost else finding.advice.evidence
    return tell(
        "{n:step}. **{title:sentence}.** {shown:sentence} _({runs:sentence}; {sure:clause})_",
        n=entry.number,
        title=gh.sentence(entry.title),
        shown=gh.sentence(shown),
        runs=runs(entry, 2),
        sure=heading_phrase(entry),
    )


def experiment(planned: Experiment) -> str:
    """Write the training to start next, with the settings that change."""
    said = tell("**Next experiment.** {why:sentence}", why=gh.sentence(planned.why))
    check = gh.headed(word("Check that it worked"), planned.check)
    return "\n\n".join((said, gh.diff(change_lines(planned.changes)), check))


def runs(entry: Entry, shown: int) -> str:
    """Name the runs of an entry, the first few of them."""
    names = entry.runs
    return and_more(", ".join(gh.name(run) for run in names[:shown]), len(names) - shown)


def entry_table(report: Report, entries: Sequence[Entry]) -> str:
    """Write the table of entries: what to do, what was seen and where on the curve."""
    columns = ("#", *map(word, _ENTRY_COLUMNS))
    rows = fitting((_entry_row(report, entry) for entry in entries), ROOM_FOR_ENTRIES, ROWS)
    table = "\n".join((gh.table_head(columns, frozenset((0,))), *rows))
    if more := len(entries) - len(rows):
        text = "{n:count more entry is|more entries are} in the full report."
        table += f"\n\n{tell(text, n=more)}"
    return table


_ENTRY_COLUMNS = (
    term("Severity, sure"),
    term("Do this"),
    term("Observed"),
    term("Curve, [evidence]"),
)


def _entry_row(report: Report, entry: Entry) -> str:
    finding = entry.finding
    severity = entry.diagnosis.severity
    drawn = evidence_sparkline(report, finding, BLOCKS)
    sure = "" if entry.offered else f", {percent(finding.confidence)}"
    return gh.row(
        (
            str(entry.number),
            # Few columns: a comment is narrow, and the last one would be cut off.
            f"{MARKS[severity]}&nbsp;{word(severity.value)}{sure}",
            gh.sentence(entry.title),
            f"{gh.sentence(finding.advice.observed)} · {runs(entry, 1)}",
            gh.code(drawn[1]) if drawn else "",
        )
    )


def run_table(report: Report, dialect: Dialect) -> str:
    """Write the table of runs, the worst first; folded if it is long."""
    shared = _shared_objective(report)
    best = word("Best single value")
    if shared:
        best = tell("Best single {series:sentence}", series=gh.name(shared))
    columns = (word("Run"), word("State"), word("Useful compute"), best)
    cells = (_run_row(run, named=shared is None) for run in worst_first(report.runs))
    rows = fitting(cells, ROOM_FOR_RUNS, ROWS)
    table = "\n".join((gh.table_head(columns, frozenset((2,))), *rows))
    if more := len(report.runs) - len(rows):
        text = "{n:count more run is|more runs are} in the full report."
        table += f"\n\n{tell(text, n=more)}"
    if len(report.runs) <= OPEN_ROWS:
        return table
    text = "{n:step} of {all:step}, the worst first"
    said = tell(text, n=len(rows), all=len(report.runs))
    return dialect.fold(*gh.titled(word("Runs"), said), table)


def _shared_objective(report: Report) -> str | None:
    objectives = [run.understanding.objective for run in report.runs]
    first = objectives[0] if objectives else None
    return first.series if first and all(one == first for one in objectives) else None


def _run_row(run: RunEntry, *, named: bool) -> str:
    best, objective = objective_phrase(run), run.understanding.objective
    if named and best and objective:
        series = gh.name(objective.series)
        best = tell("{value:sentence} ({series:sentence})", value=best, series=series)
    useful = "" if run.useful is None else percent(run.useful)
    mark = MARKS[run.severity] if run.severity or judged(run) else "⚪"
    state = f"{mark} {gh.sentence(run.state)}"
    return gh.row((gh.name(run.name), state, useful, best))
