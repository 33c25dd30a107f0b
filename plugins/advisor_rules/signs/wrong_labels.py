"""Training data that go on being learned where validation, which costs less, gains nothing.

Who learns from labels of which some are wrong pays for them in training, and not on the right ones
of validation. What is learned of them is learned by heart, and drives validation to and fro.
"""

from __future__ import annotations

from typing import NamedTuple

from advisor.curve import Curve
from advisor.curve.trend import Trend
from advisor.view import RunView
from advisor_rules.given.recorded import ended_by_patience
from advisor_rules.given.regularizers import drops, told_harder
from advisor_rules.signs.by_heart import is_right, mean_at_end
from advisor_rules.signs.by_validation import averaged
from advisor_rules.signs.learning_time import schedule_ended
from advisor_rules.signs.made_harder import made_harder
from advisor_rules.signs.measure import END, has_direction, ratio

_FEWEST = 20
"""The fewest validations (chosen by eye)."""
SINCE = 0.25
"""The share of a run after which validation gains nothing (chosen by eye; in the measurement of
``dearer`` a third finds nearly the same)."""
ERRORS = 2.0
"""Standard errors of a slope: the usual two."""
_OTHER = 10.0
"""How many times as much as validation a training loss costs that is measured in another way, such
as the sum of a batch (chosen by eye: of small trainings with wrong labels none is above 3)."""


class Alone(NamedTuple):
    """A training loss that is above that of validation, and falls alone."""

    trained: float
    """The mean training loss at the end."""
    validated: float
    """The validation loss at the end, above 0."""
    share: float
    """``trained`` as a share of ``validated``."""
    t: float
    """The fall of training since the first quarter, in standard errors."""
    scatter: float
    """How far single validations are from their course, as a share of all that they gained."""


def falls_alone(run: RunView) -> Alone | None:
    """Return how a training loss falls alone above that of validation; ``None`` where none does.

    Neither the validation loss nor a metric may have gained since the first quarter. Nothing is
    compared where a recorded dropout, augmentation or label smoothing makes training harder, or the
    accuracies show that something does, where the rate ended near 0, where a recorded patience
    ended the run, or where nearly every answer is right. The rule must declare ``train/metric``,
    ``val/metric`` and ``lr``, and require both losses.
    """
    train, val = run["train/loss"], run["val/loss"]
    trained, validated = mean_at_end(train), val.trend.tail(END).value
    if train.axis is not val.axis or len(val) < _FEWEST or validated <= 0:
        return None
    if not validated < trained < _OTHER * validated or train.values.min() < 0:
        return None
    if _ended(run, val) or is_right(run) or _gains(run, val):
        return None
    if told_harder(run.settings) or drops(run.settings) or made_harder(run):
        return None
    fall = -Trend(val.steps, averaged(train, val)).slope(SINCE, 1.0).t
    if fall < ERRORS:
        return None
    scatter = ratio(val.trend.noise, val.trend.gain)
    return Alone(trained, validated, trained / validated, fall, scatter)


def _ended(run: RunView, val: Curve) -> bool:
    return ended_by_patience(run.settings, val) or schedule_ended(run)


def _gains(run: RunView, val: Curve) -> bool:
    """Tell whether validation got better since the first quarter, by its loss or by a metric."""
    metrics = (c for c in run.every("val/metric") if len(c) >= _FEWEST and has_direction(c))
    return any(curve.trend.slope(SINCE, 1.0).t <= -ERRORS for curve in (val, *metrics))
