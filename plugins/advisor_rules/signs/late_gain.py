"""How much of all that a run learned its last third brought."""

from __future__ import annotations

import math

import numpy as np

from advisor.curve import Curve
from advisor.roles import Kind
from advisor.rule import NotApplicable
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.signs.chance import refuse_other_losses
from advisor_rules.signs.learning_time import over_learning_time
from advisor_rules.signs.measure import ratio, relative
from advisor_rules.signs.right_answers import Share

_FEW = 10
"""Fewer points than this have no slope over a third of them (chosen by eye)."""
_FAR = 0.015
"""The smallest improvement, in units that do not depend on the scale of a curve, of a few points in
the last third: they have no error to compare it with (chosen by eye)."""


def learned(run: RunView, curve: Curve) -> float:
    """Return all that a curve gained, in its own unit, 0 or more.

    Most of what a model learns it often learns before it is validated for the first time. A
    validation loss is in the unit of the training loss, so that the first training losses show
    where it began. The rule must declare ``train/loss``.
    """
    train = run.get("train/loss")
    known = train is not None and train.role.quantity == curve.role.quantity
    if train is None or not len(train) or not known or curve.role.kind is not Kind.LOSS:
        return curve.trend.gain
    return max(curve.trend.gain, train.trend.start - curve.trend.best.value)


def late_gain(run: RunView, curve: Curve) -> float:
    """Return the share of all that was learned that the last third of the run brought."""
    return min(ratio(_fell(curve), learned(run, curve)), 1.0)


def late_since_guessing(run: RunView, curve: Curve) -> float:
    """Return the share of all that was learned in the last third, of an accuracy since guessing.

    Most right answers are learned before the first validation, so that what came after it says
    little of how much is left. The first cross-entropy shows where an accuracy began: with a loss
    of L, right answers have a probability of e**-L in the geometric mean. The rule must declare
    ``train/loss`` and ``val/loss``.
    """
    share = Share.of(curve)
    began = 0.0 if share is None else _dearest(run)
    if share is None or began <= 0:
        return late_gain(run, curve)
    since_guessing = (share.best - math.exp(-began)) * share.whole
    return min(ratio(_fell(curve), max(learned(run, curve), since_guessing)), 1.0)


def _dearest(run: RunView) -> float:
    """Return the highest cross-entropy that a loss began at; 0 where none is known to be one."""
    began = 0.0
    for key in ("train/loss", "val/loss"):
        loss = run.get(key)
        if loss is None or not len(loss):
            continue
        try:
            refuse_other_losses(run, loss)
        except NotApplicable:
            continue
        began = max(began, loss.trend.start)
    return began


def spent_gain(run: RunView, curve: Curve) -> float:
    """Return the share that the last third of the learning rate that was spent brought.

    The rule must declare ``lr``.
    """
    fell = -over_learning_time(run, curve).slope(0.67).change
    return min(ratio(fell, learned(run, curve)), 1.0)


def each_better(curve: Curve) -> bool:
    """Tell whether each of two points and more was better than the one before, and the last by far.

    For so few points that they have no slope with an error; a single one was better than none.
    """
    gains = -np.diff(_oriented(curve))
    if not len(gains) or gains.min() <= 0:
        return False
    return relative(curve, _fell(curve), curve.trend.tail()) >= _FAR


def since_best(curve: Curve) -> float:
    """Return the share of the values that came after the best single one."""
    return curve.after_best / len(curve)


def _fell(curve: Curve) -> float:
    """Return by how much a curve got better in the last third of the run, in its own unit.

    Of a few values, each of which scatters, to the better one of the last two there.
    """
    if len(curve) >= _FEW:
        return -curve.trend.slope(0.67).change
    if len(curve) < 2:
        return 0.0
    first, last = float(curve.steps[0]), float(curve.steps[-1])
    # Each value ends a stretch of the run: the first one too.
    span = (last - first) * len(curve) / (len(curve) - 1)
    values, third = _oriented(curve), last - span / 3
    end = values[curve.steps >= third][-2:].min()
    return float(np.interp(third, curve.steps, values) - end)


def _oriented(curve: Curve) -> Floats:
    values: Floats = curve.sign * curve.values
    return values
