"""Whether a run of a few epochs ended while its training loss still fell fast.

One to four validations show no rest: they have no slope with an error, and where one scatters, it
is no better than the one before although the model still learns. The mean training loss of each
epoch scatters far less.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.finding import Finding, Severity
from advisor.rule import Rule
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.signs.by_validation import averaged
from advisor_rules.signs.end_rate import EndRate, end_rate
from advisor_rules.signs.late_gain import each_better
from advisor_rules.signs.measure import has_direction, judged_validation, stretch

_MOST = 4
"""The most validations of a run that hardly began. Measured on small trainings of 49 data sets and
models: of five and six, every other one is of a run that was done."""
_FELL = 0.1
"""Share of its fall that the last third of so few epochs must have brought: a constant fall brings
a third, an exponential one two time constants long a seventh (chosen by eye)."""
_FAR = 0.015
"""The least of that, as a share of the loss: what few points need that have no error."""
_ABOVE = 0.05
"""By how much of the validation loss the mean training loss of the only epoch must be above it:
that mean holds the start of the epoch, and validation is what its end came to (chosen by eye)."""
_HELD = 0.05
"""Largest rise of the validation loss above its best, as a share of it: no more than one scatters
at a high rate (chosen by eye)."""
_APART = 1.25
"""Validation loss in multiples of the training loss from which training is learned by heart, unless
a validation got better each time (chosen by eye)."""

BEGUN_TEXTS = {
    "title.begun": "Train for more epochs",
    "evidence.first": "{series:name} is {end:number} after the first epoch. In that epoch the mean "
    "of {train:name} was {mean:number}, {share:percent} higher: it fell fast to the end.",
    "evidence.begun": "The mean of {train:name} between validations went from {before:number} to "
    "{mean:number}, {share:percent} of that in the last third, and {series:name} ended at its best "
    "or near it, {end:number}.",
    "do.begun": "Continue until {series:name} no longer improves, with the learning-rate schedule "
    "stretched to the new length.",
    "why.begun": "The model still learned fast when the run ended. A few validations scatter too "
    "much to say that it has reached its best.",
    "check.begun": "One of the next values of {series:name} is better than {end:number}.",
}
"""What a finding says of such a run; the evidence is another one for a single epoch."""


class Begun(NamedTuple):
    """How fast the training loss of a run of a few epochs fell in the end."""

    share: float
    """Of its fall that the last third brought; of a single epoch, how far its mean is above the
    validation loss, as a share of that."""
    least: float
    validation: Curve
    """What is held against it: what the run is judged by, of a single epoch the loss."""
    train: Curve
    means: Floats
    """Mean training loss of each epoch: ``float64[n]``, one to four of them."""


def hardly_begun(run: RunView) -> Begun | None:
    """Return how fast training still fell, if fast, and validation was at its best or near it.

    And at no rate that is known to be down. The rule must declare ``objective``, ``val/metric``,
    ``val/loss``, ``train/loss`` and ``lr``.
    """
    train, validation = run.get("train/loss"), judged_validation(run, 1)
    if train is None or validation is None or not 1 <= len(validation) <= _MOST:
        return None
    if not len(train) or train.axis is not validation.axis or not _whole(run):
        return None
    if end_rate(run, validation) not in (EndRate.HIGH, EndRate.UNKNOWN):
        return None
    means = averaged(train, validation)
    if means.min() <= 0:
        return None
    if len(means) == 1:
        return _of_first(run, train, means)
    return _of_few(run, train, validation, means)


def _of_first(run: RunView, train: Curve, means: Floats) -> Begun | None:
    """Hold the only validation loss against the mean training loss of the epoch that it ended.

    That is the only training loss, or a log of steps goes on, for less than another epoch.
    """
    loss = run.get("val/loss")
    if loss is None or len(loss) != 1 or loss.values[0] <= 0:
        return None
    first, last, end = int(train.steps[0]), int(train.steps[-1]), int(loss.steps[0])
    if first > end or not (len(train) == 1 or end < last <= 2 * end):
        return None
    above = float(means[0] / loss.values[0]) - 1.0
    return Begun(above, _ABOVE, loss, train, means) if above >= _ABOVE else None


def _of_few(run: RunView, train: Curve, validation: Curve, means: Floats) -> Begun | None:
    """Ask of each epoch a lower training loss, and of none that validation got worse for long."""
    falls, fell = means[:-1] - means[1:], _in_last_third(means)
    if falls.min() <= 0 or fell < _FAR * means[-1] or not regular(validation):
        return None
    share = fell / float(means[0] - means[-1])
    if share < _FELL or not _holds(run, float(means[-1])):
        return None
    return Begun(share, _FELL, validation, train, means)


def _holds(run: RunView, trained: float) -> bool:
    """Tell whether the last validation but one, or the last, was the best, and the loss is low."""
    known = [c for c in (run.get("val/loss"), run.get("val/metric")) if c is not None and len(c)]
    curves = [curve for curve in known if has_direction(curve)]
    if any(curve.after_best > 1 for curve in curves):
        return False
    loss = run.get("val/loss")
    if loss is None or not len(loss):
        return True
    last, best = float(loss.values[-1]), float(loss.values.min())
    near = last <= _APART * trained or any(map(each_better, curves))
    return near and 0 < last <= (1.0 + _HELD) * best


def _whole(run: RunView) -> bool:
    """Tell whether neither loss has a value that is not finite: such a run broke off."""
    losses = (run.get("train/loss"), run.get("val/loss"))
    return all(loss is None or not len(loss.non_finite) for loss in losses)


def regular(validation: Curve) -> bool:
    """Tell whether a log holds all validations: each as far from the one before, and the start."""
    gaps = np.diff(validation.steps)
    return int(np.ptp(gaps)) <= 1 and abs(int(validation.steps[0]) + 1 - int(gaps[0])) <= 1


def _in_last_third(means: Floats) -> float:
    """Return by how much a training loss fell in the last third, each mean ending its part."""
    place = len(means) - 1 - len(means) / 3
    return float(np.interp(place, np.arange(len(means)), means) - means[-1])


def begun_finding(rule: Rule, begun: Begun) -> Finding:
    """Say by a rule that has ``BEGUN_TEXTS`` that a run hardly began."""
    train, validation, first = begun.train, begun.validation, len(begun.means) == 1
    start, last = int(train.steps[0]), int(validation.steps[-1])
    measured = "mean above validation" if first else "share of the fall in the last third"
    variants = dict.fromkeys(("title", "evidence", "do", "why", "check"), "begun")
    return rule.finding(
        confidence=0.6,
        severity=Severity.NOTE,
        evidence=[stretch(train, start, last, measured, begun.share, begun.least)],
        variants=variants | ({"evidence": "first"} if first else {}),
        series=validation.tag,
        train=train.tag,
        axis=validation.axis.value,
        last=last,
        share=begun.share,
        before=float(begun.means[0]),
        mean=float(begun.means[-1]),
        end=float(validation.values[-1]),
    )
