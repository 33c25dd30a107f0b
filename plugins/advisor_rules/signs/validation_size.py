"""How many samples validated a run, as its accuracies show, and what a few of them can do."""

from __future__ import annotations

import math

import numpy as np

from advisor.curve import Curve
from advisor.roles import Kind, Task
from advisor.rule import NotApplicable
from advisor.run import Floats, Steps
from advisor.understand.error_rates import whole_of
from advisor.view import RunView
from advisor_rules.signs.right_answers import SHARES, Share

_MOST = 2000
"""Larger numbers are not looked for: a rise that counts is that of many samples there."""
_DIFFERENT = 3, 64
"""The fewest and the most different values of an accuracy that are looked at."""
_OFF = {4: 5e-5, 5: 5e-6, 16: 1e-6}
"""How far a value may be off that has so many decimals; 32-bit floats where it has more."""
_ACCIDENT = 0.01
"""Expected numbers that fit by accident, up to which the first that fits is believed."""
_FEW = 4
"""The fewest samples that a change must rest on: three that all change one way are chance once
in four (both ways of a sign test), four once in eight."""
_NATS = 4.0
"""What a sample may pay more: a model that grows sure of another answer gives the right one a
fiftieth of what it gave before. Measured on small trainings of 25 data sets and models: where all
validation samples together paid less than four such, 25 of 59 rises of a cross-entropy were not
there in the mean over the seeds; where they paid more, 5 of 150."""
_CHANCE = 2.0
"""Standard errors: the usual two."""


def samples_of(metric: Curve | None) -> int | None:
    """Return the number of samples that an accuracy counts, from the fractions that it takes.

    The smallest of which all its values are shares, so that it may be a divisor of the true one.
    ``None`` where it takes fewer than three values besides 0 and 1, where no number up to 2,000
    fits, or where one would by accident.
    """
    if metric is None or metric.role.quantity not in SHARES or not len(metric):
        return None
    return metric.once(_samples)


def _samples(metric: Curve) -> int | None:
    shares = np.unique(metric.values) / whole_of(metric.values)
    shares = shares[(shares > 0) & (shares < 1)][: _DIFFERENT[1]]
    if len(shares) < _DIFFERENT[0]:
        return None
    off = next(off for n, off in _OFF.items() if n == 16 or np.array_equal(shares, shares.round(n)))
    few = _fitting(np.arange(2, _MOST + 1), shares[: _DIFFERENT[0]], off)  # few pass so many
    numbers = _fitting(few, shares, off)
    if not len(numbers):
        return None
    accidents = float(numbers[0]) * (2.0 * numbers[0] * off) ** len(shares)
    return int(numbers[0]) if accidents < _ACCIDENT else None


def _fitting(numbers: Steps, shares: Floats, off: float) -> Steps:
    """Return the numbers of samples of which every share is a count."""
    counts = numbers[:, None] * shares
    found: Steps = numbers[(np.abs(counts - counts.round()) <= off * numbers[:, None]).all(axis=1)]
    return found


def demand_many(run: RunView, curve: Curve, rise: float) -> None:
    """Raise ``NotApplicable`` where a few validation samples can have made a curve worse.

    Or an accuracy, another choice of as many. ``rise`` is in the oriented unit of the curve: an
    accuracy, or the loss of a classifier. The rule must declare ``val/metric``.
    """
    samples = samples_of(run.get("val/metric"))
    if samples is not None and _made_by_few(run, curve, rise, samples):
        raise NotApplicable(
            "{series:name} got worse by what a few of about {samples:count validation sample|"
            "validation samples} can make; validate on more",
            series=curve.tag,
            samples=samples,
        )


def _made_by_few(run: RunView, curve: Curve, rise: float, samples: int) -> bool:
    if curve.role.quantity in SHARES:
        return falls_by_few(curve, rise) or falls_by_chance(curve, rise)
    classified = run.task is Task.CLASSIFICATION and curve.role.kind is Kind.LOSS
    return classified and rise * samples < _FEW * _NATS


def falls_by_few(metric: Curve, fall: float) -> bool:
    """Tell whether a fall of an accuracy is that of fewer than four samples, as far as it shows."""
    samples = samples_of(metric)
    # Half a sample less, as a level is a median of several accuracies.
    return samples is not None and fall * samples / whole_of(metric.values) < _FEW - 0.5


def falls_by_chance(metric: Curve, fall: float) -> bool:
    """Tell whether an accuracy fell by what another choice of as many samples may change.

    That is by less than two standard errors of the difference of two shares.
    """
    samples = samples_of(metric)
    if samples is None:
        return False
    share = Share(metric).best
    error = math.sqrt(2.0 * max(share * (1.0 - share), 1.0 / samples) / samples)
    return fall / whole_of(metric.values) < _CHANCE * error
