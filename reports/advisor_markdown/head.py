"""What is read first: the verdict, three actions, and a table each of runs and entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.finding import Severity
from advisor.presentation import (
    Entry,
    change_lines,
    confidence_phrase,
    counts_phrase,
    evidence_sparkline,
    objective_phrase,
    worst_first,
)
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
    yield f"## advisor: {counts_phrase(verdict)}"
    said = f"**{gh.sentence(verdict.message)}**"
    if verdict.useful is not None and verdict.useful < 1:
        said += f" Useful compute: {percent(verdict.useful)}."
    yield dialect.alert(verdict.severity, said)


def first_actions(entries: Sequence[Entry]) -> str:
    """Write the entries that matter most as a numbered list."""
    lines = [_action(entry) for entry in entries]
    return "\n".join(("**Do these first**" if len(lines) > 1 else "**Do this first**", "", *lines))


def _action(entry: Entry) -> str:
    finding = entry.finding
    shown = finding.cost.message if finding.cost else finding.advice.evidence
    return (
        f"{entry.number}. **{gh.sentence(finding.advice.title)}.** {gh.sentence(shown)} "
        f"_({runs(entry, 2)}; {confidence_phrase(finding.confidence).lower()})_"
    )


def experiment(planned: Experiment) -> str:
    """Write the training to start next, with the settings that change."""
    said = f"**Next experiment**, from {gh.name(planned.run)}: {gh.sentence(planned.why)}"
    check = f"**Check that it worked.** {gh.sentence(planned.check)}"
    return "\n\n".join((said, gh.diff(change_lines(planned.changes)), check))


def runs(entry: Entry, shown: int) -> str:
    """Name the runs of an entry, the first few of them."""
    names = entry.runs
    listed = ", ".join(gh.name(run) for run in names[:shown])
    more = len(names) - shown
    return f"{listed} and {more:,} more" if more > 0 else listed


def entry_table(report: Report, entries: Sequence[Entry]) -> str:
    """Write the table of entries: what to do, what was seen and where on the curve."""
    columns = ("#", "Severity", "Do this", "Observed", "Runs", "Sure", "Curve, [evidence]")
    rows = fitting((_entry_row(report, entry) for entry in entries), ROOM_FOR_ENTRIES, ROWS)
    table = "\n".join((gh.table_head(columns, frozenset(("#", "Sure"))), *rows))
    return table + _rest(len(entries) - len(rows), "entry is", "entries are")


def _entry_row(report: Report, entry: Entry) -> str:
    finding = entry.finding
    severity = entry.diagnosis.severity
    drawn = evidence_sparkline(report, finding, BLOCKS)
    return gh.row(
        (
            str(entry.number),
            f"{MARKS[severity]}&nbsp;{severity.value}",
            gh.sentence(finding.advice.title),
            gh.sentence(finding.advice.observed),
            runs(entry, 1),
            percent(finding.confidence),
            gh.code(drawn[1]) if drawn else "",
        )
    )


def run_table(report: Report, dialect: Dialect) -> str:
    """Write the table of runs, the worst first; folded if it is long."""
    shared = _shared_objective(report)
    columns = ("Run", "State", "Useful compute", f"Best {gh.name(shared)}" if shared else "Best")
    cells = (_run_row(run, named=shared is None) for run in worst_first(report.runs))
    rows = fitting(cells, ROOM_FOR_RUNS, ROWS)
    table = "\n".join((gh.table_head(columns, frozenset(columns[2:3])), *rows))
    table += _rest(len(report.runs) - len(rows), "run is", "runs are")
    if len(report.runs) <= OPEN_ROWS:
        return table
    said = f"{len(rows):,} of {len(report.runs):,}, the worst first"
    return dialect.fold(f"<b>Runs</b>: {said}", f"Runs: {said}", table)


def _shared_objective(report: Report) -> str | None:
    objectives = [run.understanding.objective for run in report.runs]
    first = objectives[0] if objectives else None
    return first.series if first and all(one == first for one in objectives) else None


def _run_row(run: RunEntry, *, named: bool) -> str:
    best, objective = objective_phrase(run), run.understanding.objective
    if named and best and objective:
        best += f" ({gh.name(objective.series)})"
    useful = "" if run.useful is None else percent(run.useful)
    state = f"{MARKS[run.severity]} {gh.sentence(run.state)}"
    return gh.row((gh.name(run.name), state, useful, best))


def _rest(count: int, singular: str, plural: str) -> str:
    if not count:
        return ""
    return f"\n\n{count:,} more {singular if count == 1 else plural} in the full report."
