"""Training and validation loss that stand above their best at the same time.

The noise of batches lifts the one alone, and what a model learns by heart the other alone; both
are lifted by steps that throw the weights off.
"""

from __future__ import annotations

import numpy as np

from advisor.curve import Curve
from advisor.run import Floats

_RISE = 0.1
"""How far both must stand above their best, as a share of all that was gained by then. Chosen by
eye; simulated: where an epoch has a few rows of single batches that scatter by a fifth of the loss,
a training loss that never rose seems to by a third of this in half of all runs."""
_FEWEST = 8
"""The fewest rows and validations in which a rise is told from the start (chosen by eye)."""


def rose_together(train: Curve, val: Curve) -> bool:
    """Tell whether both losses stood above their best so far at the same validation.

    The training loss is taken as its mean since the validation before.
    """
    if min(len(train), len(val)) < _FEWEST or len(train.non_finite) or len(val.non_finite):
        return False
    rows, places = train.fractions_at(train, train.steps), train.fractions_at(val, val.steps)
    ends = np.searchsorted(rows, places, side="right")
    lengths = np.diff(ends, prepend=0)
    new = lengths > 0
    means = np.add.reduceat(train.values, (ends - lengths)[new])
    last = len(train) - int((ends - lengths)[new][-1])
    means = means / np.append(lengths[new][:-1], last)
    first = float(train.values[0])
    return bool(
        np.any(
            (_above_best(means, first) >= _RISE) & (_above_best(val.values[new], first) >= _RISE)
        )
    )


def _above_best(values: Floats, first: float) -> Floats:
    """Return how far each value is above the lowest so far, as a share of what was gained by then.

    Since the first value, or since ``first`` where that is higher: ``float64[n]``.
    """
    best = np.minimum.accumulate(values)
    gained = np.maximum(max(first, float(values[0])) - best, 1e-12)
    return np.asarray((values - best) / gained)
