"""From a run to its summary: what a study and a report keep of it."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from advisor.curve import Curve as Prepared
from advisor.drawing.buckets import reduce
from advisor.drawing.drawn import Curve, EvidenceWindow
from advisor.finding import Evidence, Finding
from advisor.roles import Kind
from advisor.summary import Reached, RunSummary, SeriesSummary
from advisor.view import OBJECTIVE, Judged

BUCKETS = 240
"""Buckets of a drawn series."""
WINDOW_BUCKETS = 120
"""Further buckets for a stretch that is evidence."""
NARROW = 0.12
"""Evidence that covers less than this share of a run gets a window of its own."""

_DRAWN = frozenset({Kind.LOSS, Kind.METRIC, Kind.LEARNING_RATE, Kind.GRADIENT_NORM, Kind.RETURN})


def summarize(judged: Judged, findings: tuple[Finding, ...], buckets: int = BUCKETS) -> RunSummary:
    """Summarize a run, with its curves in at most ``buckets`` buckets.

    There is a curve for each role, the objective and what the findings cite: what may be drawn.
    """
    run = judged.run
    first, last = _extent(judged)
    return RunSummary(
        name=run.name,
        source=run.source,
        files=run.files,
        axis=judged.axis,
        first_step=first,
        last_step=last,
        points=run.points,
        config=dict(run.config),
        notes=run.notes,
        understanding=judged.understanding,
        series={tag: _series(judged.curve(tag)) for tag in run.series},
        curves={tag: reduce(run.series[tag], buckets) for tag in _drawn(judged, findings)},
        started=_started(judged),
        reached=_reached(judged),
    )


def _drawn(judged: Judged, findings: tuple[Finding, ...]) -> Iterator[str]:
    cited = {evidence.series for finding in findings for evidence in finding.evidence}
    understanding = judged.understanding
    objective = understanding.objective.series if understanding.objective else None
    for role in understanding.roles:
        stands = role.primary or role.series == objective
        if role.series in cited or (stands and role.kind in _DRAWN and not role.layer):
            yield role.series


def _started(judged: Judged) -> float | None:
    times = [s.wall_times for s in judged.run.series.values() if s.wall_times is not None]
    # The least of each but NaN; NaN itself where it is all there is.
    earliest = (float(np.fmin.reduce(t)) for t in times if len(t))
    return min(filter(math.isfinite, earliest), default=None)


def _reached(judged: Judged) -> Reached | None:
    """Return the best and the last level of the objective."""
    curve = judged.find(OBJECTIVE)
    if curve is None or not len(curve):
        return None
    trend = curve.trend
    best, last = curve.sign * trend.best.value, curve.sign * trend.tail().value
    finite = np.isfinite([best, last, curve.noise]).all()
    return Reached(best=best, last=last, noise=curve.noise) if finite else None


def windows(judged: Judged, findings: tuple[Finding, ...]) -> tuple[EvidenceWindow, ...]:
    """Draw finely what narrow evidence shows, with as much again on either side."""
    first, last = _extent(judged)
    return tuple(
        EvidenceWindow(finding=finding.id, curve=_window(judged, evidence))
        for finding in findings
        for evidence in finding.evidence[:1]
        if evidence.last_step - evidence.first_step < NARROW * (last - first)
        and len(judged.run.series[evidence.series]) > BUCKETS
    )


def _window(judged: Judged, evidence: Evidence) -> Curve:
    margin = max(evidence.last_step - evidence.first_step, 10)
    series = judged.run.series[evidence.series]
    return reduce(
        series.between(evidence.first_step - margin, evidence.last_step + margin), WINDOW_BUCKETS
    )


def _extent(judged: Judged) -> tuple[int, int]:
    """Return the first and last step on the run's own axis."""
    series = [s for s in judged.run.series.values() if len(s) and s.axis is judged.axis]
    if not series:
        return 0, 0
    return min(int(s.steps.min()) for s in series), max(int(s.steps.max()) for s in series)


def _series(curve: Prepared) -> SeriesSummary:
    logged, values, steps = curve.logged, curve.values, curve.steps
    if not len(values):
        return SeriesSummary(points=len(logged), non_finite=len(logged))
    lowest, highest = int(values.argmin()), int(values.argmax())
    return SeriesSummary(
        points=len(logged),
        first=float(values[0]),
        last=float(values[-1]),
        lowest=float(values[lowest]),
        lowest_step=int(steps[lowest]),
        highest=float(values[highest]),
        highest_step=int(steps[highest]),
        non_finite=int(np.count_nonzero(~np.isfinite(logged.values))),
    )
