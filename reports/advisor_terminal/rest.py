"""What follows the entries: the runs, if they are few, and what could not be judged or read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from advisor.finding import Severity
from advisor.presentation import joined, needing_probe, probe_phrase, statuses, worst_first
from advisor.report import Report, RunEntry, Status
from advisor.text import clean, number, percent
from advisor_terminal.words import QUIET, STYLES, name, sentence

FEW_RUNS = 12
"""More runs than this have no line each: the entries name the ones that matter."""
LINES = 5
"""Lines of each list; the rest is counted."""
WIDE = 72
"""Columns from which the runs are a table; in less, its cells would break every name."""
_MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTE: "·", None: "✓"}


def runs(report: Report, width: int) -> Iterator[RenderableType]:
    """Yield a line for each run, the worst first; as one table where there is room for it."""
    if not 0 < len(report.runs) <= FEW_RUNS:
        return
    rows = [_run_cells(run) for run in worst_first(report.runs)]
    if width < WIDE:
        yield from (Text(" ").join(row[:3]) for row in rows)
        return
    table = Table.grid(padding=(0, 2), pad_edge=False)
    for heading in ("", "run", "state", "useful", "best"):
        table.add_column(heading, header_style=QUIET, overflow="fold")
    table.show_header = True
    for row in rows:
        table.add_row(*row)
    yield table


def _run_cells(run: RunEntry) -> tuple[Text, ...]:
    mark = Text(_MARKS[run.severity], STYLES[run.severity])
    useful = "" if run.useful is None else percent(run.useful)
    best, objective = run.objective_value, run.understanding.objective
    reached = Text()
    if best is not None and objective:
        reached = Text.assemble(name(objective.series, 30), " ", number(best))
    return mark, name(run.name), sentence(run.state), Text(useful), reached


def lists(report: Report) -> Iterator[tuple[str, list[Text]]]:
    """Yield what could not be judged, what was refused and what broke, each under its heading."""
    unjudged = (*statuses(report, "missing-input"), *statuses(report, "error"))
    lines = _shortened([_status(*item) for item in joined(unjudged)])
    phrase = probe_phrase(report)
    yield "Could not be judged", [*lines, *([sentence(phrase)] if phrase else ())]
    refused = [_line(name(r.path, 120), r.reason, r.cure) for r in report.refused]
    yield "Could not be read", _shortened(refused)
    problems = [_line(sentence(p.where), p.what, p.cure) for p in report.problems]
    yield "Broke inside advisor or a plugin", _shortened(problems)


def _shortened(lines: Sequence[Text]) -> list[Text]:
    more = len(lines) - LINES
    return [*lines[:LINES], *([Text(f"and {more:,} more", QUIET)] if more > 0 else ())]


def _line(subject: Text, what: str, cure: str) -> Text:
    return Text.assemble(subject, ": ", sentence(what), "; ", sentence(cure))


def _status(rules: Sequence[str], status: Status) -> Text:
    runs = f"{len(status.runs):,} run{'' if len(status.runs) == 1 else 's'}"
    reason = Text.assemble(": ", sentence(status.reason)) if status.reason else Text()
    return Text.assemble(", ".join(map(clean, rules)), reason, (f" ({runs})", QUIET))


def summary(report: Report) -> Text:
    """Count what the checks came to."""
    lacking = (*statuses(report, "missing-input"), *statuses(report, "error"))
    counts = (
        (len({s.rule for s in statuses(report, "passed")}), "passed"),
        (len({*(s.rule for s in lacking), *needing_probe(report)}), "could not be judged"),
        (len({s.rule for s in statuses(report, "not-applicable")}), "not applicable"),
    )
    said = ", ".join(f"{count:,} {words}" for count, words in counts if count)
    accepted = f"; {len(report.accepted):,} accepted in the settings" if report.accepted else ""
    return Text(f"Checks: {said or 'none'}{accepted}.", QUIET)
