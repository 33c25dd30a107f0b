"""Whether rows of a loss hold what lasts, or the chance of single batches."""

from __future__ import annotations

import math

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import robust_sd
from advisor.run import Floats

_FEWEST = 4
"""The fewest values of which the order says anything."""
_MANY = 10_000
"""About the most values whose order is looked at, of a longer curve evenly spread ones: sorting a
million takes a quarter of a second, and what lasts for a share of the run shows in these."""
_BY_CHANCE = 1.645
"""Standard deviations that one lot in twenty exceeds by chance: the usual one-sided 5 %."""
_AS_MUCH = 0.5
"""The scatter of validation, in multiples of that of training, from which it is the weights that
scatter. Measured on small trainings of 16 data sets and models, of which only the last batch of
each epoch was logged: of 80 that were taken for thrown up, and were not, 4 are left; of 28 that
were, and logged averages, all."""

STILL = 1.02
"""The least that validation changes in a run whose weights were thrown about: what is visible of a
loss. Measured on small trainings of 81 data sets and models: of 85 that were, one changed by less
than 1.05, by 1.03; of 9 that were not, two by 1.015."""


def scatter_of(curve: Curve) -> float:
    """Return the standard deviation of the logarithms of single values about their course.

    By first or second differences, whichever say less. 0 if it cannot be said.
    """
    if len(curve) < _FEWEST or curve.values.min() <= 0:
        return 0.0
    rows = np.log(curve.values)
    first, second = np.diff(rows), np.diff(rows, 2)
    return min(robust_sd(first) / math.sqrt(2.0), robust_sd(second) / math.sqrt(6.0))


def may_be_batches(loss: Curve, val: Curve | None) -> bool:
    """Tell whether the batches may make a loss scatter: validation does not scatter along."""
    return val is None or scatter_of(val) < _AS_MUCH * scatter_of(loss)


def held_still(val: Curve | None, times: float) -> bool:
    """Tell whether no value of validation was ``times`` another: no weights were thrown about.

    One value alone tells nothing, nor does a loss that may be negative.
    """
    if val is None or len(val) < 2 or val.values.min() <= 0:
        return False
    return bool(val.values.max() < times * val.values.min())


def lasts(loss: Curve, val: Curve | None) -> bool:
    """Tell whether a loss that stood high for rows did so by more than the chance of batches."""
    return alike(loss.values) or not may_be_batches(loss, val)


def alike(values: Floats) -> bool:
    """Tell whether neighbours in ``float64[n]`` are more alike than chance makes them.

    By von Neumann's ratio of their ranks, which no outlier and no unit sways: the mean square of
    the changes from one to the next, in multiples of the variance of all. It is about 2 for values
    in any order, with a variance of 4 (n - 2) / (n^2 - 1) (Bartels 1982). What lasts, or falls,
    over several rows is alike; losses of single batches about one level are not. Equal values share
    a rank, so that rounding makes none alike.
    """
    some = values[:: max(len(values) // _MANY, 1)]
    n = len(some)
    if n < _FEWEST:
        return False
    _, row, equal = np.unique(some, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(equal) - (equal - 1) / 2)[row] - (n + 1) / 2
    least = _BY_CHANCE * 2.0 * math.sqrt((n - 2) / (n**2 - 1))
    return bool(np.sum(np.diff(ranks) ** 2) <= (2.0 - least) * np.sum(ranks**2))
