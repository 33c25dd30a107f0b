"""A validation loss that goes up and down by much of all that it gained, while the rate is high."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.learning_time import known_rate_at, last_high
from advisor_rules.measure import ratio
from advisor_rules.rising import gained

_BEGINNING = 1 / 6
"""The share of the validations in which a loss may fall by large steps (chosen by eye)."""
_LOW = 0.1
"""Share of its peak below which a rate is low (chosen by eye)."""
_FEWEST = 6
"""The fewest changes of which the median is a size (chosen by eye)."""
_UPWARDS = 1 / 3
"""The smallest share of changes for the worse in what goes up and down, and does not just fall."""
_CALM = 1 / 3
"""The largest changes at a low rate against those at a high one: what does not calm down is the
scatter of a validation that was measured on other data each time (chosen by eye)."""
_VISIBLE = 0.05
"""The smallest median change as a share of the level: a model that began well gains little, and is
not shaken by little (chosen by eye)."""


class Shaken(NamedTuple):
    """How far a validation loss was thrown from one validation to the next."""

    jump: float
    """The median change, in the unit of the loss."""
    share: float
    """Of all that was gained."""
    first: int
    last: int
    """Steps between which the rate was high."""


def shaken(run: RunView, val: Curve) -> Shaken | None:
    """Return by how much validation went up and down while the rate was high, if it did.

    ``None`` where it did not, where nothing says how the rate went, and where validation went on
    so at a low rate, or is rounded to steps of that size. The rule must declare ``lr``,
    ``train/loss`` and ``val/metric``.
    """
    rate = known_rate_at(run, val)
    first, last = round(_BEGINNING * len(val)), last_high(rate)
    if rate is None or last is None or len(val.non_finite):
        return None
    changes = np.diff(val.values[first : last + 1])
    if len(changes) < _FEWEST or float(np.mean(changes > 0)) < _UPWARDS:
        return None
    jump = median(np.abs(changes))
    if jump < _VISIBLE * abs(median(val.values[first : last + 1])):
        return None
    if _restless(val.values[rate < _LOW], _CALM * jump) or _coarse(val.values, _CALM * jump):
        return None
    share = ratio(jump, gained(run, val))
    return Shaken(jump, share, int(val.steps[first]), int(val.steps[last]))


def _restless(values: Floats, most: float) -> bool:
    return len(values) >= _FEWEST // 2 and median(np.abs(np.diff(values))) > most


def _coarse(values: Floats, most: float) -> bool:
    """Tell whether the smallest difference of two values that are not equal is larger than that."""
    gaps = np.diff(np.unique(values))
    return len(gaps) == 0 or float(gaps.min()) > most
