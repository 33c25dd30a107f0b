"""What a baseline shows, in a few lines: new, fixed, better or worse."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from advisor.language import tell, word
from advisor.presentation import runs_phrase
from advisor.presentation.comparison import (
    Item,
    items,
    outcome_word,
    overlays,
    score_phrase,
    settings_phrases,
    sparklines,
)
from advisor.report import Report
from advisor.report.comparison import Comparison, ScoreChange
from advisor_terminal.words import NAME, QUIET, STYLES, name, sentence

MOST = 8
"""Findings, and scores, with a line each; the rest is counted."""
DRAWN = 2
"""Scores whose curves are drawn."""


def lines(report: Report, comparison: Comparison) -> Iterator[Text]:
    """Yield what is new and what is gone, the scores, and how runs were matched."""
    yield sentence(comparison.message)
    found = items(report)
    yield from map(_item, found[:MOST])
    yield from _rest(len(found) - MOST)
    for place, change in enumerate(comparison.scores[:MOST]):
        yield from _score(report, change, drawn=place < DRAWN)
    yield from _rest(len(comparison.scores) - MOST)
    yield from (sentence(said, QUIET) for said in comparison.matching)


def _item(item: Item) -> Text:
    severity = (word(item.severity.value), STYLES[item.severity])
    line = Text.assemble(item.label, " ", severity, "  ", sentence(item.observed))
    line.append_text(Text.assemble(" · ", (runs_phrase(item.runs), NAME)))
    return Text.assemble(line, "  ", sentence(item.remark, QUIET)) if item.remark else line


def _score(report: Report, change: ScoreChange, *, drawn: bool) -> Iterator[Text]:
    of = (name(change.objective, 30), " ") if change.objective else ()
    runs = (runs_phrase(change.runs), NAME)
    values = score_phrase(change)
    scored = tell("{values:sentence}, smoothed  ", values=values) if values else ""
    yield Text.assemble(runs, "  ", *of, scored, outcome_word(change))
    yield sentence(change.message, QUIET)
    if settings := word(", ").join(settings_phrases(change)):
        yield Text(tell("settings: {settings:sentence}", settings=settings), QUIET)
    for overlay in list(overlays(report, change))[:1] if drawn else ():
        for drawing, label in zip(sparklines(overlay), (word("now"), word("then")), strict=True):
            yield Text.assemble(drawing, " ", (label, QUIET))


def _rest(count: int) -> Iterator[Text]:
    if count > 0:
        yield Text(tell("and {more:step} more", more=count), QUIET)
