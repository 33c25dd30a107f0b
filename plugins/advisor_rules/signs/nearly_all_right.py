"""A classifier that gets nearly everything right, and in the end no more of it.

The cross-entropy of right answers falls on as they get surer, long after the last wrong one was
put right. Such a loss says nothing of what more training would bring. Nor does that of validation
where all training data have been right for long, and no more of the validation data get right.
"""

from __future__ import annotations

import numpy as np

from advisor.view import RunView
from advisor_rules.signs.late_gain import spent_gain
from advisor_rules.signs.right_answers import share_of

_NEARLY = 0.9
"""Accuracy (of 1) from which nearly everything is right (chosen by eye). Measured on small
trainings of 41 data sets and models: where a higher one stood still and the loss fell on, none of
19 logs, all of one data set, gains from more steps, and below it nearly all gain."""

_FEWEST = 8
"""The fewest accuracies of training that show since when all was right (chosen by eye)."""
_ALL = 0.995
"""The least median accuracy (of 1) of training over the second half of a run that had learned all:
every answer is right, but for chance or dropout. Measured on small trainings of 65 data sets and
models: of those that need more steps or a higher rate none is known to reach it."""


def nearly_all_right(run: RunView, few: int, still: float) -> bool:
    """Tell whether a high validation accuracy stood still in the end, in more than ``few`` values.

    That is: the last third of the learning rate that was spent made less than the share ``still``
    of all that the accuracy gained. It may be any where all training data were learned. The rule
    must declare ``lr``, ``train/loss``, ``train/metric`` and ``val/metric``.
    """
    accuracy = share_of(run, few + 1, "val/metric")
    if accuracy is None or not (accuracy.ends[1] >= _NEARLY or learned_all(run)):
        return False
    return spent_gain(run, accuracy.curve) < still


def learned_all(run: RunView) -> bool:
    """Tell whether a training accuracy was perfect in the second half of the run.

    The rule must declare ``train/metric``.
    """
    accuracy = share_of(run, _FEWEST, "train/metric")
    if accuracy is None:
        return False
    late = accuracy.values[len(accuracy.values) // 2 :]
    return float(np.median(late)) >= _ALL
