"""How far from good a run ended: between what guessing gives and what a perfect model would."""

from __future__ import annotations

import math
from typing import NamedTuple

from advisor.curve import Curve
from advisor.roles import Task
from advisor.view import RunView
from advisor_rules.signs.chance import MOST_CLASSES, classes_at_start, single_steps
from advisor_rules.signs.good_start import began_trained
from advisor_rules.signs.measure import END
from advisor_rules.signs.right_answers import SHARES, Share

_SHARES = SHARES | {"f1"}
"""Metrics of a classifier that tell what share it gets right."""
UNTAUGHT = 0.5
"""A lower first loss may be that of a model that was trained before.

Guessing between two costs ln 2, and 1 where the error of standardized numbers is squared.
"""

_BETWEEN_TWO = 0.8
"""A first loss of no more may be that of a guess between two, somewhat above ln 2 (by eye)."""
_GOOD_OF_TWO = 0.28
"""Who chooses rightly between two in 80 of 100, and is as sure, pays 0.5, so much less than ln 2:
there an accuracy is 60 % of the way from guessing to perfect."""
_ABOVE = 0.05
"""A loss that ends so far above that of a guess, as a share of it, was driven there (by eye)."""
_DOZEN = 12
"""The most answers of which a good model may be certain of one (chosen by eye)."""
_HIGHEST = 20.0
"""The highest first loss that still means a number of answers, of which a guess gets one in e^20
right: a loss that is summed over a batch begins anywhere (chosen by eye)."""


class Reached(NamedTuple):
    """Where a run ended, against a reference."""

    curve: Curve
    skill: float
    """0 for guessing, 1 for perfect; where guessing is not known, from nothing to perfect."""
    level: float
    """The level of the curve at the end."""
    guessing: float | None
    """What guessing would reach in the unit of the curve; ``None`` if that is not known."""
    whole: float
    """What a perfect model would reach."""
    right: float | None = None
    """The share of right answers, of 1; ``None`` for a loss."""
    begun: bool = False
    """Whether ``guessing`` is only where the loss began."""
    good: float = 1.0
    """The skill from which a loss may be that of a good model: less for a choice between two."""


def score_reached(run: RunView) -> Reached | None:
    """Hold the accuracy, error rate or F1 of a classifier against guessing and against perfect.

    Guessing among C classes is known from the recorded C, or from a first loss of ln(C), which
    a mean over an epoch and a careless start miss somewhat. The rule must declare ``val/loss`` and
    ``val/metric``, and require ``train/loss``.
    """
    metric = run.get("val/metric")
    share = None if metric is None else Share.of(metric, _SHARES)
    if share is None:
        return None
    classes, chance, right = _known_classes(run), chance_of(run), share.tail(END).value
    return Reached(
        share.curve,
        (right - chance) / (1.0 - chance),
        share.curve.sign * share.curve.trend.tail(END).value,
        share.logged(chance) if classes else None,
        share.logged(1.0),
        right,
    )


def chance_of(run: RunView) -> float:
    """Return the share that guessing gets right: one in C, or a half and less by the first loss.

    The rule must declare ``val/loss`` and ``val/metric``, and require ``train/loss``.
    """
    classes = _known_classes(run)
    start = min(max(run["train/loss"].trend.start, 0.0), _HIGHEST)
    return 1.0 / classes if classes else min(math.exp(-start), 0.5)


def loss_reached(run: RunView) -> Reached | None:
    """Hold the better of training and validation loss against the loss of a model that guesses.

    That is ln(C) where C is recorded, else where the training loss began, and ln 2 or more;
    ``None`` where that may be the loss of a model that was trained before, or a perfect one would
    not have a loss of 0. The rule must declare ``val/metric`` and require both losses.
    """
    losses = run["train/loss"], run["val/loss"]
    if any(loss.role.part or loss.values.min() <= 0 for loss in losses):
        return None
    better = min(losses, key=_end)
    known = _recorded_classes(run) if run.task is Task.CLASSIFICATION else None
    guess = math.log(known) if known else _untaught(run)
    # Far above ln(C) it is no cross-entropy, or one of another unit.
    if guess is None or (known and _end(better) >= 2 * guess):
        return None
    two = guess <= _BETWEEN_TWO and run.task is not Task.REGRESSION
    skill = 1.0 - _end(better) / (max(guess, math.log(2)) if two else guess)
    good = _GOOD_OF_TWO if two else 1.0
    return Reached(better, skill, _end(better), guess, 0.0, begun=not known, good=good)


def poor(score: Reached | None, loss: Reached | None, most: float) -> bool:
    """Tell whether what is known of score and loss is far from good, and no loss far higher.

    That is, no more than ``most`` of the way to perfect.
    """
    if loss is not None and loss.skill < -_ABOVE:
        return False
    return all(reached is None or reached.skill <= most for reached in (score, loss))


def many_answers(run: RunView) -> bool:
    """Tell whether a run chooses among more than a dozen answers, as far as it shows.

    By the recorded number, else by the first training loss. A rule must require ``train/loss``.
    """
    known = _recorded_classes(run)
    if known:
        return known > _DOZEN
    guessed = math.log(_DOZEN) < run["train/loss"].trend.start < math.log(MOST_CLASSES)
    return guessed and run.task is not Task.REGRESSION


def _end(loss: Curve) -> float:
    return loss.trend.tail(END).value


def _known_classes(run: RunView) -> float | None:
    return _recorded_classes(run) or classes_at_start(run, run["train/loss"])


def _recorded_classes(run: RunView) -> float | None:
    classes = run.settings.number("classes")
    return classes if classes is not None and classes >= 2 else None


def _untaught(run: RunView) -> float | None:
    """Return the first training loss, if it is that of a model that knows nothing."""
    train, metric = run["train/loss"], run.get("val/metric")
    other = metric is not None and metric.role.quantity not in _SHARES
    if began_trained(run) or (other and run.task is not Task.REGRESSION):
        return None
    surely = run.task is Task.REGRESSION and single_steps(run, train)
    return train.trend.start if surely or train.trend.start >= UNTAUGHT else None
