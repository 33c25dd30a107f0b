"""The evidence as a Mermaid chart, in the part of its language that every version draws.

``xychart-beta`` knows no shading, no gap, no logarithmic axis, no legend and no exponents: the
evidence is a row of bars behind the lines, a gap is bridged, and small values are scaled.
Names from logs reach a chart only as letters, digits and a few harmless marks.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from advisor.drawing.drawn import Curve
from advisor.finding import Finding
from advisor.language import shown, tell, term, word
from advisor.presentation import curve_of, run_entry, shown_name, stretch_on
from advisor.presentation.comparison import Overlay
from advisor.report import Report
from advisor.run import Axis
from advisor.text import number
from advisor_markdown import github as gh

POINTS = 36
"""Values along a chart: GitLab draws few characters, and a comment is narrow."""
LINES = 3
"""Lines that a reader can tell apart."""
AIR = 0.06
"""The share of the range that stays free at either end."""
SHADE, COLOURS = "#d99aaa", ("#2f81f7", "#d2691e", "#8957e5")
"""Readable on light and on dark: a theme of its own would fix the background."""
NAMES = (term("blue"), term("orange"), term("purple"))
_HARMLESS = re.compile(r"[^A-Za-z0-9_ .,/()+\u4e00-\u9fff-]+")
"""The ideographs are what other languages of advisor are written in."""
LARGEST = 1e300
"""Beyond, sums of values are no numbers any more: nothing is drawn."""
TINY, HUGE = 1e-2, 1e6
"""Values outside are scaled by a power of ten: the language has no exponents."""


@dataclass(frozen=True, slots=True)
class _Plot:
    """What is drawn: lines of ``POINTS`` values over the same steps."""

    names: tuple[str, ...]
    lines: tuple[tuple[float, ...], ...]
    shaded: tuple[bool, ...]
    """Where the evidence lies; empty if there is none."""
    first: int
    last: int
    axis: Axis


def chart(report: Report, finding: Finding) -> str | None:
    """Draw the evidence of a finding; ``None`` if the report holds too little of it."""
    curves = list(islice(_curves(report, finding), LINES))
    curves = [curve for curve in curves if curve.axis == curves[0].axis]
    names = tuple(curve.series for curve in curves)
    plot = _plot(curves, names, (finding.first_step, finding.last_step)) if curves else None
    if plot is None:
        return None
    advice = finding.advice
    drawn = _block(plot, shown(advice.observed), shown(advice.evidence))
    return f"{_legend(plot, finding)}\n\n{drawn}"


def overlay(drawn: Overlay) -> str | None:
    """Draw a series of a run over that of the baseline's; ``None`` if they share too little."""
    series = drawn.now.series
    plot = _plot((drawn.now, drawn.before), (series, series), None)
    if plot is None:
        return None
    text = "Chart of {series:sentence}: blue: {run:sentence} now, orange: the baseline."
    said = tell(text, series=gh.name(series, 40), run=gh.name(drawn.run, 40))
    return f"{said}\n\n{_block(plot, series, said)}"


def _plot(
    curves: Sequence[Curve], names: tuple[str, ...], stretch: tuple[int, int] | None
) -> _Plot | None:
    """Return what is drawn; ``stretch`` is the evidence, from its first to its last step."""
    # A shorter run cannot end early in this language: the chart ends where it does.
    first, last = max(c.steps[0] for c in curves), min(c.steps[-1] for c in curves)
    if last <= first or not all(_moderate(curve) for curve in curves):
        return None
    lines = tuple(_resampled(curve, first, last) for curve in curves)
    shaded = tuple(_shaded(stretch, first, last)) if stretch else ()
    return _Plot(names, lines, shaded, first, last, curves[0].axis)


def _shaded(stretch: tuple[int, int], first: int, last: int) -> Iterator[bool]:
    half = (last - first) / POINTS / 2
    for place in range(POINTS):
        step = first + (place + 0.5) / POINTS * (last - first)
        yield stretch[0] - half <= step <= stretch[1] + half


