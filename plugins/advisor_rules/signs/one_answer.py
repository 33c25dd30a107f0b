"""Telling a model that gives one answer to everything: its accuracy does not change at all."""

from __future__ import annotations

import math
from collections import Counter
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.view import RunView
from advisor_rules.signs.right_answers import Share, share_of

_LEAST = 5
"""The fewest validations of which it tells anything that they are equal (chosen by eye)."""
_EQUAL = 0.8
"""Share of the validations that must be equal to the last digit (chosen by eye)."""
_MOST = 0.9
"""The largest accuracy that is told from a good one (chosen by eye)."""
_BETTER = 0.05
"""How much more often, of 1, the answer may be right in training (chosen by eye)."""
_HALF = 0.5
"""The largest accuracy, of 1, of an answer that may be right in training more often still: what is
right in most cases is so among both. Measured on small trainings of 65 data sets and models: 7 are
told by this, and all of them gave one answer."""
_EARLY = (0.1, 0.3)
"""The share of the run in which training is held against its end (chosen by eye)."""
_COARSE = 0.05
"""The smallest difference of two accuracies, of 1, of which one decimal was logged, or few samples
asked (chosen by eye)."""
_EXACT = 1e-6
"""How far a share may be off a multiple of that as decimals go."""
_UNSURE = 0.95
"""Share of the entropy of the accuracy that the loss must have (chosen by eye)."""


class OneAnswer(NamedTuple):
    """A validation accuracy that stands on one value."""

    curve: Curve
    value: float
    """In the unit of the curve."""
    times: int
    """How many validations have it."""


def one_answer(run: RunView, loss: Curve) -> OneAnswer | None:
    """Return the accuracy of a model that always answers the same, if that is what it does.

    Such a model is right as often as its answer is, at every validation. Its losses are no lower
    than the entropy of that share: a model that knows more, and whose accuracy stands still,
    is surer of its answers; one that is right more often in training has several, unless that
    stands as well: the answer may be commoner there. The rule must declare ``val/metric``,
    ``train/metric`` and ``val/loss``.
    """
    share, val = share_of(run, _LEAST, "val/metric"), run.get("val/loss")
    if share is None:
        return None
    value, times = Counter(share.curve.values.tolist()).most_common(1)[0]
    p = share.right(value)
    losses = [loss] if val is None or not len(val) else [loss, val]
    # What comes after a NaN is always the same, whatever was learned before.
    broken = any(len(curve.non_finite) for curve in losses)
    if broken or times < _EQUAL * len(share.values) or not 0.0 < p <= _MOST or _knows(run, p):
        return None
    if _rounded(share):
        return None
    entropy = -p * math.log(p) - (1.0 - p) * math.log1p(-p)
    unsure = all(curve.trend.tail(0.2).value >= _UNSURE * entropy for curve in losses)
    return OneAnswer(share.curve, value, times) if unsure else None


def _rounded(share: Share) -> bool:
    """Tell whether accuracies differ by so much, if at all, that many are equal by rounding."""
    gaps = np.diff(np.unique(share.curve.values))
    return len(gaps) > 0 and float(gaps.min()) >= _COARSE * share.whole


def _knows(run: RunView, right: float) -> bool:
    """Tell whether a model is right more often in training than its one answer would be.

    Not of an answer that may be commoner there, if training stood on its accuracy as well. A
    validation accuracy that is a multiple of ``_COARSE`` may stand because it was rounded.
    """
    share = share_of(run, _LEAST, "train/metric")
    if share is None:
        return False
    end = share.tail(0.2).value
    if end <= right + _BETTER:
        return False
    steps = right / _COARSE
    commoner = right <= _HALF and abs(steps - round(steps)) > _EXACT
    return not commoner or end - share.level(*_EARLY).value > _BETTER
