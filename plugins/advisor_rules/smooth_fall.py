"""A validation loss that falls as smoothly as only small steps leave it.

Steps that are large against the noise of single batches throw the weights about, and validation
goes up and down with them; it settles when the rate falls. So smoothness says something of the
steps only where the rate was high.
"""

from __future__ import annotations

import math

import numpy as np

from advisor.curve import Curve
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.learning_time import known_rate_at, last_high
from advisor_rules.measure import ratio, relative

_FELL = 0.03
"""The smallest fall, in units that do not depend on the scale of a loss: that of a model that has
learned something (``never-learned``)."""
_FEWEST = 10
"""The fewest validations that show that a loss is smooth (chosen by eye)."""


def roughness(run: RunView, val: Curve) -> float:
    """Return how much validation goes up and down, against how far it goes, while the rate is high.

    The median second difference over the median first one: about 0.7 for scatter about a line,
    and the less the smoother. Infinite where one point in ten or more is no better than the one
    before (rounding makes many equal), where there are too few, where validation hardly fell, and
    where nothing says how the rate went: a low one settles any validation. The rule must declare
    ``lr``.
    """
    values = _at_high_rate(run, val)
    if len(values) < _FEWEST or len(val.non_finite):
        return math.inf
    fell = relative(val, float(values[0] - values[-1]), val.trend.tail())
    steps = np.diff(values)
    if fell < _FELL or float(np.mean(steps >= 0)) >= 0.1:
        return math.inf
    return ratio(float(np.median(np.abs(np.diff(steps)))) / 6.0**0.5, float(np.median(-steps)))


def _at_high_rate(run: RunView, val: Curve) -> Floats:
    """Return the values, lower is better, until the rate was last high."""
    values: Floats = val.sign * val.values
    last = last_high(known_rate_at(run, val))
    return values[:0] if last is None else values[: last + 1]
