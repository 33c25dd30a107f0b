"""What several rules measure in the same way, so that they cannot contradict each other."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.trend import Level, Place
from advisor.finding import Evidence
from advisor.roles import Kind, Split
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.signs.right_answers import Share

PARTS = 50
"""Parts in which a run is averaged: its first one is what happens at once (chosen by eye)."""
END = 0.15
"""The share of a curve that counts as its end."""
_WHILE = 0.1
"""The share of a run that is a while (chosen by eye)."""
_APART = 3.0
"""Standard errors that two levels must be apart where the slope between them is the evidence."""


class Turn(NamedTuple):
    """A curve that got worse after its best point."""

    best: Place
    rise: float
    """Level at the end minus level around the best point, oriented: positive is worse."""
    t: float
    """``rise`` in units of its standard error."""
    relative: float
    """``rise`` against what the curve means (see ``relative``)."""
    lasting: float
    """Share of the later half of what follows the best point that is above its level and noise."""


def turn(curve: Curve) -> Turn:
    """Measure how far the end of a curve is above its best point, with the error of that.

    A best point within the last 15% of the curve is its end: nothing came after it.
    """
    return curve.once(_turn)


def _turn(curve: Curve) -> Turn:
    trend = curve.trend
    if trend.best.at > 1.0 - END:
        return Turn(trend.best, 0.0, 0.0, 0.0, 0.0)
    best, end = trend.around(trend.best), trend.tail(END)
    rise = end.value - best.value
    error = math.hypot(best.error, end.error)
    above = trend.worse_share(trend.best, best.value + trend.noise)
    return Turn(trend.best, rise, ratio(rise, error), relative(curve, rise, best), above)


def surely_rises(curve: Curve, turned: Turn, t: float) -> bool:
    """Tell whether a curve got worse after its best point, by ``t`` standard errors.

    Of the two levels; or of the slope between them, which rests on all the points there, where
    the levels are three standard errors apart.
    """
    if turned.t >= t or turned.t < _APART:
        return turned.t >= t
    return curve.trend.slope(turned.best.at, 1.0).t >= t


def relative(curve: Curve, change: float, at: Level) -> float:
    """Return a change in units that do not depend on the scale of a curve.

    A loss that stays positive: against its level there. A loss that may be negative: against
    a third of all it gained. A metric: against its distance from 0, or all it gained if less. An
    error rate: against the share of right answers, as the accuracy that it stands for.
    """
    trend, share = curve.trend, Share.of(curve)
    if share is not None and trend.sign > 0:
        return ratio(change / share.whole, share.of_cost(at.value))
    if curve.values.min() <= 0 and trend.sign > 0:
        return ratio(change, trend.gain / 3)
    return ratio(change, abs(at.value))


def fell(curve: Curve) -> float:
    """Return by how much a loss fell over the whole run, in the units of ``relative``."""
    end = curve.trend.tail()
    return relative(curve, curve.trend.start - end.value, end)


def fiftieths(values: Floats) -> Floats:
    """Return the means of at most ``PARTS`` parts, whose lengths differ by one at most."""
    parts = np.arange(min(PARTS, len(values)))
    length, longer = divmod(len(values), len(parts))
    edges = parts * length + np.minimum(parts, longer)
    means: Floats = np.add.reduceat(values, edges) / (length + (parts < longer))
    return means


def ratio(part: float, whole: float) -> float:
    """Return ``part / whole``; a large number, or 0 for nothing, where ``whole`` is 0."""
    if whole > 0:
        return part / whole
    return math.copysign(1e6, part) if part else 0.0


def last_half(curve: Curve) -> tuple[int, int]:
    """Return the first and last step of the last half of a curve."""
    first, last = int(curve.steps[0]), int(curve.steps[-1])
    return first + (last - first) // 2, last


def certainty(strength: float, lowest: float, highest: float) -> float:
    """Turn evidence, in multiples of its threshold, into a confidence.

    ``lowest`` at the threshold, half way to ``highest`` at twice the threshold, and so on.
    """
    return round(highest - (highest - lowest) / max(strength, 1.0), 2)


def stretch(
    curve: Curve, first: float, last: float, measured: str, value: float, threshold: float | None
) -> Evidence:
    """Name a stretch of a curve as evidence."""
    return Evidence(
        series=curve.tag,
        first_step=int(first),
        last_step=int(last),
        measured=measured,
        value=value,
        threshold=threshold,
    )


def judged_validation(run: RunView, least: int) -> Curve | None:
    """Return the validation curve that the run is judged by, else its metric, else its loss.

    A curve with fewer than ``least`` finite points, or whose better direction is unknown,
    cannot be judged. The rule must declare ``objective``, ``val/metric`` and ``val/loss``.
    """
    curves = (run.get("objective"), run.get("val/metric"), run.get("val/loss"))
    long = (curve for curve in curves if curve is not None and len(curve) >= least)
    return next((curve for curve in long if _is_validation(curve)), None)


def validation_worse(run: RunView) -> bool:
    """Tell whether validation got worse. The rule must declare what ``judged_validation`` needs."""
    curve = judged_validation(run, 5)
    if curve is None:
        return False
    turned = turn(curve)
    return turned.t > 3 and turned.relative > 0.005


def worse_before(run: RunView, at: float) -> bool:
    """Tell whether validation had been past its best for a while at a share of the run.

    A best point at the very start is that of a model that never learned. The rule must declare
    what ``judged_validation`` needs.
    """
    curve = judged_validation(run, 5)
    return curve is not None and _WHILE < curve.trend.best.at < at - _WHILE


def _is_validation(curve: Curve) -> bool:
    return curve.role.split == Split.VALIDATION and has_direction(curve)


def has_direction(curve: Curve) -> bool:
    """Tell whether it is known which way a curve gets better; a loss always falls."""
    return curve.role.direction is not None or curve.role.kind is Kind.LOSS
