"""The size of a batch of which nothing is recorded, as the accuracies of single batches show it.

The share of right answers in a batch of two is 0, a half or 1, and never anything else.
"""

from __future__ import annotations

import numpy as np

from advisor.view import RunView
from advisor_rules.signs.chance import share_of, whole_of

_MOST = 2
"""The largest size that is looked for."""
_LEAST = 100
"""The fewest accuracies that show it (chosen by eye)."""
_EACH = 10
"""How often each possible share must be there: of larger batches others would be among so many, but
for those of a model that is always right, or never."""
_OFF = 1e-3
"""How far an accuracy may be off a whole number of right answers, by rounding."""


def seen_batch(run: RunView) -> int:
    """Return how many answers each training accuracy is a share of; 0 if more than ``_MOST``.

    Or if it is not known. The rule must declare ``train/metric``.
    """
    curve = share_of(run, _LEAST, "train/metric")
    if curve is None:
        return 0
    shares = curve.values / whole_of(curve)
    for size in range(1, _MOST + 1):
        right = np.round(shares * size)
        if float(np.abs(shares * size - right).max()) <= _OFF * size:
            counts = np.bincount(right.astype(int), minlength=size + 1)
            return size if int(counts.min()) >= _EACH else 0
    return 0
