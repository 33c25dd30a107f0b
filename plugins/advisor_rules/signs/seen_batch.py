"""The size of a batch of which nothing is recorded, as the accuracies of training show it.

The share of right answers in a batch of two is 0, a half or 1, and never anything else; and the
mean over an epoch of such batches is a share of twice as many answers as there were updates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.run import Axis
from advisor.view import RunView
from advisor_rules.signs.right_answers import Share, share_of

_MOST = 2
"""The largest size that is looked for."""
_LEAST = 100
"""The fewest accuracies that show it (chosen by eye)."""
_EACH = 10
"""How often each possible share must be there: of larger batches others would be among so many, but
for those of a model that is always right, or never."""
_OFF = 1e-3
"""How far an accuracy may be off a whole number of right answers, and beyond none and all of them,
by rounding."""
_EPOCHS = 2
"""The fewest different accuracies of epochs that show it: by chance a value is as near to a whole
number as ``_NEAR`` in one case of 250, and so are two in one of 60,000."""
_NEAR = 2e-3
"""How far the accuracy of an epoch may be off a whole number of right answers, in answers: single
precision is half a thousandth off ten thousand."""
_ALL_EVEN = 7
"""The fewest that are shares of the updates alone, and so of single samples: of pairs, so many
numbers of right answers are seldom all even."""
_DECIMALS = 10**6
"""Shares of so many, or of what divides it, may be rounded decimals."""


class SeenBatch(NamedTuple):
    """The size of batches, and how many updates of them made an epoch."""

    size: int
    """No more than two."""
    updates: int
    accuracy: Curve
    """Of training, which shows it."""


def seen_batch(run: RunView) -> int:
    """Return how many answers each training accuracy is a share of; 0 if more than ``_MOST``.

    Or if it is not known. The rule must declare ``train/metric``.
    """
    share = share_of(run, _LEAST, "train/metric")
    if share is None or not _are_shares(share):
        return 0
    shares = share.values
    for size in range(1, _MOST + 1):
        right = np.round(shares * size)
        if float(np.abs(shares * size - right).max()) <= _OFF * size:
            counts = np.bincount(right.astype(int), minlength=size + 1)
            return size if int(counts.min()) >= _EACH else 0
    return 0


def seen_epoch(run: RunView) -> SeenBatch | None:
    """Return the size of batches of one or two, and the updates that made an epoch.

    As the accuracies of epochs show them, or those of single batches between two validations. The
    rule must declare ``train/metric``, ``val/loss`` and ``val/metric``.
    """
    of_epochs, of_steps = (share_of(run, least, "train/metric") for least in (_EPOCHS, _LEAST))
    size = 0 if of_epochs is None else _size_of_epochs(of_epochs)
    if of_epochs is not None and size:
        return SeenBatch(size, _apart(of_epochs.curve), of_epochs.curve)
    val, size = run.get("val/loss|val/metric"), seen_batch(run)
    if of_steps is None or val is None or not size or not _apart(val):
        return None
    return SeenBatch(size, _apart(val), of_steps.curve)


def _are_shares(share: Share) -> bool:
    """Tell whether all values are from 0 to 1: a log may hold -1 where nothing was computed."""
    return bool(share.values.min() >= -_OFF and share.values.max() <= 1.0 + _OFF)


def _size_of_epochs(share: Share) -> int:
    """Return the size of the batches whose mean accuracies over epochs are logged; 0 if not."""
    answers = _MOST * _apart(share.curve)
    if not answers or _DECIMALS % answers == 0 or not _are_shares(share):
        return 0
    shares = share.values * answers
    right = np.round(shares).astype(int)
    different = len(np.unique(right))
    if float(np.abs(shares - right).max()) > _NEAR or different < _EPOCHS:
        return 0
    # What all of them are multiples of: shares of fewer answers are not those of an epoch.
    common = int(np.gcd.reduce(np.append(right, answers)))
    if common > _MOST:
        return 0
    return 1 if common == _MOST and different >= _ALL_EVEN else _MOST


def _apart(curve: Curve) -> int:
    """Return the updates from one value to the next, where they are the same from the start on.

    0 where they are not, or where each step has a value: steps may be epochs then.
    """
    if curve.axis is not Axis.STEP or len(curve) < 2:
        return 0
    apart = int(curve.steps[1] - curve.steps[0])
    regular = bool(np.all(np.diff(curve.steps) == apart))
    return apart if regular and apart > 1 and int(curve.steps[0]) in (apart - 1, apart) else 0
