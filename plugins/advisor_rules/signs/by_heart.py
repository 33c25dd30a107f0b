"""Training data that are learned by heart, while validation gained little and gains no more."""

from __future__ import annotations

from typing import NamedTuple

from advisor.curve import Curve
from advisor.view import RunView
from advisor_rules.given.recorded import ended_by_patience
from advisor_rules.signs.measure import END, ratio
from advisor_rules.signs.right_answers import SHARES, Share
from advisor_rules.signs.rising import gained

_ALIKE = 0.5
"""The share of the first validation loss that the first training loss must have at least: what
begins lower is measured in another way, or was trained before (chosen by eye)."""
_STILL = 0.1
"""The largest share of where it began that validation may have gained in the second half of a run
and stand still (chosen by eye; a fiftieth and a twentieth would find nearly the same)."""

_RIGHTS = SHARES | {"f1", "exact_match"}
"""Metrics that tell whether every answer is right, and count the wrong ones."""
_FEWEST = 5
"""The fewest values of such a metric (chosen by eye)."""
_RIGHT = 0.95
"""Where such a metric of validation (of 1) ends from which a few samples make the loss, and little
is left to win (chosen by eye; on small trainings of 57 data sets and models, which log accuracies,
11 of 14 such models overfitted by their loss, and all 40 others)."""


class ByHeart(NamedTuple):
    """How little is left of the training loss, and how much of the validation loss."""

    trained: float
    """The mean training loss at the end, above 0."""
    validated: float
    """The validation loss at the end."""
    share: float
    """``trained`` as a share of ``validated``, from 0 on."""
    left: float
    """``validated`` as a share of where the two losses began, the higher of them."""


def learned_by_heart(run: RunView) -> ByHeart | None:
    """Compare the two losses at the end where validation stands still; ``None`` where it does not.

    Nothing is compared where a loss is negative or 0 (so rounded), where the two began too far
    apart to be measured alike, where a recorded patience ended the run, or where nearly every
    answer is right. The rule must declare ``train/loss``, ``val/loss`` and ``val/metric``.
    """
    train, val = run["train/loss"], run["val/loss"]
    trained, validated = mean_at_end(train), val.trend.tail(END).value
    if min(train.values.min(), val.values.min()) < 0 or trained <= 0 or validated <= 0:
        return None
    if train.trend.start < _ALIKE * val.trend.start or ended_by_patience(run.settings, val):
        return None
    if is_right(run):
        return None
    began = max(train.trend.start, val.trend.best.value + gained(run, val))
    if val.trend.level(0.4, 0.6).value - validated > _STILL * began:
        return None
    return ByHeart(trained, validated, trained / validated, ratio(validated, began))


def is_right(run: RunView) -> bool:
    """Tell whether nearly every answer to validation data is right."""
    curves = (curve for curve in run.every("val/metric") if len(curve) >= _FEWEST)
    shares = (Share.of(curve, _RIGHTS) for curve in curves)
    return any(share is not None and share.ends[1] >= _RIGHT for share in shares)


def mean_at_end(loss: Curve) -> float:
    """Return the mean of a loss at the end: of single batches, its median may be far lower."""
    return float(loss.values[-max(round(END * len(loss)), 1) :].mean())
