"""Telling a doubled softmax by how its loss moves: by as much as the accuracy, the other way.

Once a model is certain of its answers, right or wrong, its softmaxed outputs are 1 for one class
and 0 for the others. Taken for logits, they cost ln(e + C - 1) - 1 where they are right and 1 more
where they are wrong. So the sum of mean loss and accuracy is ln(e + C - 1), whatever the accuracy
is, on every batch. A cross-entropy of logits has no such bond with the accuracy.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.smoothing import median
from advisor.view import RunView
from advisor_rules.chance import share_of, whole_of

_LEAST = 8
"""The fewest rows in the later half, and the fewest losses that differ (chosen by eye)."""
_MOST = 20.0
"""More than any number of classes costs twice through a softmax; far from what overflows."""
_FEWEST_CLASSES = 2.5
"""With two classes, one answer to everything moves so too, if 73% are of its class."""
_SAME = 0.2
"""Of C classes, one answer moves so if the share of its class is near e/(e + C - 1) (by eye)."""


class Bond(NamedTuple):
    """A loss and an accuracy on the same data, and how they move together."""

    loss: Curve
    accuracy: Curve
    total: float
    """The median of their sum in the later half."""
    scatter: float
    """Standard deviation of the sum, as a share of that of the accuracy: 0 for a perfect bond."""

    @property
    def classes(self) -> float:
        """The number of classes that the sum would follow from."""
        return math.exp(min(self.total, 100.0)) - math.e + 1.0


def bond(run: RunView) -> Bond | None:
    """Return the closest bond of a loss with an accuracy, of training or of validation data.

    ``None`` where no sum of theirs is one that a doubled softmax of three or more classes has.
    The rule must declare ``train/metric``, ``val/metric`` and both losses.
    """
    found = (_of(run, split) for split in ("train", "val"))
    return min((b for b in found if b is not None), key=lambda b: b.scatter, default=None)


def _of(run: RunView, split: str) -> Bond | None:
    loss, accuracy = run.get(f"{split}/loss"), share_of(run, 2 * _LEAST, f"{split}/metric")
    if loss is None or accuracy is None or loss.axis is not accuracy.axis:
        return None
    _, rows, others = np.intersect1d(loss.steps, accuracy.steps, return_indices=True)
    later = slice(len(rows) // 2, None)
    costs = loss.values[rows][later]
    shares = accuracy.values[others][later] / whole_of(accuracy)
    if len(shares) < _LEAST or np.abs(shares).max() > 1.0 or np.abs(costs).max() > _MOST:
        return None
    spread = float(np.std(shares))
    # Rounded to the same few digits, both may take one step at the same time by chance.
    rounded = len(np.unique(costs)) < _LEAST
    if spread <= 1e-9 or rounded:
        return None
    sums = costs + shares
    found = Bond(loss, accuracy, median(sums), float(np.std(sums)) / spread)
    return None if _otherwise(found, median(shares)) else found


def _otherwise(found: Bond, share: float) -> bool:
    """Tell whether the sum has another reason: two classes, one answer, or a lower loss."""
    if found.classes < _FEWEST_CLASSES or found.loss.values.min() < found.total - 1.01:
        return True
    alone = math.e / (math.e + found.classes - 1.0)
    return abs(share / alone - 1.0) < _SAME
