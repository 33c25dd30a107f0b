"""The small charts: a run at a glance with a lane for each finding, and one curve in a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import islice

from advisor.drawing.drawn import Curve
from advisor.finding import Finding
from advisor.language import shown, tell, term, word
from advisor.presentation import Entry, curve_of, stretch_on
from advisor.report import Report, RunEntry
from advisor.text import clean
from advisor_html.ranges import gaps, value_range
from advisor_html.scales import Scale
from advisor_html.store import Store
from advisor_html.svg import FINE, WIDE, curve_path, drawing, opening, percent, style_of

HEIGHT = 58
LANE = 13
LANES = 8
"""Lanes under a run; further findings are counted."""
BAR = 8
TINY = 18
"""Heights in pixels."""
NARROW = 84
"""The width of a curve in a row, in pixels."""
THIN = 5
"""Its own units in a pixel."""
GLANCE, SMALL = 48, 40
"""Buckets of a run's strip, and of a curve in a row: as many as can be told apart there."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Where the evidence of an entry lies in one run."""

    number: int
    severity: str
    first_step: int
    last_step: int


def glance(report: Report, run: RunEntry, lanes: tuple[Lane, ...], store: Store) -> str:
    """Draw the run's main curves, its lanes, and what of its compute was lost."""
    curves = tuple(store.sketch(run, curve, GLANCE) for curve in main_curves(run))
    shown = value_range(curves, None)
    if shown is None:
        return ""
    across = Scale(curves[0].steps[0], max(run.last_step, curves[0].steps[-1]), 0, WIDE)
    shown = shown.padded()
    up = Scale(shown.low, shown.high, HEIGHT * FINE, 0, shown.powers)
    lines = "".join(curve_path(c, across, up, style_of(run, c.series)) for c in curves)
    visible = lanes[:LANES]
    bar = _bar(report, run, across, HEIGHT + 10 + LANE * len(visible))
    height = HEIGHT + 10 + LANE * len(visible) + (BAR + 2 if bar else 0)
    return "".join(
        (
            opening(
                "sp in" if visible else "sp",
                height,
                _title(curves),
                _description(run, curves, visible),
            ),
            drawing(HEIGHT, lines),
            *_holes(curves, across),
            *(_lane(lane, across, HEIGHT + 10 + LANE * i) for i, lane in enumerate(visible)),
            bar,
            "</svg>",
        )
    )


_DRAWN = (term("{series:sentence} solid"), term("{series:sentence} dashed"))


def legend(run: RunEntry) -> str:
    """Say which line is which, where a run's strip has more than one."""
    curves = main_curves(run)
    said = (tell(_DRAWN[style_of(run, c.series)], series=clean(c.series, 40)) for c in curves)
    return word(", ").join(said) if len(curves) > 1 else ""


def tiny(run: RunEntry, curve: Curve | None, store: Store) -> str:
    """Draw one curve small enough for a row of a table."""
    shown = value_range((curve,), None) if curve else None
    if curve is None or shown is None:
        return ""
    shown = shown.padded()
    up = Scale(shown.low, shown.high, TINY * THIN, 0, shown.powers)
    across = Scale(curve.steps[0], curve.steps[-1], 0, NARROW * THIN)
    thin = store.sketch(run, curve, SMALL, band=False)
    drawn = curve_path(thin, across, up, style_of(run, curve.series), stretched=False)
    label = tell("{series:sentence}, the whole run", series=clean(curve.series, 40))
    return (
        f'<svg class="ty" width="{NARROW}" height="{TINY}" role="img" '
        f'viewBox="0 0 {NARROW * THIN} {TINY * THIN}" aria-label="{escape(label)}">{drawn}</svg>'
    )


def main_curves(run: RunEntry) -> tuple[Curve, ...]:
    """Return the losses that a run is known by; else its objective; else its first curve."""
    losses = [
        curve
        for key in ("train/loss", "val/loss")
        if (role := run.understanding.primary(key)) and (curve := _known(run, role.series))
    ]
    if losses:
        return tuple(curve for curve in losses if curve.axis == losses[0].axis)
    objective = run.understanding.objective
    names = [objective.series] if objective else []
    names += [curve.series for curve in run.curves]
    return tuple(islice((curve for name in names if (curve := _known(run, name))), 1))


def _known(run: RunEntry, series: str) -> Curve | None:
    curve = curve_of(run, series)
    return curve if curve and any(mean is not None for mean in curve.mean) else None


def lanes(entries: tuple[Entry, ...], report: Report, run: RunEntry) -> tuple[Lane, ...]:
    """Return the lanes of a run: one for each entry with evidence on the axis that is drawn."""
    drawn = main_curves(run)
    return tuple(
        Lane(entry.number, entry.diagnosis.severity.value, finding.first_step, finding.last_step)
        for entry in entries
        for diagnosis in entry.diagnoses
        # What was found across runs lies at no place in one of them.
        if run.name in diagnosis.runs
        and not entry.rule.across
        and (finding := report.finding(diagnosis.leading)).evidence
        and _on_axis(run, finding, drawn)
    )


def _on_axis(run: RunEntry, finding: Finding, drawn: tuple[Curve, ...]) -> bool:
    curve = curve_of(run, finding.evidence[0].series)
    return not drawn or curve is None or curve.axis == drawn[0].axis


def _title(curves: tuple[Curve, ...]) -> str:
    return ", ".join(clean(curve.series, 40) for curve in curves)


def _description(run: RunEntry, curves: tuple[Curve, ...], visible: tuple[Lane, ...]) -> str:
    said = [tell("{state:sentence}.", state=clean(shown(run.state)))]
    said += [
        tell(
            "Finding {n:step}: {where:sentence}.",
            n=lane.number,
            where=stretch_on(curves[0].axis, lane.first_step, lane.last_step),
        )
        for lane in visible
    ]
    return " ".join(said)


def _holes(curves: tuple[Curve, ...], across: Scale) -> Iterator[str]:
    for curve in curves:
        for first, last in gaps(curve):
            yield _piece("gap", across, (first, last), HEIGHT - 3, 3)


def _lane(lane: Lane, across: Scale, y: int) -> str:
    return (
        f'<text x="-6" y="{y + 4}">{lane.number}</text>'
        f'<line class="lane" x2="100%" y1="{y}" y2="{y}"/>'
        + _piece(f"s-{lane.severity}", across, (lane.first_step, lane.last_step), y - 3, 6)
    )


def _bar(report: Report, run: RunEntry, across: Scale, y: int) -> str:
    if run.useful is None:
        return ""
    spans = (
        _piece("us no", across, (span.first_step, span.last_step), y, BAR)
        + _piece(
            f"s-{report.finding(span.finding).severity.value}",
            across,
            (span.first_step, span.last_step),
            y + BAR // 2 - 1,
            3,
        )
        for span in run.lost
    )
    return f'<rect class="us" fill="#bbb" width="100%" y="{y}" height="{BAR}" rx="2"/>' + "".join(
        spans
    )


def _piece(kind: str, across: Scale, stretch: tuple[int, int], y: int, height: int) -> str:
    left, right = (min(max(across.share(step), 0.0), 1.0) for step in stretch)
    left = min(left, 0.985)
    width = max(right - left, 0.015)
    return (
        f'<rect class="{escape(kind)}" x="{percent(left)}" width="{percent(width)}" '
        f'y="{y}" height="{height}" rx="2"/>'
    )
