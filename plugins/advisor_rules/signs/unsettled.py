"""A validation loss that goes up and down to the end of a run, instead of settling.

Validation asks the same samples each time, so that its scatter is the way of the weights: no noise
of batches is in it. Under a rate that is held, it stays what the length of the steps makes it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median, robust_sd
from advisor.view import RunView
from advisor_rules.signs.good_start import STILL
from advisor_rules.signs.measure import ratio, relative, turn, validation_worse
from advisor_rules.signs.rising import gained, training_fall
from advisor_rules.signs.swings import up_and_down

_LATER, _FEWEST, _CALMED = 4, 5, 8
"""The fewest validations that show a scatter; of a whole run, of which the first is left out, as
that of an epoch in which most is learned; and that show whether they calmed down (chosen by eye).
Measured on small trainings of 16 data sets and models of which every second or third validation is
left: under a rate that is known to be held all 23 of which five to seven show so were better with a
decay, and where nothing says how it went three of six."""
_LEARNS = 2.0
"""The fall of a training loss, in standard errors, by which a run overfits: the usual two, as in
``overfitting``."""


class Unsettled(NamedTuple):
    """How far a validation loss goes up and down in its later half."""

    scatter: float
    """Standard deviation of one validation about a smooth course, in the unit of the loss."""
    share: float
    """Of all that was gained."""
    left: float
    """The mean size of its last two changes, in multiples of the median one half way; 0 of a loss
    that learned nothing, and can scatter by all that it gained at any rate, and of a short one."""
    first: int
    last: int
    """Steps between which it was measured."""


def unsettled(run: RunView, val: Curve) -> Unsettled | None:
    """Return how far validation goes up and down in its later half, by second differences.

    In the last four of fewer than eight validations. ``None`` where it only falls, where it is too
    short, or where a value is not finite. The rule must declare ``train/loss`` and ``val/metric``.
    """
    first = min(len(val) // 2, len(val) - _LATER)
    later = val.values[max(first, 0) :]
    if len(val) < _FEWEST or len(val.non_finite) or not up_and_down(np.diff(later)):
        return None
    scatter = robust_sd(np.diff(later, 2)) / 6.0**0.5
    share = ratio(scatter, gained(run, val))
    changes = np.abs(np.diff(val.values))
    half_way = median(changes[len(changes) // 3 : 2 * len(changes) // 3])
    learned = relative(val, val.trend.gain, val.trend.tail()) > STILL
    left = ratio(float(changes[-2:].mean()), half_way) if learned and len(val) >= _CALMED else 0.0
    return Unsettled(scatter, share, left, int(val.steps[first]), int(val.steps[-1]))


def overfits(run: RunView, val: Curve) -> bool:
    """Tell whether validation got worse while training went on to get better.

    Not by a loss that never was a number. The rule must declare what ``judged_validation`` needs,
    and ``train/loss``.
    """
    if not len(val) or not validation_worse(run):
        return False
    return training_fall(run["train/loss"], val, turn(val))[2] >= _LEARNS
