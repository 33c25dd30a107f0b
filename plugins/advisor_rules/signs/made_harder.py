"""Whether something makes training harder than validation, as dropout does, and not wrong labels.

Both make training cost more than validation, and score lower. Who learns from labels of which some
are wrong learns not to be sure: on the right labels of validation it pays more than its accuracy
is worth. Who learns with half of its units missing, or from inputs that were cut up, is no less
sure than it is right when it has all of them.
"""

from __future__ import annotations

import math

from advisor.roles import Task
from advisor.rule import NotApplicable
from advisor.view import RunView
from advisor_rules.signs.at_rest import apart
from advisor_rules.signs.chance import most_entropy, share_of, whole_of
from advisor_rules.signs.measure import END
from advisor_rules.signs.reached import chance_of

_NOISY = 0.1
"""How far training ends above validation where its labels may be noisy. Measured on small trainings
of 49 data sets and models: 3 of 3 classifiers beyond it that are otherwise as ``underfitting``
asks, and whose dropout is not known, had been given wrong labels and no fault."""
_FEWEST = 6
"""The fewest points of both accuracies (chosen by eye)."""
_BEHIND = 0.05
"""How far the training accuracy must be behind, of 1. Measured on small trainings of 65 data sets
and models that are a fifth of the way from perfect, and as sure as ``_UNSURE`` asks: all 21 logs
beyond it were of trainings with too much dropout, one of 10 between 0.03 and it."""
_ERRORS = 3.0
"""Standard errors that the two accuracies must be apart."""
_UNSURE = 0.6
"""The highest validation loss, where 0 is the least and 1 the most that a model pays that is as
sure as it is right. In the same measurement 11 of 15 logs up to 0.65 had wrong or noisy data."""


def made_harder(run: RunView) -> bool:
    """Tell whether training is well behind validation, which is as sure as it is right.

    A model of C answers that is as sure as it is right pays the mean entropy of what it answers:
    at least 2 ln 2 times its share of wrong answers, where it hesitates between two, and at most
    the entropy of being right so often and wrong in any way (Fano). The rule must declare
    ``train/metric`` and ``val/metric``, and require both losses.
    """
    train, val = run["train/loss"], run["val/loss"]
    shares = [share_of(run, _FEWEST, f"{split}/metric") for split in ("train", "val")]
    if apart(train, val) >= -_NOISY or any(share is None for share in shares):
        return False
    ends = [(share.trend.tail(END), whole_of(share)) for share in shares if share is not None]
    (lower, error), (right, other) = ((-end.value / all_, end.error / all_) for end, all_ in ends)
    if right - lower < max(_BEHIND, _ERRORS * math.hypot(error, other)):
        return False
    least = 2.0 * math.log(2.0) * (1.0 - right)
    most = most_entropy(right, round(1.0 / chance_of(run)))
    return least < most and val.trend.tail(END).value <= least + _UNSURE * (most - least)


def refuse_noisy_labels(run: RunView) -> None:
    """Raise ``NotApplicable`` where training costs a classifier so much more than validation.

    Wrong labels of its data do that, and so does dropout, if it is not recorded and nothing shows
    that it is ``made_harder``. The rule must declare what that asks for.
    """
    if run.task is not Task.CLASSIFICATION or (run.settings.number("dropout") or 0.0) > 0.0:
        return
    if apart(run["train/loss"], run["val/loss"]) < -_NOISY and not made_harder(run):
        raise NotApplicable(
            "training costs more than validation, as wrong labels make it, or dropout that is not "
            "recorded"
        )
