"""How high the learning rate was when a run ended, and so what the end of a curve can say.

At a high rate a curve that still falls has not reached its floor. Where the rate comes down a loss
falls faster for a while, and then flattens, whether it is done or not.
"""

from __future__ import annotations

from enum import Enum

from advisor.curve import Curve
from advisor.view import RunView
from advisor_rules.signs import schedule
from advisor_rules.signs.learning_time import HIGH, known_held, schedule_ended
from advisor_rules.signs.measure import judged_validation

NEAR_PEAK = 0.8
"""Share of its peak above which a rate has hardly begun to come down: a cosine is there for the
first 0.3 of its way (chosen by eye)."""
_PART = 1 / 3
"""Validations for each of the recorded epochs up to which nobody knows that all of them were
trained (chosen by eye)."""


class EndRate(Enum):
    """The last learning rate, against its peak."""

    HIGH = "high"
    FALLING = "falling"
    """On its way down, where every step of it makes a loss fall for a while."""
    LOW = "low"
    GONE = "gone"
    UNKNOWN = "unknown"


def end_rate(run: RunView, curve: Curve) -> EndRate:
    """Return how high the rate was in the end, as logged or else as recorded.

    A recorded schedule need not have ended where few validations, or else points of the curve, are
    logged for all the epochs. The rule must declare ``lr`` and what ``judged_validation`` needs.
    """
    rate = run.get("lr")
    if rate is None:
        if known_held(run):
            return EndRate.HIGH
        return EndRate.GONE if schedule_ended(run) and _all(run, curve) else EndRate.UNKNOWN
    if not schedule.readable(rate, 2):
        return EndRate.UNKNOWN
    level = float(rate.values[-1]) / schedule.peak(rate)
    if level >= HIGH:
        return EndRate.HIGH if level >= NEAR_PEAK else EndRate.FALLING
    return EndRate.GONE if schedule_ended(run) else EndRate.LOW


def _all(run: RunView, curve: Curve) -> bool:
    """Tell whether enough validations are logged for all of the recorded epochs."""
    epochs, counted = run.settings.number("epochs"), judged_validation(run, 1) or curve
    return epochs is None or len(counted) > _PART * epochs
