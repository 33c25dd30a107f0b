"""What follows the entries: the runs, if they are few, and what could not be judged or read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from advisor.finding import Severity
from advisor.language import tell, term, word
from advisor.presentation import (
    joined,
    judged,
    objective_best,
    probe_phrase,
    statuses,
    worst_first,
)
from advisor.presentation.lacks import Lack, lack_phrase, lacks, waiting, way_phrases
from advisor.report import Report, RunEntry, Status
from advisor.text import clean, percent
from advisor_terminal.words import QUIET, STYLES, name, sentence

FEW_RUNS = 12
"""More runs than this have no line each: the entries name the ones that matter."""
LINES = 3
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
    for heading in ("", word("run"), word("state"), word("useful"), word("best")):
        table.add_column(heading, header_style=QUIET, overflow="fold")
    table.show_header = True
    for row in rows:
        table.add_row(*row)
    yield table


def _run_cells(run: RunEntry) -> tuple[Text, ...]:
    mark = Text(_MARKS[run.severity], STYLES[run.severity])
    if run.severity is None and not judged(run):
        mark = Text("?")
    useful = "" if run.useful is None else percent(run.useful)
    best, objective = objective_best(run), run.understanding.objective
    reached = Text()
    if best and objective:
        reached = Text.assemble(name(objective.series, 30), " ", best)
    return mark, name(run.name), sentence(run.state), Text(useful), reached


def lists(report: Report) -> Iterator[tuple[str, list[Text]]]:
    """Yield what could not be judged, what was refused and what broke, each under its heading."""
    broken = (_status(*item) for item in joined(statuses(report, "error")))
    lines = _shortened([*map(_lack, lacks(report)), *broken])
    phrase = probe_phrase(report)
    yield word("Could not be judged"), [*lines, *([sentence(phrase)] if phrase else ())]
    refused = [_line(name(r.path, 120), r.reason, r.cure) for r in report.refused]
    yield word("Could not be read"), _shortened(refused)
    problems = [_line(sentence(p.where), p.what, p.cure) for p in report.problems]
    yield word("Broke inside advisor or a plugin"), _shortened(problems)


def _shortened(lines: Sequence[Text]) -> list[Text]:
    more = len(lines) - LINES
    if more <= 0:
        return list(lines)
    return [*lines[:LINES], Text(tell("and {more:step} more", more=more), QUIET)]


def _line(subject: Text, what: str, cure: str) -> Text:
    return Text.assemble(subject, word(": "), sentence(what), word("; "), sentence(cure))


def _status(rules: Sequence[str], status: Status) -> Text:
    runs = tell(" ({n:count run|runs})", n=len(status.runs))
    reason = Text.assemble(word(": "), sentence(status.reason)) if status.reason else Text()
    return Text.assemble(", ".join(map(clean, rules)), reason, (runs, QUIET))


def _lack(lack: Lack) -> Text:
    said = Text(word("; ")).join(map(sentence, way_phrases(lack)))
    head = sentence(lack_phrase(lack))
    return Text.assemble(head, word(": "), said) if lack.ways else head


def summary(report: Report) -> Text:
    """Count what the checks came to."""
    counts = (
        (len({s.rule for s in statuses(report, "passed")}), term("{n:step} passed")),
        (
            len({*waiting(report), *(s.rule for s in statuses(report, "error"))}),
            term("{n:step} could not be judged"),
        ),
        (
            len({s.rule for s in statuses(report, "not-applicable")}),
            term("{n:step} not applicable"),
        ),
    )
    counted = [tell(text, n=count) for count, text in counts if count]
    said = word(", ").join(counted) or word("none")
    if not report.accepted:
        return Text(tell("Checks: {said:sentence}.", said=said), QUIET)
    text = "Checks: {said:sentence}; {accepted:step} accepted in the settings."
    return Text(tell(text, said=said, accepted=len(report.accepted)), QUIET)
