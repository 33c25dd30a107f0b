"""A validation loss that goes up and down while the rate is high, and gets nowhere as it falls.

Validation asks the same samples each time, so that what it goes up and down by is the way of the
weights: steps that are too long throw them about. One that ended better than it had been was only
unsettled by a high rate, as in every good schedule: of small trainings of 32 data sets and models
that went so, 13 were of steps that were too long, and 8 of nothing of the kind.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.signs.learning_time import known_held, known_rate_at, last_high
from advisor_rules.signs.measure import ratio
from advisor_rules.signs.swings import up_and_down

_BEGINNING = 1 / 6
"""The share of the validations in which a loss may fall by large steps (chosen by eye)."""
_LOW = 0.1
"""Share of its peak below which a rate is low (chosen by eye)."""
_FEWEST = 6
"""The fewest changes of which the median is a size (chosen by eye)."""
_CALM = 1 / 3
"""The largest changes at a low rate against those at a high one: what does not calm down is the
scatter of a validation that was measured on other data each time (chosen by eye)."""
VISIBLE = 0.006
"""The smallest median change as a share of the level (chosen by eye)."""
_GAP = 0.3
"""The largest difference of training and validation loss at the end, as a share of the latter, of
what learned as little of the one as of the other; and how far training may end above validation.
Where it ends higher still, its own data are noisy, and that is what shakes it: measured on 13
trainings with noisy labels or much dropout, and on none whose steps were too long."""
_LEARNED = 2.0
"""The first training loss in multiples of the end that shows that something was learned, however
soon: of 22 logs of a noisy floor that was reached in the first epoch 16 are so (measured on small
trainings of 33 data sets and models)."""


class Shaken(NamedTuple):
    """How far a validation loss was thrown from one validation to the next."""

    jump: float
    """The median change while the rate was high, in the unit of the loss."""
    share: float
    """That as a share of the level."""
    first: int
    last: int
    """Steps between which the rate was high."""


def shaken(run: RunView, val: Curve) -> Shaken | None:
    """Return by how much validation went up and down while the rate was high, and got nowhere.

    ``None`` where it did not calm down as the rate fell, or is rounded to steps of that size.
    Where nothing says how the rate went, it is taken to have fallen along a cosine, if validation
    was seen to come to rest. The rule must declare ``lr``, ``train/loss`` and ``val/metric``.
    """
    if known_held(run) or len(val.non_finite):
        return None
    known = known_rate_at(run, val)
    rate = _cosine(len(val)) if known is None else known
    first, last = round(_BEGINNING * len(val)), last_high(rate)
    if last is None:
        return None
    high, low = val.values[first : last + 1], val.values[last + 1 :][rate[last + 1 :] < _LOW]
    changes = np.diff(high)
    if len(changes) < _FEWEST or len(low) < _FEWEST // 2 or not up_and_down(changes):
        return None
    jump = median(np.abs(changes))
    if not _got_nowhere(run, val, high, jump):
        return None
    share = ratio(jump, abs(median(high)))
    if share < VISIBLE or _restless(low, _CALM * jump) or _coarse(val.values, _CALM * jump):
        return None
    return Shaken(jump, share, int(val.steps[first]), int(val.steps[last]))


def _cosine(points: int) -> Floats:
    return (1.0 + np.cos(np.linspace(0.0, np.pi, points))) / 2.0


def _got_nowhere(run: RunView, val: Curve, high: Floats, jump: float) -> bool:
    """Tell whether validation neither began worse than it was at a high rate, nor ended better.

    A training loss that ends far from it was fitted to the training data: something was learned.
    """
    end, train = median(val.values[-3:]), run["train/loss"]
    began = float(val.values[0]) <= float(high.max())
    ended = end >= float(np.quantile(high, 0.1)) - jump / 2
    alike = abs(train.trend.tail().value - end) < _GAP * abs(end)
    return began and ended and alike and float(train.values[0]) < _LEARNED * abs(end)


def _restless(values: Floats, most: float) -> bool:
    return median(np.abs(np.diff(values))) > most


def _coarse(values: Floats, most: float) -> bool:
    """Tell whether the smallest difference of two values that are not equal is larger than that."""
    gaps = np.diff(np.unique(values))
    return len(gaps) == 0 or float(gaps.min()) > most