def _curves(report: Report, finding: Finding) -> Iterator[Curve]:
    run = run_entry(report, finding.runs[0]) if finding.runs else None
    for series in dict.fromkeys(evidence.series for evidence in finding.evidence):
        curve = curve_of(run, series) if run else None
        if curve and sum(mean is not None for mean in curve.mean) > 1:
            yield curve


def _moderate(curve: Curve) -> bool:
    return all(abs(mean) < LARGEST for mean in curve.mean if mean is not None)


def _resampled(curve: Curve, first: int, last: int) -> tuple[float, ...]:
    """Return the means of ``POINTS`` stretches; an empty one repeats what was before it."""
    bins: list[list[float]] = [[] for _ in range(POINTS)]
    for step, mean in zip(curve.steps, curve.mean, strict=True):
        if mean is not None and first <= step <= last:
            place = int((step - first) / (last - first) * POINTS)
            bins[min(place, POINTS - 1)].append(mean)
    known = next((sum(found) / len(found) for found in bins if found), 0.0)
    values = []
    for found in bins:
        known = math.fsum(found) / len(found) if found else known
        values.append(known)
    return tuple(values)


def _legend(plot: _Plot, finding: Finding) -> str:
    said = [
        tell("{colour:text}: {name:sentence}", colour=colour, name=gh.name(name, 40))
        for colour, name in zip(NAMES, plot.names, strict=False)
    ]
    text = "Chart: {lines:sentence}; shaded: the evidence, {where:sentence}."
    where = stretch_on(plot.axis, finding.first_step, finding.last_step)
    return tell(text, lines=word(", ").join(said), where=where)


def _block(plot: _Plot, title: str, description: str) -> str:
    low, high = _range(plot.lines)
    factor = _factor(low, high)
    floor = low - (high - low) * AIR / 2
    bars = [high if shaded else floor for shaded in plot.shaded]
    unit = _harmless(plot.names[0]) + ("" if factor == 1 else f" (x {number(1 / factor)})")
    palette = ",".join((*((SHADE,) if bars else ()), *COLOURS[: len(plot.lines)]))
    theme = f'{{"xyChart":{{"plotColorPalette":"{palette}"}}}}'
    return "\n".join(
        (
            "```mermaid",
            f'%%{{init:{{"xyChart":{{"width":760,"height":260}},"themeVariables":{theme}}}}}%%',
            "xychart-beta",
            f"  accTitle: {_harmless(title)}",
            f"  accDescr: {_harmless(description, 300)}",
            f'  x-axis "{word(plot.axis.value)}" {plot.first} --> {plot.last}',
            f'  y-axis "{unit}" {_written(low, factor)} --> {_written(high, factor)}',
            *((f"  bar [{_list(bars, factor)}]",) if bars else ()),
            *(f"  line [{_list(line, factor)}]" for line in plot.lines),
            "```",
        )
    )


def _range(lines: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Return the values at the bottom and the top; a tall start is let out of the frame."""
    everything = [value for line in lines for value in line]
    settled = [value for line in lines for value in line[POINTS // 8 :]]
    low, high = min(everything), max(everything)
    if max(settled) - low < (high - low) / 3:
        high = max(settled)
    air = (high - low) * AIR or abs(high) * AIR or 1.0
    return (low - air if low - air > 0 or low < 0 else 0.0), high + air


def _factor(low: float, high: float) -> float:
    """Return what values are multiplied by to be written with a few digits: at most 1e308."""
    size = max(abs(low), abs(high))
    if TINY <= size < HUGE or size == 0:
        return 1.0
    return 10.0 ** min(-math.floor(math.log10(size)), sys.float_info.max_10_exp)


def _list(values: Sequence[float], factor: float) -> str:
    return ", ".join(_written(value, factor) for value in values)


def _written(value: float, factor: float) -> str:
    """Write a number of three digits without an exponent."""
    text = f"{float(f'{value * factor:.3g}'):.6f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def _harmless(text: str, longest: int = 80) -> str:
    return " ".join(_HARMLESS.sub(" ", shown_name(text, longest)).split()) or "no name"
