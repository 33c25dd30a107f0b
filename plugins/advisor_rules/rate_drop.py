"""What a training loss did when the learning rate dropped, and when it should drop."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import robust_sd
from advisor.finding import Change
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules import schedule
from advisor_rules.measure import ratio, relative

_POINTS = 8
"""The fewest points on either side of a drop from which a scatter is measured."""
_SIGNIFICANT, _CALMER = 6.0, 0.8
"""Standard errors of the fall, and the largest scatter after the drop against the one before
(chosen by eye)."""
_SMALLEST = 0.02
"""The smallest fall in units that do not depend on the scale of the loss (chosen by eye)."""
_STILL = 0.15
"""Share of the fall by which a loss that stands still may have fallen before (chosen by eye)."""


class Relief(NamedTuple):
    """A loss that had stood still, and fell in level and scatter when the rate dropped."""

    since: int
    """Step from which the loss stood still."""
    step: int
    """Step at which the rate dropped."""
    waited: float
    """Share of the run between the two."""
    before: float
    after: float
    """Levels on both sides of the drop."""
    t: float
    """Their difference in units of its standard error."""
    calmer: float
    """Share of the scatter from point to point that went away."""


def relief(curve: Curve, rate: Curve) -> Relief | None:
    """Return the drop of the rate before which the loss had stood still longest, if there is one.

    A fall counts if it is significant, visible, and the scatter from point to point fell too.
    """
    found = [one for drop in schedule.drops(rate) if (one := _at(curve, rate, drop)) is not None]
    return max(found, key=lambda one: one.waited, default=None)


def _at(curve: Curve, rate: Curve, drop: schedule.Drop) -> Relief | None:
    since, here, until = (curve.fraction_at(rate, step) for step in drop[:3])
    trend = curve.trend
    high = trend.level(max(since, here - 0.1), here)
    low = trend.level(here, min(until, here + 0.2))
    fall = high.value - low.value
    t = ratio(fall, math.hypot(high.error, low.error))
    if t < _SIGNIFICANT or relative(curve, fall, low) < _SMALLEST:
        return None
    start = _stood_still(curve, since, here, _STILL * fall)
    calmer = _calmer(_between(curve, start, here), _between(curve, here, until))
    if calmer is None:
        return None
    places = np.searchsorted(trend.at, (start, here)).clip(0, len(trend) - 1)
    steps = trend.steps[places]
    return Relief(
        int(steps[0]), int(steps[1]), here - start, high.value, low.value, min(t, 1e6), calmer
    )


def _calmer(before: Floats, after: Floats) -> float | None:
    """Return the share of the scatter that went away; ``None`` if that is not certain."""
    if min(len(before), len(after)) < _POINTS:
        return None
    left = ratio(_jitter(after), _jitter(before))
    # The logarithm of a robust standard deviation has a variance of about 1.35 / n.
    error = math.sqrt(1.35 / len(before) + 1.35 / len(after))
    return 1.0 - left if left <= min(_CALMER, math.exp(-2.0 * error)) else None


def _stood_still(curve: Curve, since: float, here: float, most: float) -> float:
    """Return the earliest fraction from which the loss fell by no more than ``most`` until then."""
    trend = curve.trend
    end = trend.level(max(since, here - 0.1), here).value
    for start in np.linspace(since, here, 30)[:-1].tolist():
        opening = trend.level(start, min(start + 0.05, here)).value
        if abs(opening - end) <= most:
            return float(start)
    return here


def _between(curve: Curve, first: float, last: float) -> Floats:
    span = max(float(curve.steps[-1] - curve.steps[0]), 1.0)
    at = (curve.steps - curve.steps[0]) / span
    inside: Floats = curve.values[(at >= first) & (at < last)]
    return inside


def _jitter(values: Floats) -> float:
    """Return the standard deviation of one point, from the differences of neighbours."""
    return robust_sd(np.diff(values)) / math.sqrt(2.0)


def sooner(run: RunView, curve: Curve, late: Relief) -> Change:
    """Propose the drop of the rate where the loss began to stand still."""
    return scheduled(run, f"the drop near {curve.axis.value} {late.since:,}")


def stretched(run: RunView, curve: Curve, last: int) -> Change:
    """Propose the same schedule with its end at the end of the run."""
    return scheduled(run, f"the same, ending at {curve.axis.value} {last:,}")


def scheduled(run: RunView, to: str) -> Change:
    """Propose another schedule of the rate, in words: a change of the whole training."""
    setting = run.settings.get("lr_schedule")
    return Change.model_validate(
        {
            "parameter": "lr_schedule",
            "path": setting.path if setting else None,
            "from": setting.value if setting else None,
            "to": to,
            "direction": "set",
            "horizon": "full",
        }
    )
