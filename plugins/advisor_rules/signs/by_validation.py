"""What training did between one validation and the next."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median
from advisor.run import Floats

_FEWEST = 6
"""The fewest validations of which thirds are compared with training (chosen by eye)."""


def averaged(train: Curve, val: Curve) -> Floats:
    """Return the mean of a training curve in the epoch that each validation ended: ``float64[n]``.

    Where no row lies between two validations, the last one before counts (or the first).
    """
    ends = np.maximum(np.searchsorted(train.steps, val.steps, side="right"), 1)
    starts = np.minimum(np.concatenate(([0], ends[:-1])), ends - 1)
    # Divided first: a sum of the largest numbers would be infinite.
    sums = np.concatenate(([0.0], np.cumsum(train.values / len(train))))
    return np.asarray((sums[ends] - sums[starts]) / (ends - starts) * len(train))


class Height(NamedTuple):
    """Validation losses in multiples of the training loss before and after each, by the median."""

    early: float
    """Of the first third of the validations."""
    late: float
    """Of the last third."""


def against_training(train: Curve, val: Curve) -> Height | None:
    """Hold validation against training, early and late; ``None`` where it cannot be said."""
    if train.axis is not val.axis or len(val) < _FEWEST or not len(train):
        return None
    trained = averaged(train, val)
    around = (trained[:-1] + trained[1:]) / 2
    if around.min() <= 0:
        return None
    with np.errstate(over="ignore"):  # infinite beside a training loss of next to nothing
        heights = val.values[:-1] / around
    third = len(val) // 3
    return Height(median(heights[:third]), median(heights[-third:]))
