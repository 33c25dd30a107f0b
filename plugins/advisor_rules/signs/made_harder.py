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
from advisor_rules.given.regularizers import told_harder
from advisor_rules.signs.at_rest import apart
from advisor_rules.signs.chance import most_entropy
from advisor_rules.signs.measure import END
from advisor_rules.signs.reached import chance_of
from advisor_rules.signs.right_answers import share_of

_NOISY = 0.1
"""How far training ends above validation where its labels may be noisy. Measured on small trainings
of 49 data sets and models: 3 of 3 classifiers beyond it that are otherwise as ``underfitting``
asks, and whose dropout is not known, had been given wrong labels and no fault."""
_FEWEST = 6
"""The fewest points of both accuracies (chosen by eye)."""
_BEHIND = 0.04
"""The least that the training accuracy is behind, of 1. Measured on small trainings of 65 data sets
and models as ``_TOWARDS`` asks: below, 4 of 5 logs down to 0.03 had wrong labels, none beyond."""
_ERRORS = 3.0
"""Standard errors that the two accuracies must be apart."""
_TOWARDS = 0.3
"""The highest validation loss: 0 is what a model pays that is as sure as it is right, and 1 what it
does where wrong labels explain the accuracies. In the same measurement all 21 logs below had too
much dropout, and nine of ten with wrong labels were above 0.7."""
_MOST_WRONG = 0.9
"""The largest share of wrong labels that is reckoned with."""


def made_harder(run: RunView) -> bool:
    """Tell whether training is well behind validation, which is as sure as it is right.

    A model of C answers that is as sure as it is right pays the mean entropy of what it answers:
    at least 2 ln 2 times its share of wrong answers, where it hesitates between two, and at most
    the entropy of being right so often and wrong in any way (Fano); here the mean of both. One that
    learned from a share q of wrong labels pays -ln(1 - q) more wherever it is right. Where the
    settings say that training has harder terms, being behind is by construction and tells nothing.
    The rule must declare ``train/metric`` and ``val/metric``, and require both losses.
    """
    if told_harder(run.settings):
        return False
    train, val = run["train/loss"], run["val/loss"]
    shares = [share_of(run, _FEWEST, f"{split}/metric") for split in ("train", "val")]
    if apart(train, val) >= -_NOISY or any(share is None for share in shares):
        return False
    (lower, error), (right, other) = (share.tail(END) for share in shares if share is not None)
    if right - lower < max(_BEHIND, _ERRORS * math.hypot(error, other)):
        return False
    paid, (sure, unsure) = val.trend.tail(END).value, _prices(right, lower, chance_of(run))
    return sure > 0.0 and paid <= sure + _TOWARDS * (unsure - sure)


def _prices(right: float, lower: float, chance: float) -> tuple[float, float]:
    """Return what so often right a model pays, as sure as it is right, and with wrong labels.

    0 for both where it is no better than a guess.
    """
    answers = max(round(1.0 / chance), 2)
    other = (1.0 - right) / (answers - 1)
    if right <= other:
        return 0.0, 0.0
    wrong = min((right - lower) / (right - other), _MOST_WRONG)
    sure = (2.0 * math.log(2.0) * (1.0 - right) + most_entropy(right, answers)) / 2.0
    return sure, sure - right * math.log(1.0 - wrong)


def refuse_noisy_labels(run: RunView) -> None:
    """Raise ``NotApplicable`` where training costs a classifier so much more than validation.

    Wrong labels of its data do that, and so does dropout, if it is not recorded and nothing shows
    that it is ``made_harder``. The rule must declare what that asks for.
    """
    if run.task is not Task.CLASSIFICATION or (run.settings.number("dropout") or 0.0) > 0.0:
        return
    if apart(run["train/loss"], run["val/loss"]) < -_NOISY and not made_harder(run):
        raise NotApplicable(
            "training costs more than validation, as wrong labels make it, or what only training "
            "has"
        )
