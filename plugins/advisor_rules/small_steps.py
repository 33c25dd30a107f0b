"""What small steps leave behind where the loss is no line: a smooth fall, or hardly one at all."""

from __future__ import annotations

from advisor.curve import Curve
from advisor.roles import Task
from advisor.view import RunView
from advisor_rules.asking import first_finding
from advisor_rules.chance import ends_of, nearest_guess, share_of
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.learning_time import known_held, over_learning_time
from advisor_rules.measure import relative
from advisor_rules.smooth_fall import roughness
from advisor_rules.straight_fall import largest_climb, late_share
from advisor_rules.usual_rates import above_usual

_CERTAIN = 4.0
"""Standard errors of the slope by which a loss falls for certain (chosen by eye)."""
HARDLY = 0.05
"""The largest fall of a loss that has hardly begun to fall, in units that do not depend on its
scale: measured on 720 healthy and harmless small trainings, of which none fell by less."""
_CLIMB = 0.3
"""The largest rise on the way, as a share of all that validation gained (chosen by eye)."""
_LATE = 0.3
"""The smallest share of the fall in the last third of the rate that was spent: a straight line
makes 0.33, and a loss that came to rest hardly anything."""
_NEAR = 0.02
"""How near to ln(C) the first loss of a model that knows nothing of C classes is, as a share."""
_FEW = 2.35
"""The logarithm of ten classes, and a little: above that every loss is near some ln(C)."""


def smooth_steps(run: RunView, val: Curve, most: float, poor: float) -> bool:
    """Tell whether validation fell smoothly in a run that still improves, or that ended poor.

    ``most`` is a roughness, ``poor`` an accuracy of 1. The rule must declare what still-improving
    does.
    """
    if roughness(run, val) > most or len(run["train/loss"].non_finite):
        return False
    if known_held(run) and first_finding(run, StillImproving) is not None:
        return True
    return _ended_poor(run, poor) is True


def hardly_began(run: RunView, train: Curve, val: Curve, poor: float) -> bool:
    """Tell whether both losses fell for certain, but hardly, and are still falling.

    The model must be poor: by its accuracy, or by a first loss that is that of guessing. At a rate
    above what is usual it is more likely thrown about.
    """
    if len(train.non_finite) or above_usual(run):
        return False
    if not all(_hardly_fell(curve) for curve in (train, val)):
        return False
    if largest_climb(val.trend) > _CLIMB * val.trend.gain:
        return False
    if min(late_share(over_learning_time(run, curve)) for curve in (train, val)) < _LATE:
        return False
    known = _ended_poor(run, poor)
    return _guesses(run, train) if known is None else known


def fell(curve: Curve) -> float:
    """Return by how much a loss fell, in units that do not depend on its scale."""
    end = curve.trend.tail()
    return relative(curve, curve.trend.start - end.value, end)


def _hardly_fell(curve: Curve) -> bool:
    return fell(curve) <= HARDLY and curve.trend.slope(0.0, 1.0).t <= -_CERTAIN


def _ended_poor(run: RunView, poor: float) -> bool | None:
    """Tell whether a classifier ended with a poor accuracy; ``None`` where none is logged."""
    if run.task is Task.LANGUAGE_MODEL:
        return False
    share = share_of(run, 5, "val/metric")
    return None if share is None else ends_of(share)[1] <= poor


def _guesses(run: RunView, train: Curve) -> bool:
    if run.task is not Task.CLASSIFICATION or not 0.0 < train.trend.start <= _FEW:
        return False
    guess = nearest_guess(train.trend.start)
    return guess > 0 and abs(train.trend.start / guess - 1.0) <= _NEAR
