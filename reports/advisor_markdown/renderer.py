"""Puts the comment together: the head and the tail in any case, details as far as they fit."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.presentation import Entry, entries, pressing
from advisor.report import Report
from advisor_markdown import details, github, head, sweep, tail
from advisor_markdown.budget import filled

LIMIT = 30_000
"""Characters. GitHub takes 65,536, but a comment that long is scrolled past."""
_ROOM_FOR_COUNT = 100
"""For the line that says how many entries have their details in the comment."""


class MarkdownRenderer:
    """Writes a comment for a pull request: the most important first, nothing cut in half."""

    name = "markdown"
    suffix = ".md"
    summary = "a comment for a pull request on GitHub"

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit

    def render(self, report: Report) -> str:
        """Write the comment, in at most ``limit`` characters."""
        advice = entries(report)
        start, end = list(_head(report, advice)), list(tail.sections(report))
        room = self.limit - sum(len(part) + 2 for part in (*start, *end)) - _ROOM_FOR_COUNT
        middle = list(_details(report, advice, room))
        return "\n\n".join((*start, *middle, *end)) + "\n"


def _head(report: Report, advice: tuple[Entry, ...]) -> Iterator[str]:
    heading, verdict = head.verdict(report)
    yield f"{github.MARKER}\n{heading}"
    yield verdict
    if first := pressing(advice):
        yield head.first_actions(first)
    if report.experiment:
        yield head.experiment(report.experiment)
    if report.runs:
        yield head.run_table(report)
    if report.sweep:
        yield sweep.section(report.sweep)
    if advice:
        yield head.entry_table(report, advice)


def _details(report: Report, advice: tuple[Entry, ...], room: int) -> Iterator[str]:
    shown = filled((details.forms(report, entry) for entry in advice), room)
    yield from shown
    if len(shown) < len(advice):
        counted = f"{len(shown):,} of {len(advice):,}"
        yield f"Details of {counted} entries fit here; the full report has them all."
