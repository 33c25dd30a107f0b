"""What guessing costs where nobody recorded among how many classes.

Of a model that is as sure as it is right, loss and accuracy together show among how many answers
it wavers. While it knows little, these are nearly all there are; later they are fewer.
"""

from __future__ import annotations

import math

import numpy as np

from advisor.curve import Curve
from advisor.rule import NotApplicable
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.signs.chance import (
    CLASSES_UNKNOWN,
    Classes,
    Start,
    most_entropy,
    refuse_averages,
    refuse_other_losses,
    single_steps,
)
from advisor_rules.signs.measure import fiftieths
from advisor_rules.signs.right_answers import share_of

LARGEST = 2**18
"""The largest usual vocabulary (of Gemma); of images there are fewer classes."""
_FEW = 3
"""The fewest accuracies whose end is a level, and the steps of which the first ones are taken
(chosen by eye)."""
_RIGHT = 0.98
"""Of an accuracy above this the rest is not taken for certain (chosen by eye)."""
_KNOWS = 0.8
"""The largest accuracy at which errors are so many that they show among what a model wavers
(chosen by eye)."""
_WAVERS = 3
"""The fewest fiftieths of a run, or later rows, that show it: without them, averages of the first
tell of 1,354 logs that learned fast too few classes in 166 (measured on small trainings)."""
_MOST = 0.9
"""The share of a run below whose wavering is taken for the most: its very first part is not yet
as sure as it is right (0.8 to 1 find the same in this project's benchmark)."""


def unrecorded_start_of(run: RunView, loss: Curve, *, averages: bool = False) -> Start:
    """Return the first loss beside what guessing costs at most, for runs that record no classes.

    Raises ``NotApplicable`` where no accuracy shows that the loss ends as a mean cross-entropy
    does: a sum over a batch would end far above. Where the first row is not the loss before any
    update, too, unless ``averages`` will do. The rule must declare ``val/loss``, ``val/metric``
    and ``train/metric``.
    """
    refuse_other_losses(run, loss)
    found = (share_of(run, _FEW, f"{split}/metric") for split in ("train", "val"))
    accuracy = next((share for share in found if share is not None), None)
    if accuracy is None or len(loss.non_finite):
        raise NotApplicable(CLASSES_UNKNOWN)
    if not averages:
        refuse_averages(run, loss)
    right = accuracy.tail(0.2).value
    most = most_entropy(min(max(right, 0.0), _RIGHT), LARGEST)
    if loss.trend.tail(0.2).value > most:
        raise NotApplicable("{series:name} seems to be a sum, not a mean", series=loss.tag)
    return Start(float(loss.values[0]), Classes(_most_classes(run, loss), ""))


def _most_classes(run: RunView, loss: Curve) -> int:
    """Return among how many classes a model may have guessed at the start of a run, at most.

    As many as its first accuracy is a share of, or as it later wavered among, if these are more.
    ``LARGEST`` where losses and accuracies of training were not logged together from the start, or
    hardly show any wavering; or where no validation loss ever was as low as that would cost: a
    model that learned is better than a guess, and one that learns by heart soon wavers among few.
    """
    accuracy = share_of(run, _FEW, "train/metric")
    if accuracy is None:
        return LARGEST
    _, rows, others = np.intersect1d(
        loss.steps, accuracy.curve.steps, assume_unique=True, return_indices=True
    )
    if len(rows) < _FEW or rows[0] != 0 or others[0] != 0:
        return LARGEST
    losses, right = loss.values[rows], accuracy.values[others]
    first = float(np.mean(right[: _FEW if single_steps(run, loss) else 1]))
    wavered = _wavering(fiftieths(losses)[1:], fiftieths(right)[1:])
    if wavered is None:
        return LARGEST
    answers = max(1.0 / max(first, 1.0 / LARGEST), math.exp(min(wavered, math.log(LARGEST))))
    classes = max(math.ceil(answers), 2)
    val = run.get("val/loss")
    never = val is not None and len(val) and float(val.values.min()) > math.log(classes)
    return LARGEST if never else classes


def _wavering(losses: Floats, right: Floats) -> float | None:
    """Return the logarithm of how many answers losses and accuracies show, if they do.

    For equally likely wrong answers: Fano's inequality, solved for their number.
    """
    losses, right = losses[right < _KNOWS], np.maximum(right[right < _KNOWS], 1e-9)
    if len(losses) < _WAVERS:
        return None
    sides = -right * np.log(right) - (1.0 - right) * np.log1p(-right)
    answers = np.logaddexp(0.0, (losses - sides) / (1.0 - right))
    return float(np.quantile(answers, _MOST))
