"""A classifier that gets nearly everything right, and in the end no more of it.

The cross-entropy of right answers falls on as they get surer, long after the last wrong one was
put right. Such a loss says nothing of what more training would bring.
"""

from __future__ import annotations

from advisor.view import RunView
from advisor_rules.signs.chance import ends_of, share_of
from advisor_rules.signs.late_gain import spent_gain

_NEARLY = 0.9
"""Accuracy (of 1) from which nearly everything is right (chosen by eye). Measured on small
trainings of 41 data sets and models: where a higher one stood still and the loss fell on, none of
19 logs, all of one data set, gains from more steps, and below it nearly all gain."""


def nearly_all_right(run: RunView, few: int, still: float) -> bool:
    """Tell whether a high validation accuracy stood still in the end, in more than ``few`` values.

    That is: the last third of the learning rate that was spent made less than the share ``still``
    of all that the accuracy gained. The rule must declare ``lr``, ``train/loss`` and
    ``val/metric``.
    """
    accuracy = share_of(run, few + 1, "val/metric")
    if accuracy is None or ends_of(accuracy)[1] < _NEARLY:
        return False
    return spent_gain(run, accuracy) < still
