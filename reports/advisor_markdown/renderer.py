"""Puts the comment together: the head and the tail in any case, details as far as they fit."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.language import tell
from advisor.presentation import Entry, entries, pressing
from advisor.report import Report
from advisor_markdown import baseline, details, github, head, mermaid, sweep, tail
from advisor_markdown.budget import filled
from advisor_markdown.dialect import COMMENT, Dialect

_ROOM_FOR_COUNT = 100
"""For the line that says how many entries have their details in the comment."""


class MarkdownRenderer:
    """Writes a comment for a pull request: the most important first, nothing cut in half."""

    def __init__(self, dialect: Dialect = COMMENT, limit: int | None = None) -> None:
        self.dialect = dialect
        self.name = dialect.name
        self.suffix = dialect.suffix
        self.summary = dialect.summary
        self.limit = dialect.limit if limit is None else limit

    def render(self, report: Report) -> str:
        """Write the comment, in at most ``limit`` characters."""
        advice = entries(report)
        drawn = _overlay(report, self.dialect)
        start = list(_head(report, advice, self.dialect, drawn))
        end = list(tail.sections(report, self.dialect))
        room = self.limit - sum(len(part) + 2 for part in (*start, *end)) - _ROOM_FOR_COUNT
        middle = list(_details(report, advice, room, self.dialect, drawn))
        return "\n\n".join((*start, *middle, *end)) + "\n"


def _overlay(report: Report, dialect: Dialect) -> str | None:
    """Draw a run over that of the baseline, where the dialect draws and has room for it."""
    if not report.comparison or not dialect.charts:
        return None
    chart = baseline.overlay(report, report.comparison)
    return chart if chart and len(chart) <= dialect.chart_room else None


def _head(
    report: Report, advice: tuple[Entry, ...], dialect: Dialect, drawn: str | None
) -> Iterator[str]:
    heading, verdict = head.verdict(report, dialect)
    yield f"{github.MARKER}\n{heading}"
    yield verdict
    if first := pressing(advice):
        yield head.first_actions(first)
    if report.experiment:
        yield head.experiment(report.experiment)
    if report.comparison:
        yield baseline.section(report, report.comparison, drawn)
    if report.runs:
        yield head.run_table(report, dialect)
    if report.sweep:
        yield sweep.section(report.sweep, dialect)
    if advice:
        yield head.entry_table(report, advice)


def _details(
    report: Report, advice: tuple[Entry, ...], room: int, dialect: Dialect, overlay: str | None
) -> Iterator[str]:
    drawn = _charts(report, advice, dialect, overlay)
    forms = (details.forms(report, e, dialect, drawn.get(e.number)) for e in advice)
    shown = filled(forms, room)
    yield from shown
    if len(shown) < len(advice):
        text = "Details of {n:step} of {all:step} entries fit here; the full report has them all."
        yield tell(text, n=len(shown), all=len(advice))


def _charts(
    report: Report, advice: tuple[Entry, ...], dialect: Dialect, overlay: str | None
) -> dict[int, str]:
    """Draw the first entries that can be drawn, as many as the dialect shows beside an overlay."""
    drawn: dict[int, str] = {}
    room = dialect.chart_room - len(overlay or "")
    for entry in advice:
        if len(drawn) == dialect.charts - bool(overlay):
            break
        chart = mermaid.chart(report, entry.finding)
        if chart and len(chart) <= room:
            drawn[entry.number] = chart
            room -= len(chart)
    return drawn
