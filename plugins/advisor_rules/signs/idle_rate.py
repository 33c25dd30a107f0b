"""A run that passed most of its time at no learning rate, and what it lost by that."""

from __future__ import annotations

import numpy as np

from advisor.curve import Curve
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.signs import schedule
from advisor_rules.signs.late_gain import learned
from advisor_rules.signs.learning_time import fell_last, over_learning_time
from advisor_rules.signs.measure import PARTS, ratio
from advisor_rules.signs.right_answers import right_at_end

VANISHED = 0.03
"""Share of its peak below which a rate has vanished: the option of ``lr-decayed-too-early``."""
_MOST = 0.5
"""Share of all progress that is not made at no rate (chosen by eye)."""
_GOOD = 0.8
"""Accuracy (of 1) at the end from which little was lost. Measured on small trainings of 33 data
sets and models whose rate had vanished by a quarter of the run: of 24 logs above it 13 lost
nothing and none lost a tenth, of 22 below it two lost nothing."""
_SETTLED, _FEWEST = 0.2, 4
"""The first share of the time at no rate in which a loss settles, as steps no longer shake it, and
the fewest validations after that which show how it went on (chosen by eye)."""
_HALF = 0.5
"""Share of its peak that a usual schedule has on average: a cosine and a line have that."""
_PROMISED = 0.25
"""Share of all that was learned which the rest of the run would have brought at such a rate, at the
pace at which validation gained for each unit of the rate that was left, from which it lost much."""
_STEADY = 0.85
"""The least share of those validations that are better than the one before."""
_UNFINISHED = 0.9
"""The largest accuracy (of 1) at the end of such a run: the loss of right answers falls on while
they get surer. These three were measured on 107 logs of small trainings of 27 data sets and models
whose rate vanished at a quarter of the run: of the 56 that they show 46 lost something by it, of
the 51 others 22, and none of those a tenth."""


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

    That is what a log leaves of a small rate that it rounds. One that is small and not 0 is not.
    """
    trend = loss.trend
    if schedule.last_above(rate, VANISHED) > rate.steps[0] or rate.values[1:].any():
        return False
    at = loss.fraction_at(rate, int(rate.steps[0]))
    after = float(np.interp(at, trend.at, trend.smooth)) - trend.tail().value
    return after > _MOST * trend.gain


def lost_little(run: RunView, loss: Curve, rate: Curve, step: int, share: float) -> bool:
    """Tell whether a run lost little after a step at which its rate had vanished.

    That is where validation did not gain steadily at what was left of the rate, or so slowly for
    it that a usual rate would have brought little. Where that is not known: where the last third
    of the training loss by then brought less than ``share`` of all progress, or the model is good.
    The rule must declare ``lr``, ``train/loss``, ``val/loss`` and ``val/metric``.
    """
    accuracy, val = right_at_end(run), run.get("val/loss")
    promised = None if val is None or not len(val) else _promised(run, val, rate, step)
    if promised is not None:
        return promised < _PROMISED or (accuracy is not None and accuracy > _UNFINISHED)
    at, first = loss.fraction_at(rate, step), float(loss.steps[0])
    gone = round(first + at * (float(loss.steps[-1]) - first))
    if fell_last(over_learning_time(run, loss), gone, share) is False:
        return True
    return accuracy is not None and accuracy >= _GOOD


def _promised(run: RunView, val: Curve, rate: Curve, step: int) -> float | None:
    """Return what a usual rate would have brought after a step, as a share of all that was learned.

    At the pace at which validation gained for each unit of the rate that was left, but no faster
    than it did at a usual one just before; 0 where it did not gain steadily. ``None`` for too few
    validations, or no rate at all.
    """
    at, gone = val.fractions_at(val, val.steps), val.fraction_at(rate, step)
    begun = gone + _SETTLED * (1.0 - gone)
    late = at >= begun
    if np.count_nonzero(late) < _FEWEST:
        return None
    places = np.linspace(begun, 1.0, PARTS)
    rates = np.interp(places, val.fractions_at(rate, rate.steps), rate.values)
    left = float(rates.mean()) / schedule.peak(rate)
    if left <= 0:
        return None
    values = val.values[late]
    if float(np.mean(np.diff(values) <= 0)) < _STEADY:
        return 0.0
    pace = _pace(at[late], values) / left
    before = (at >= gone / 2) & (at <= gone)
    if np.count_nonzero(before) >= _FEWEST:
        pace = min(pace, _pace(at[before], val.values[before]) / _HALF)
    return ratio(_HALF * (1.0 - gone) * pace, learned(run, val))


def _pace(at: Floats, values: Floats) -> float:
    """Return how far values fell along a line for each unit of ``at``."""
    return -float(np.polyfit(at, values, 1)[0])
