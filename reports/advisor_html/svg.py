"""The few pieces that every chart is made of."""

from __future__ import annotations

from html import escape

from advisor.drawing.drawn import Curve
from advisor.language import tell
from advisor.report import RunEntry
from advisor.roles import Split
from advisor_html import paths
from advisor_html.scales import Scale

WIDE = 1_000
"""A chart is this wide in its own units, whatever its width on the page."""
FINE = 10
"""A chart's own units in a pixel of its height."""


def style_of(run: RunEntry, series: str) -> int:
    """Return how a series is drawn everywhere: 1, a dashed line, on unseen data; else 0."""
    role = next((role for role in run.understanding.roles if role.series == series), None)
    return int(role is not None and role.split in (Split.VALIDATION, Split.TEST))


def percent(share: float) -> str:
    """Write a place along the width, kept inside the frame."""
    return f"{100 * min(max(share, 0.0), 1.0):.4g}%"


def opening(kind: str, height: int, title: str, description: str) -> str:
    """Open a chart that says in words what it shows."""
    said = tell("{title:sentence}. {said:sentence}", title=title, said=description)
    return (
        f'<svg class="{kind}" width="100%" height="{height}" overflow="visible" role="img" '
        f'aria-label="{escape(said)}">'
    )


def drawing(height: int, content: str) -> str:
    """Put lines into a frame that stretches with the page; they keep their width."""
    return (
        f'<svg width="100%" height="{height}" viewBox="0 0 {WIDE} {height * FINE}" '
        f'preserveAspectRatio="none">{content}</svg>'
    )


def curve_path(
    curve: Curve, across: Scale, up: Scale, style: int, *, stretched: bool = True
) -> str:
    """Draw a curve: its range as a pale band, and its means as a line.

    ``stretched`` tells that the frame is wider than high in its own units: lines keep their width.
    """
    band = ""
    if curve.low is not None and curve.high is not None:
        drawn = paths.band(
            _points(curve, curve.low, across, up), _points(curve, curve.high, across, up)
        )
        band = f'<path class="bd c{style}" fill-opacity=".17" d="{drawn}"/>'
    means = _points(curve, curve.mean, across, up)
    pieces = (("ln", paths.line(means)), ("ln dot", paths.dots(means)))
    kept = ' vector-effect="non-scaling-stroke"' if stretched else ""
    return band + "".join(
        f'<path class="{kind} c{style}" fill="none" stroke="currentColor"{kept} d="{path}"/>'
        for kind, path in pieces
        if path
    )


def _points(
    curve: Curve, values: tuple[float | None, ...], across: Scale, up: Scale
) -> list[paths.Point | None]:
    # A mean and a range have their gaps in common: a bucket without a mean holds nothing.
    return [
        None if value is None or mean is None else (across(step), up(value))
        for step, value, mean in zip(curve.steps, values, curve.mean, strict=True)
    ]
