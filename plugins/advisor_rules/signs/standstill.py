"""A loss that fell, and then hardly moved: what a learning rate leaves that nobody logged.

A rate that has vanished still moves the weights a little, by the same little in every step. So
validation drifts down along a line. A loss that levels off by itself slows down more and more, and
at a rate that is still high it goes up and down. (Of a model that has fitted everything and only
gets surer, validation may drift up along a line at any rate.)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor_rules.signs.measure import relative

_FEWEST = 8
"""The fewest validations: five of them are in the last part of the run. Four lie on a line where a
run is cut short in mid-fall as well."""
_STILL = 0.7
"""The last share of the run in which validation stands still."""
_STRAIGHT = 0.97
"""Share of variance that a line explains there. Measured on 890 trainings: 0.99 and more where the
rate had vanished, 0.88 at most where a loss that had fallen as far came to rest otherwise."""
_MOVED = 0.05
"""Largest movement there, in units that do not depend on the scale of the loss (chosen by eye)."""
FELL = 10.0
"""How far the training loss fell before, in multiples of that. Measured on 890 trainings: 17 and
more where the rate had vanished, 3.6 at most on other lines (a rate that was too low all along)."""


class Standstill(NamedTuple):
    """A validation loss that drifts down along a line, and a training loss that fell before."""

    step: int
    """The step from which it drifts."""
    rest: float
    """Share of the run after that."""
    moved: float
    """How far it moved since, and how far the training loss had fallen before, both in units that
    do not depend on the scale of a loss."""
    fell: float

    @property
    def times(self) -> float:
        """The fall in multiples of the drift."""
        return self.fell / self.moved


def standstill(loss: Curve, val: Curve) -> Standstill | None:
    """Return the standstill of a run, if it came to one."""
    if len(val) < _FEWEST:
        return None
    first = int(np.ceil((1.0 - _STILL) * len(val)))
    values = val.values[first:]
    if np.any(np.diff(values) > 0) or values[-1] == values[0]:
        return None
    moved = relative(val, float(values[0] - values[-1]), val.trend.tail())
    line = float(np.corrcoef(val.steps[first:], values)[0, 1]) ** 2
    before = loss.trend.level(1.0 - _STILL, 0.5)
    fell = relative(loss, loss.trend.start - before.value, before)
    if line < _STRAIGHT or moved > _MOVED or fell < FELL * moved:
        return None
    step = int(val.steps[first])
    return Standstill(step, 1.0 - val.fraction(step), moved, fell)
