"""A run that passed most of its time at no learning rate, and what it lost by that."""

from __future__ import annotations

import numpy as np

from advisor.curve import Curve
from advisor.view import RunView
from advisor_rules.signs import schedule
from advisor_rules.signs.chance import accuracy_at_end
from advisor_rules.signs.learning_time import fell_last, over_learning_time

VANISHED = 0.03
"""Share of its peak below which a rate has vanished: the option of ``lr-decayed-too-early``."""
_MOST = 0.5
"""Share of all progress that is not made at no rate (chosen by eye)."""
_GOOD = 0.8
"""Accuracy (of 1) at the end from which little was lost. Measured on small trainings of 33 data
sets and models whose rate had vanished by a quarter of the run: of 24 logs above it 13 lost
nothing and none lost a tenth, of 22 below it two lost nothing."""
_VALIDATED, _WORSE, _LEFT = 5, 0.2, 0.05
"""The fewest validations, the share of them that were worse than the one before, and the largest
share of all that was learned that came after them, of a plateau. Measured on 161 logs of small
trainings of 25 data sets and models whose rate vanished: it is there in eight of 15 that lost
nothing by it, and in seven of 146 others, which lost little."""


def idled(run: RunView, curve: Curve, most: float = 0.5) -> bool:
    """Tell whether the rate is logged and had vanished for more than a share of the run of a curve.

    What the curve did when the rate went is then long ago. The rule must declare ``lr``.
    """
    rate = run.get("lr")
    if rate is None or not schedule.readable(rate):
        return False
    return curve.fraction_at(rate, schedule.last_above(rate, VANISHED)) < 1.0 - most


def rounded_away(loss: Curve, rate: Curve) -> bool:
    """Tell whether a rate is logged as 0 from its second value on, and the loss fell all the same.

    That is what a log leaves of a small rate that it rounds.
    """
    trend = loss.trend
    if schedule.last_above(rate, VANISHED) > rate.steps[0]:
        return False
    at = loss.fraction_at(rate, int(rate.steps[0]))
    after = float(np.interp(at, trend.at, trend.smooth)) - trend.tail().value
    return after > _MOST * trend.gain


def lost_little(run: RunView, loss: Curve, rate: Curve, step: int, share: float) -> bool:
    """Tell whether a loss had levelled off by a step of the rate, or the model is good anyway.

    It had levelled off where its last third by then brought less than ``share`` of all progress,
    or where validation had won nearly all and went up and down. The rule must declare ``lr``,
    ``val/loss`` and ``val/metric``.
    """
    at, first = loss.fraction_at(rate, step), float(loss.steps[0])
    gone = round(first + at * (float(loss.steps[-1]) - first))
    if fell_last(over_learning_time(run, loss), gone, share) is False:
        return True
    accuracy = accuracy_at_end(run)
    good = accuracy is not None and accuracy >= _GOOD
    return good or _on_plateau(loss, run.get("val/loss"), rate, step)


def _on_plateau(loss: Curve, val: Curve | None, rate: Curve, step: int) -> bool:
    """Tell whether validation had won nearly all, and went up and down, by a step of the rate.

    The training loss shows where it began.
    """
    if val is None or len(val) < _VALIDATED:
        return False
    values = val.values[val.fractions_at(val, val.steps) <= val.fraction_at(rate, step)]
    if len(values) < _VALIDATED or float(np.mean(np.diff(values) >= 0)) < _WORSE:
        return False
    best = float(val.values.min())
    learned = max(loss.trend.start, float(values[0])) - best
    return float(values.min()) - best <= _LEFT * learned
