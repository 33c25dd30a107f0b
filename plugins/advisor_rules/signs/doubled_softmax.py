"""Telling a doubled softmax by how its loss moves: by as much as the accuracy, the other way.

And by where it stops: at the floor of a number of classes that its first rows show as well.

Once a model is certain of its answers, right or wrong, its softmaxed outputs are 1 for one class
and 0 for the others. Taken for logits, they cost ln(e + C - 1) - 1 where they are right and 1 more
where they are wrong. So the sum of mean loss and accuracy is ln(e + C - 1), whatever the accuracy
is, on every batch. A cross-entropy of logits has no such bond with the accuracy. No loss is above
ln(e + C - 1), and the first one, of outputs that are all near 1/C, is ln(C).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.signs.chance import most_entropy, single_steps
from advisor_rules.signs.right_answers import Share, share_of

_LEAST, _BOTH = 8, 5
"""The fewest later rows of one kind, and of both kinds together, of which as many losses differ;
the latter are the fewest rows of each kind (chosen by eye)."""
_MOST = 20.0
"""More than any number of classes costs twice through a softmax; far from what overflows."""
_FEWEST_CLASSES = 2.5
"""With two classes, one answer to everything moves so too, if 73% are of its class."""
_SAME = 0.2
"""Of C classes, one answer moves so if the share of its class is near e/(e + C - 1) (by eye)."""
_FEWEST = 3
ROUNDING = 0.005
"""Logs round, and averages over a batch of half precision lose as much."""
NEAR_TOTAL = 0.02
"""How far the sum of loss and accuracy may be from that of a number of classes, in nats: so much
is lost by answers that are 98% certain (chosen by eye)."""
_STANDS = 0.03
"""By how much that sum may move in the later half: the accuracy of a batch scatters, so that not
all of it is drift. No log of small trainings of 49 data sets and models is found by mistake for it,
nor at 0.05."""
_NEAR_START = 0.05
"""How far the first loss may be from ln(C), in nats (chosen by eye)."""
_TWO = 2
_FAR_APART = 0.05
"""The least that the accuracies of training and validation differ by where their sums with the
losses tell: measured on 2,043 logs of small trainings whose losses are in reach, of which 18 are so
far apart and add up so, all of them through two softmaxes."""
_BEYOND = 2 * NEAR_TOTAL
"""How far the sum must be above that of a model as accurate and honest about its doubts, in nats:
with e/(e + C - 1) right answers, 73% of two classes, both are the same. Measured on small trainings
of 57 data sets and models: 0.10 and more in all 27 logs through two softmaxes whose
accuracies are far apart and add up so, and 0.01 and less in 3 of 4 others."""
_APART, _LOOSE = 0.01, 0.5
"""Accuracies that differ enough, and by how much of that their sums with the losses may differ;
smoothed labels of two classes give 1.2 (both chosen by eye)."""


class Pair(NamedTuple):
    """Loss and accuracy on the same data, at the end of a run."""

    loss: Curve
    accuracy: Share
    cost: float
    right: float
    """The accuracy as a fraction."""

    @property
    def total(self) -> float:
        """The sum, which is ln(e + C - 1) for certain answers through two softmaxes."""
        return self.cost + self.right


class Bond(NamedTuple):
    """A loss and an accuracy on the same data, and how they move together."""

    loss: Curve
    accuracy: Share
    total: float
    """The median of their sum in the later half."""
    scatter: float
    """Standard deviation of the sum, as a share of that of the accuracy: 0 for a perfect bond."""
    right: float
    """The median accuracy in the later half, as a fraction."""

    @property
    def classes(self) -> float:
        """The number of classes that the sum would follow from."""
        return math.exp(min(self.total, 100.0)) - math.e + 1.0


def floor_of(classes: int) -> float:
    """Return the least cross-entropy of outputs that went through a softmax before, in nats."""
    return math.log(math.e + classes - 1) - 1.0


def in_reach(run: RunView) -> bool:
    """Tell whether all losses are where a doubled softmax can have them, however many classes.

    At most 1 above the floor, which is lowest for two classes. The rule must declare both losses.
    """
    found = (run.get(f"{split}/loss") for split in ("train", "val"))
    values = [curve.values for curve in found if curve is not None and len(curve)]
    lowest = min((float(each.min()) for each in values), default=0.0) * (1 + ROUNDING)
    highest = max((float(each.max()) for each in values), default=0.0) * (1 - ROUNDING)
    return lowest >= floor_of(_TWO) and highest - lowest <= 1.0


def pairs_of(run: RunView) -> list[Pair]:
    """Return loss and accuracy on the training data and on the validation data, where logged.

    The rule must declare the losses and metrics of both.
    """
    found = []
    for split in ("train", "val"):
        loss, accuracy = run.get(f"{split}/loss"), share_of(run, _FEWEST, f"{split}/metric")
        if loss is not None and len(loss) >= _FEWEST and accuracy is not None:
            level = accuracy.tail(0.2).value
            cost = loss.trend.tail(0.2).value
            found.append(Pair(loss, accuracy, cost, min(max(level, 0.0), 1.0)))
    return found


def classes_by_level(run: RunView) -> int | None:
    """Return the number of classes that would explain all levels of a loss by a doubled softmax.

    The sums of loss and accuracy at the end, on training and validation data, are that of one
    number of classes; no loss is above or below what it allows; the sum stands still, as it does
    even while both go on to improve; and where the first row is the loss of one step, it is that
    of guessing among as many. Smoothed labels give a loss a floor of its own: ``None`` where they
    are recorded.
    """
    pairs, train = pairs_of(run), run["train/loss"]
    smoothed = run.settings.number("label_smoothing") or 0.0
    if smoothed > 0 or not pairs or not 0.0 < pairs[0].total < _MOST:
        return None
    classes = max(round(math.exp(pairs[0].total) - math.e + 1.0), 2)
    floor = floor_of(classes)
    if max(abs(pair.total - floor - 1.0) for pair in pairs) > NEAR_TOTAL:
        return None
    lowest = min(float(curve.values.min()) for curve in (train, pairs[0].loss))
    highest = max(float(curve.values.max()) for curve in (train, pairs[0].loss))
    if lowest < floor * (1 - ROUNDING) or highest > (floor + 1.0) * (1 + ROUNDING):
        return None
    if _moved(pairs[0]) > _STANDS or (classes == _TWO and not _bound(pairs)):
        return None
    return classes if _starts(run, train, classes) else None


def same_on_both(run: RunView, classes: int) -> bool:
    """Tell whether loss and accuracy add up to what ``classes`` give on two kinds of data.

    On training and validation data of which a model knows by so much more of the one that no other
    loss costs just as much less there, and so well that no honest one would cost as much. The rule
    must declare the losses and metrics of both.
    """
    pairs = pairs_of(run)
    if len(pairs) < _TWO or abs(pairs[0].right - pairs[1].right) < _FAR_APART:
        return False
    beyond = max(_beyond_honest(pair, classes) for pair in pairs)
    return beyond >= _BEYOND and classes_by_level(run) == classes


def _beyond_honest(pair: Pair, classes: int) -> float:
    """Return how far two softmaxes put a sum above that of an honest model as accurate, in nats."""
    return floor_of(classes) + 1.0 - most_entropy(pair.right, classes) - pair.right


def _moved(pair: Pair) -> float:
    """Return how far the sum of loss and accuracy moved in the later half."""
    loss, accuracy = (c.trend.slope(0.5).change for c in (pair.loss, pair.accuracy.curve))
    return abs(loss - accuracy / pair.accuracy.whole)


def _bound(pairs: list[Pair]) -> bool:
    """Tell whether two pairs differ in the loss by about as much as in the accuracy.

    Two classes whose labels were smoothed by 0.2 have the same floor, but wrong answers cost twice
    as much.
    """
    if len(pairs) < _TWO:
        return False
    apart = abs(pairs[0].right - pairs[1].right)
    return apart >= _APART and abs(pairs[0].total - pairs[1].total) <= _LOOSE * apart


def _starts(run: RunView, train: Curve, classes: int) -> bool:
    """Tell whether a run began as one does that guesses, as far as it shows its first step."""
    above = float(train.values[0]) - math.log(classes)
    return abs(above) <= _NEAR_START if single_steps(run, train) else above <= _NEAR_START


class _Rows(NamedTuple):
    """The rows of the later half that have both a loss and an accuracy of the same data."""

    loss: Curve
    accuracy: Share
    costs: Floats
    shares: Floats
    """The accuracies, of 1."""


def bond(run: RunView) -> Bond | None:
    """Return the closest bond of a loss with an accuracy: of training, of validation, or of both.

    ``None`` where no sum of theirs is one that a doubled softmax of three or more classes has.
    The rule must declare ``train/metric``, ``val/metric`` and both losses.
    """
    parts = [rows for split in ("train", "val") if (rows := _rows(run, split)) is not None]
    groups = [[rows] for rows in parts] + ([parts] if len(parts) > 1 else [])
    found = (_bond(group) for group in groups)
    return min((b for b in found if b is not None), key=lambda b: b.scatter, default=None)


def _rows(run: RunView, split: str) -> _Rows | None:
    loss, accuracy = run.get(f"{split}/loss"), share_of(run, _BOTH, f"{split}/metric")
    if loss is None or accuracy is None or loss.axis is not accuracy.curve.axis:
        return None
    _, rows, others = np.intersect1d(loss.steps, accuracy.curve.steps, return_indices=True)
    later = slice(len(rows) // 2, None)
    return _Rows(loss, accuracy, loss.values[rows][later], accuracy.values[others][later])


def _bond(parts: list[_Rows]) -> Bond | None:
    """Return how rows of one kind, or of several kinds together, are bound."""
    costs = np.concatenate([part.costs for part in parts])
    shares = np.concatenate([part.shares for part in parts])
    least = _LEAST if len(parts) == 1 else _BOTH
    if len(shares) < least or np.abs(shares).max() > 1.0 or np.abs(costs).max() > _MOST:
        return None
    spread = float(np.std(shares))
    # Rounded to the same few digits, both may take one step at the same time by chance.
    rounded = len(np.unique(costs)) < least
    if spread <= 1e-9 or rounded:
        return None
    sums = costs + shares
    scatter = float(np.std(sums)) / spread
    found = Bond(parts[0].loss, parts[0].accuracy, median(sums), scatter, median(shares))
    return None if _otherwise(found, float(costs.min())) else found


def _otherwise(found: Bond, lowest: float) -> bool:
    """Tell whether the sum has another reason: two classes, one answer, or a lower loss."""
    lowest = min(lowest, float(found.loss.values.min()))
    if found.classes < _FEWEST_CLASSES or lowest < found.total - 1.01:
        return True
    alone = math.e / (math.e + found.classes - 1.0)
    return abs(found.right / alone - 1.0) < _SAME
