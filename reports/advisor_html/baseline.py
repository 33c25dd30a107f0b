"""What the page shows of a baseline: what is new and gone, the scores, and curves of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from advisor.language import tell, word
from advisor.presentation import shown_name
from advisor.presentation.comparison import Item, Overlay, items, overlays
from advisor.report import Report
from advisor.report.comparison import Comparison, ScoreChange
from advisor_html.charts import Line, Picture, chart
from advisor_html.figures import Figure, caption, course, framed
from advisor_html.specs import whole_spec
from advisor_html.store import Store, before, whole

CHARTS = 6
"""Charts of a run over that of the baseline: those of what changed most come first."""
ROWS = 12
"""Rows of a table that are open; the rest is folded."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, with all that is drawn of it."""

    comparison: Comparison
    items: tuple[Item, ...]
    more_items: tuple[Item, ...]
    scores: tuple[ScoreChange, ...]
    more_scores: tuple[ScoreChange, ...]
    figures: tuple[Figure, ...]


def compared(report: Report, store: Store) -> Compared | None:
    """Look up what the page shows of a baseline; ``None`` where there is none."""
    comparison = report.comparison
    if comparison is None:
        return None
    found, scores = items(report), comparison.scores
    return Compared(
        comparison,
        found[:ROWS],
        found[ROWS:],
        scores[:ROWS],
        scores[ROWS:],
        tuple(islice(_figures(report, comparison, store), CHARTS)),
    )


def _figures(report: Report, comparison: Comparison, store: Store) -> Iterator[Figure]:
    drawn = ((change, o) for change in comparison.scores for o in overlays(report, change))
    for change, overlay in drawn:
        picture, series = _picture(overlay), overlay.now.series
        said = " ".join((f"{picture.title}.", *caption(picture, len(picture.lines))))
        keys = whole(overlay.run, series), before(change, series)
        spec = whole_spec(picture, keys, store)
        yield Figure(chart(picture), said, framed(picture), spec, log=picture.shown.powers)


def _picture(overlay: Overlay) -> Picture:
    labels = word("now"), word("baseline")
    curves = overlay.now, overlay.before
    text = "{series:sentence} of {run:sentence}, now and in the baseline"
    series, run = shown_name(overlay.now.series, 40), shown_name(overlay.run, 40)
    return Picture(
        lines=tuple(
            Line(label, curve, style)
            for style, (label, curve) in enumerate(zip(labels, curves, strict=True))
        ),
        stretch=None,
        title=tell(text, series=series, run=run),
        description=" ".join(map(course, curves, labels)),
    )
