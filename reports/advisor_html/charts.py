"""The chart of a finding: its series, with the stretch that is the evidence marked.

Drawn once, in Python, and readable without script. The frame stretches with the page while
text keeps its size: places along the width are shares, heights are pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Literal

from advisor.drawing.drawn import Curve
from advisor.language import tell, term, word
from advisor.presentation import place_on, shown_name
from advisor_html.ranges import Range, gaps, value_range
from advisor_html.scales import Scale, power_labels, power_ticks, tick_labels, ticks, whole_ticks
from advisor_html.svg import FINE, WIDE, curve_path, drawing, opening, percent

BELOW = 36
"""Pixels beneath the frame, for the steps; the style sheet leaves room at both sides."""
STYLES = 3
"""Lines that can be told apart by dash and colour."""
LINE_HEIGHT = 14
MARGINAL = 0.03
"""The share of the width at either end where nothing is written inside the frame."""
LABEL = 22
"""Characters of a line's label."""

Extreme = Literal["min", "max"]


@dataclass(frozen=True, slots=True)
class Line:
    """One curve of a chart."""

    label: str
    curve: Curve
    style: int
    """Below ``STYLES``."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a chart shows. Names are as logged: drawing makes them safe."""

    lines: tuple[Line, ...]
    """At least one, at most ``STYLES``; each holds a finite value."""
    stretch: tuple[int, int] | None
    """The first and last step of the evidence; ``None`` where there is none to mark."""
    title: str
    description: str
    best: tuple[int, Extreme] | None = None
    """Where the objective, if it is among the lines, has its best value, and which that is."""
    height: int = 180
    """Of the frame, in pixels; of one that the script draws anew, as it is here."""

    def lower(self, height: int) -> Picture:
        """Return the picture in a height that has room for little but the curves."""
        return replace(self, height=height, best=None)

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The curves of the lines."""
        return tuple(line.curve for line in self.lines)

    @property
    def steps(self) -> tuple[int, int]:
        """The first and last step that are drawn."""
        return min(c.steps[0] for c in self.curves), max(c.steps[-1] for c in self.curves)

    @property
    def shown(self) -> Range:
        """The values that are shown."""
        found = value_range(self.curves, self.stretch)
        if found is None:
            raise ValueError(f"{self.title}: nothing finite to draw")
        return found


def chart(picture: Picture) -> str:
    """Draw a chart as an SVG element."""
    shown = picture.shown.padded()
    across = Scale(*picture.steps, 0, WIDE)
    up = Scale(shown.low, shown.high, picture.height * FINE, 0, shown.powers)
    kind = f"ch m{_margin(picture)}"
    height = picture.height + BELOW
    return "".join(
        (
            opening(kind, height, picture.title, picture.description),
            _grid(shown, up),
            _steps(picture, across),
            _region(picture, across),
            drawing(picture.height, _curves(picture, across, up)),
            *_outside(picture.height, shown, across),
            *_gaps(picture, across),
            *_marks(picture, across),
            _labels(picture, up),
            "</svg>",
        )
    )


def _margin(picture: Picture) -> int:
    """Return the room to the right of the frame, in steps of 20 pixels."""
    longest = max(len(shown_name(line.label, LABEL)) for line in picture.lines)
    return min(max(-(-longest * 7 // 20), 2), 8)


def _grid(shown: Range, up: Scale) -> str:
    choose, write = (power_ticks, power_labels) if shown.powers else (ticks, tick_labels)
    values = choose(shown.low, shown.high, 4)
    lines = []
    for value, label in zip(values, write(values), strict=True):
        y = up(value) / FINE
        lines.append(
            f'<line x2="100%" y1="{y:g}" y2="{y:g}"/><text x="-8" y="{y + 4:g}">{label}</text>'
        )
    return f'<g class="gr" text-anchor="end">{"".join(lines)}</g>'


def _steps(picture: Picture, across: Scale) -> str:
    first, last = picture.steps
    values = whole_ticks(first, last)
    base = picture.height
    written = "".join(
        f'<text x="{percent(across.share(value))}" y="{base + 17}">{label}</text>'
        for value, label in zip(values, tick_labels(values), strict=True)
    )
    axis = escape(word(picture.curves[0].axis.value))
    named = f'<text class="ax" x="100%" y="{base + 32}">{axis}</text>'
    return f'<g class="gx" text-anchor="middle">{written}{named}</g>'


def _region(picture: Picture, across: Scale) -> str:
    if picture.stretch is None:
        return ""
    left, right = (min(max(across.share(step), 0), 1) for step in picture.stretch)
    right = max(right, left + 0.006)
    left = min(left, 1 - 0.006)
    place = f'x="{percent(left)}" width="{percent(right - left)}" height="{picture.height}"'
    edges = "".join(
        f'<line x1="{percent(share)}" x2="{percent(share)}" y2="{picture.height}"/>'
        for share in (left, right)
    )
    whole = " all" if right - left > 0.96 else ""
    return (
        f'<g class="ev{whole}"><rect class="evf" {place} fill="#ddd"/>'
        f'<rect class="evh" {place} fill="none"/>{edges}</g>'
    )


def _curves(picture: Picture, across: Scale, up: Scale) -> str:
    # The first line is the evidence itself: it is drawn last, above the others.
    drawn = [curve_path(line.curve, across, up, line.style) for line in picture.lines]
    return "".join(reversed(drawn))


def _outside(height: int, shown: Range, across: Scale) -> Iterator[str]:
    for point, y, sign in ((shown.above, 10, "▲"), (shown.below, height - 3, "▼")):
        if point:
            yield f'<text class="off" x="{percent(across.share(point[0]))}" y="{y}">{sign}</text>'


def _gaps(picture: Picture, across: Scale) -> Iterator[str]:
    for curve in picture.curves:
        for first, last in gaps(curve):
            left, right = across.share(first), max(across.share(last), across.share(first) + 0.004)
            yield (
                f'<rect class="gap" x="{percent(left)}" width="{percent(right - left)}" '
                f'y="{picture.height - 4}" height="4"/>'
            )


_EXTREMES: dict[Extreme, str] = {
    "min": term("lowest value: {at:sentence}"),
    "max": term("highest value: {at:sentence}"),
}
"""Not "best": rules look past the noise, and may call another step that."""


def _marks(picture: Picture, across: Scale) -> Iterator[str]:
    axis = picture.curves[0].axis
    start, best = picture.stretch[0] if picture.stretch else None, picture.best
    # A best value at either end of the run is no news, and would cover the edge.
    if best is not None and MARGINAL < (share := across.share(best[0])) < 1 - MARGINAL:
        x = percent(share)
        yield f'<line class="mk" x1="{x}" x2="{x}" y2="{picture.height}"/>'
        yield _written(share, 2, tell(_EXTREMES[best[1]], at=place_on(axis, best[0])))
    if (
        start is not None
        and (best is None or best[0] != start)
        and MARGINAL < (share := across.share(start)) < 1
    ):
        yield _written(share, 1, place_on(axis, start))


def _written(share: float, row: int, text: str) -> str:
    side = " e" if share > 0.5 else ""
    place = f'x="{percent(share)}" y="{LINE_HEIGHT * row - 1}"'
    return f'<text class="mk{side}" {place}>{escape(text)}</text>'


def _labels(picture: Picture, up: Scale) -> str:
    ends = sorted(_ends(picture, up))
    written, before = [], -LINE_HEIGHT
    lowest = picture.height - LINE_HEIGHT * (len(ends) - 1)
    for index, (y, style, label) in enumerate(ends):
        before = min(max(y, before + LINE_HEIGHT), lowest + LINE_HEIGHT * index)
        written.append(f'<text class="c{style}" x="100%" y="{before}">{label}</text>')
    return f'<g class="lb" text-anchor="end">{"".join(written)}</g>'


def _label(line: Line) -> str:
    return escape(shown_name(line.label, LABEL))


def _ends(picture: Picture, up: Scale) -> Iterator[tuple[int, int, str]]:
    for line in picture.lines:
        last = next((mean for mean in reversed(line.curve.mean) if mean is not None), None)
        if last is not None:
            y = min(max(up(last) // FINE, 0), picture.height)
            yield y, line.style, _label(line)
