"""From a finding to the charts that show it: which series, whole or near, and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from advisor.drawing.drawn import Curve
from advisor.finding import Finding
from advisor.language import tell, term, word
from advisor.presentation import and_more, place_on, stretch_on
from advisor.report import Report
from advisor.run import Axis
from advisor.text import clean
from advisor_html.charts import STYLES, Extreme, Line, Picture, chart
from advisor_html.phrases import POWERS
from advisor_html.ranges import Range, gaps, joined
from advisor_html.specs import spec
from advisor_html.store import Store
from advisor_html.svg import style_of
from advisor_html.traces import Trace, from_near, traces, window

CHARTS = 2
"""Charts of a finding: series of unlike quantities do not share a scale."""
NARROW = 0.12
"""Evidence that covers less of the run than this is drawn from near as well."""
NEAR = 0.05
"""The share of the width within which two marks are one to the eye."""
LOW = 84
"""Pixels: the height of a chart that has one from near beside it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart, and what is said beneath it."""

    svg: str
    caption: str
    framed: str = ""
    """What is said of the values that are shown at first; the script may show others."""
    spec: str = ""
    """What the page's script needs to draw the chart anew; empty where it offers no controls."""
    near: bool = False
    log: bool = False
    """Whether the chart shows the evidence from near, and goes by powers of ten."""


def figures(report: Report, finding: Finding, store: Store) -> tuple[Figure, ...]:
    """Draw the evidence of a finding; nothing if the report holds none of its series."""
    groups: dict[tuple[str, ...], list[Trace]] = {}
    for trace in traces(report, finding):
        groups.setdefault(trace.key, []).append(trace)
    drawn = [
        figure
        for group in islice(groups.values(), CHARTS)
        for figure in _views(finding, group, store)
    ]
    return tuple(drawn)


def _views(finding: Finding, group: list[Trace], store: Store) -> Iterator[Figure]:
    near = [found for trace in group if (found := window(finding, trace))]
    whole = _picture(group)
    if not near or not _narrow(whole):
        yield _figure(finding, whole, group, store)
        return
    yield Figure(chart(whole.lower(LOW)), word("The whole run; below, the evidence from near."))
    yield _figure(finding, _picture(near, near=True), near, store)


def _narrow(picture: Picture) -> bool:
    first, last = picture.steps
    start, end = picture.stretch or (first, last)
    return end - start < NARROW * (last - first)


_TITLES = {
    True: term("{names:sentence}, from near"),
    False: term("{names:sentence}, the whole run"),
}


def _marked(axis: Axis, stretch: tuple[int, int]) -> str:
    return tell("The evidence is marked: {where:sentence}.", where=stretch_on(axis, *stretch))


def _picture(group: list[Trace], *, near: bool = False) -> Picture:
    shown = group[:STYLES]
    runs = {trace.run.name for trace in group}
    stretch = (
        min(trace.evidence.first_step for trace in group),
        max(trace.evidence.last_step for trace in group),
    )
    names = ", ".join(dict.fromkeys(clean(trace.curve.series, 40) for trace in shown))
    axis = shown[0].curve.axis
    return Picture(
        lines=tuple(
            Line(_label(trace, runs), trace.curve, style)
            for trace, style in zip(shown, _styles(shown), strict=True)
        ),
        stretch=stretch,
        title=tell(_TITLES[near], names=names),
        description=" ".join((_marked(axis, stretch), *(course(trace.curve) for trace in shown))),
        best=_best(shown, stretch[0]),
    )


def _styles(group: list[Trace]) -> Iterator[int]:
    """Choose a style for each line: the usual one of its series, or else one that is free."""
    free = list(range(STYLES))
    for trace in group:
        usual = style_of(trace.run, trace.curve.series)
        style = usual if usual in free else free[0]
        free.remove(style)
        yield style


def _label(trace: Trace, runs: set[str]) -> str:
    return trace.curve.series if len(runs) == 1 else trace.run.name


def course(curve: Curve, name: str = "") -> str:
    """Say how a curve goes, which has a finite value; ``name`` stands for its series."""
    known = [mean for mean in curve.mean if mean is not None]
    return tell(
        "{series:sentence} starts at {first:number}, lies between {low:number} and "
        "{high:number}, ends at {last:number}.",
        series=name or clean(curve.series, 40),
        first=known[0],
        low=min(known),
        high=max(known),
        last=known[-1],
    )


def _best(group: list[Trace], start: int) -> tuple[int, Extreme] | None:
    """Return where the objective is best; nothing beside the evidence, which often begins there.

    A rule that looks past the noise finds another best step nearby: two marks would contradict.
    """
    for trace in group:
        objective, best = trace.run.understanding.objective, trace.run.objective_step
        if objective and objective.series == trace.curve.series and best is not None:
            near = NEAR * (trace.curve.steps[-1] - trace.curve.steps[0])
            return None if 0 < abs(best - start) < near else (best, objective.direction)
    return None


def _figure(finding: Finding, picture: Picture, group: list[Trace], store: Store) -> Figure:
    return Figure(
        chart(picture),
        " ".join(caption(picture, len(group))),
        framed(picture),
        spec(finding, picture, group, store),
        from_near(group),
        picture.shown.powers,
    )


def caption(picture: Picture, count: int) -> Iterator[str]:
    """Yield what is said beneath a chart of ``count`` curves."""
    axis = picture.curves[0].axis
    if picture.stretch:
        yield tell("Evidence: {where:sentence}.", where=stretch_on(axis, *picture.stretch))
    if any(curve.low is not None for curve in picture.curves):
        yield word("Pale band: lowest to highest value.")
    holes = joined(gap for curve in picture.curves for gap in gaps(curve))
    if holes:
        first, last = holes[0]
        where = and_more(stretch_on(axis, first, last), len(holes) - 1)
        yield tell("Gap: no finite value at {where:sentence}.", where=where)
    if count > STYLES:
        yield tell("{drawn:step} of {n:step} curves are drawn.", drawn=STYLES, n=count)


def framed(picture: Picture) -> str:
    """Say how the frame of a chart was chosen; nothing where all is shown on a straight scale."""
    shown, axis = picture.shown, picture.curves[0].axis
    said = [word(POWERS)] if shown.powers else []
    return " ".join((*said, *_left_out(shown, axis)))


_ABOVE = term("▲ {value:number} at {where:sentence} lies above the frame.")
_BELOW = term("▼ {value:number} at {where:sentence} lies below the frame.")


def _left_out(shown: Range, axis: Axis) -> Iterator[str]:
    for point, text in ((shown.above, _ABOVE), (shown.below, _BELOW)):
        if point:
            yield tell(text, value=point[1], where=place_on(axis, point[0]))
