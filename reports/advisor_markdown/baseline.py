"""What a baseline shows: what is new and gone, what became of the scores, and one chart of both."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.language import tell, term, word
from advisor.presentation import and_more
from advisor.presentation.comparison import (
    HEADING,
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
from advisor_markdown import github as gh
from advisor_markdown import mermaid
from advisor_markdown.budget import fitting
from advisor_markdown.head import MARKS

ROWS, ROOM = 12, 2_500
"""Rows and characters of each of the two tables: the page has the rest."""
BLOCKS = 12
"""Of a sparkline in a table."""

_ITEM_COLUMNS = (term("Since the baseline"), term("Severity"), term("Observed"), term("Runs"))
_SCORE_COLUMNS = (
    term("Runs"),
    term("Objective"),
    term("Smoothed, then → now"),
    term("Change"),
    term("Curve now / then"),
)


def section(report: Report, comparison: Comparison, chart: str | None) -> str:
    """Write the comparison; ``chart`` is what ``overlay`` drew, where that is shown."""
    text = "**{heading:sentence}**, {baseline:sentence}: {said:sentence}"
    name = gh.name(comparison.baseline)
    parts = [
        tell(text, heading=word(HEADING), baseline=name, said=gh.sentence(comparison.message)),
        *_table(_ITEM_COLUMNS, [_item(item) for item in items(report)]),
        *_table(_SCORE_COLUMNS, [_score(report, change) for change in comparison.scores]),
    ]
    if chart:
        parts.append(chart)
    matching = " ".join(map(gh.sentence, comparison.matching))
    return "\n\n".join((*parts, *((matching,) if matching else ())))


def overlay(report: Report, comparison: Comparison) -> str | None:
    """Draw the first score that can be drawn over that of the baseline."""
    found = (o for change in comparison.scores for o in overlays(report, change))
    return next((chart for chart in map(mermaid.overlay, found) if chart), None)


def _table(columns: tuple[str, ...], rows: list[str]) -> Iterator[str]:
    if rows:
        shown = fitting(rows, ROOM, ROWS)
        yield "\n".join((gh.table_head(tuple(map(word, columns))), *shown))
        if more := len(rows) - len(shown):
            yield tell("{n:count more row is|more rows are} in the full report.", n=more)


def _item(item: Item) -> str:
    severity = f"{MARKS[item.severity]}&nbsp;{word(item.severity.value)}"
    said = gh.sentence(item.observed)
    if item.remark:
        text = "{said:sentence}. {remark:sentence}"
        said = tell(text, said=said, remark=gh.sentence(item.remark))
    return gh.row((item.label, severity, said, _runs(item.runs)))


def _score(report: Report, change: ScoreChange) -> str:
    objective = gh.name(change.objective) if change.objective else ""
    text = "{outcome:sentence}: {said:sentence}"
    said = tell(text, outcome=outcome_word(change), said=gh.sentence(change.message))
    if settings := ", ".join(map(gh.code, settings_phrases(change))):
        text = "{said:sentence} Settings: {settings:sentence}"
        said = tell(text, said=said, settings=settings)
    drawn = next(overlays(report, change), None)
    curves = " / ".join(gh.code(line) for line in sparklines(drawn, BLOCKS)) if drawn else ""
    return gh.row((_runs(change.runs), objective, score_phrase(change), said, curves))


def _runs(runs: tuple[str, ...], shown: int = 3) -> str:
    return and_more(", ".join(gh.name(run) for run in runs[:shown]), len(runs) - shown)
