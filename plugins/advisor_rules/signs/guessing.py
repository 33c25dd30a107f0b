"""Telling a model that guesses: by its scores, or by what its loss costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from advisor.curve import Curve
from advisor.roles import Split, Task
from advisor.view import RunView
from advisor_rules.signs.chance import answers_of, classes_of, nearest_guess, skill
from advisor_rules.signs.good_start import gets_better
from advisor_rules.signs.right_answers import SHARES, Share

KNOWN: Mapping[str, float] = {"auc": 0.5, "mcc": 0.0, "kappa": 0.0, "r2": 0.0}
"""What guessing reaches of a score whose best value is 1, whatever the number of classes."""

_NEAR = 0.05
"""How near to ln(C) the lowest loss of a model that guesses is, as a share (chosen by eye)."""
_FEWEST = 5
"""The fewest points of a score that is held against guessing (chosen by eye)."""
_FORGOT = 0.1
"""The share of a run after which its training must be at chance: what it knew before did not last
(chosen by eye)."""
_NO_LOWER = 0.98
"""The lowest loss, as a share of what guessing costs, at which nothing is left of what was learned.
Measured on small trainings of 49 data sets and models: of 35 at chance in validation from first to
last whose loss moved, and ended no lower, none had no fault; nor had one of two down to 0.85."""


class Guessing(NamedTuple):
    """A curve that stayed where guessing is."""

    curve: Curve
    level: float
    """Where it ended, in its own unit."""
    guess: float
    """What guessing gives, in the same unit."""
    near: float
    """A score: how far it got from guessing, 0, to perfect, 1. A loss: how far from guessing
    it ever was, as a share."""
    allowed: float
    """The largest ``near`` that counts as guessing."""


class Judge(NamedTuple):
    """How close to guessing a curve must stay, as ``Guessing.near``."""

    skill: float
    """For scores."""
    near: float
    """For losses."""

    def find(self, run: RunView, loss: Curve) -> Guessing | None:
        """Return the curve that proves that a model guesses, if one does and none denies it.

        A score counts if it is known what guessing reaches, by its kind or by the recorded
        number C of classes. Without one, the loss must be ln(C). Where C is not recorded, loss
        and accuracy must show the same C. The rule must declare ``val/metric`` and
        ``train/metric``.
        """
        recorded = classes_of(run) if run.task is Task.CLASSIFICATION else None
        scores = _scores(run, None if recorded is None else recorded.number)
        if scores:
            return self._by_scores(scores)
        answers = answers_of(run)
        end = loss.trend.tail(0.2).value
        cost = nearest_guess(end) if answers is None else answers.loss
        by_loss = self._by_loss(loss, cost)
        shares = _scores(run, round(math.exp(cost)))
        if by_loss is None or not shares:
            return by_loss if answers is not None else None
        return self._by_scores(shares)

    def ended(self, run: RunView, loss: Curve) -> Guessing | None:
        """Return what ``find`` does, of an accuracy of validation whose model ended as a guess.

        However the loss moved before: it was thrown up, or came down from a bad start, if it ended
        no lower than guessing costs. The rule must declare what ``find`` needs.
        """
        found = self.find(run, loss)
        if found is None or found.curve.role.split is not Split.VALIDATION:
            return None
        share = Share.of(found.curve)
        if share is None:
            return None
        cost = -math.log(share.right(found.guess))
        return found if loss.trend.tail(0.2).value >= _NO_LOWER * cost else None

    def _by_scores(self, scores: Mapping[Curve, float]) -> Guessing | None:
        validated = any(curve.role.split is Split.VALIDATION for curve in scores)
        found = [
            self._of_score(curve, guess, late=validated and curve.role.split is Split.TRAIN)
            for curve, guess in scores.items()
        ]
        # As far below guessing is no guessing either: the labels may be turned round.
        low = all(abs(each.near) <= self.skill for each in found)
        return found[0] if low and not any(map(gets_better, scores)) else None

    def _of_score(self, curve: Curve, guess: float, *, late: bool) -> Guessing:
        share, trend = Share(curve), curve.trend
        best = float(trend.smooth[trend.at >= _FORGOT].min()) if late else trend.best.value
        reached = (share.of_cost(best) - guess) / (1.0 - guess)
        level = curve.sign * trend.tail(0.2).value
        return Guessing(curve, level, share.logged(guess), reached, self.skill)

    def _by_loss(self, loss: Curve, cost: float) -> Guessing | None:
        end, best = loss.trend.tail(0.2).value, loss.trend.best.value
        far = max(abs(end / cost - 1.0), abs(best / cost - 1.0)) if cost > 0 else math.inf
        return Guessing(loss, end, cost, far, self.near) if far <= self.near else None


def _scores(run: RunView, classes: int | None) -> dict[Curve, float]:
    """Return the scores of which it is known what guessing reaches, as a share of perfect."""
    curves = (curve for key in ("val/metric", "train/metric") for curve in run.every(key))
    guesses = KNOWN if classes is None else {**KNOWN, **dict.fromkeys(SHARES, 1.0 / classes)}
    return {
        curve: guesses[curve.role.quantity]
        for curve in curves
        if len(curve) >= _FEWEST and curve.role.quantity in guesses
    }


def never_left_guessing(run: RunView, curve: Curve, least: float) -> bool:
    """Tell whether answers never came ``least`` of the way from what guessing gives.

    Where the number of classes is not recorded, a loss that never left ln(C) shows it. Of another
    score, such as R², of which little may be much, tell whether it never was above guessing. The
    rule must declare ``val/loss``.
    """
    if curve.role.quantity in KNOWN:
        return Share(curve).best <= KNOWN[curve.role.quantity]
    share = Share.of(curve)
    if share is None:
        return False
    recorded, loss = classes_of(run), run.get("val/loss")
    lowest = loss.trend.best.value if loss is not None and len(loss) else 0.0
    cost = nearest_guess(lowest)
    if recorded is None and (cost == 0 or abs(lowest / cost - 1.0) > _NEAR):
        return False
    classes = round(math.exp(cost)) if recorded is None else recorded.number
    return skill(share.best, classes) < least
