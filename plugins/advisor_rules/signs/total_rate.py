"""All learning rates of a run added up: how far its weights can have come.

Adam and its like move a weight by about the learning rate in a step (Kingma & Ba 2015, section
2.1), and by less where gradients disagree; SGD by the rate times a gradient that is seldom above 1
for a single weight. So the sum of all rates bounds how far any weight has come. Weights of usual
initializations are a tenth to one in size: where the sum is less than that, most of the model is
still what chance made it, whatever the task, the data or the length of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.roles import Task
from advisor.run import Axis
from advisor.view import RunView
from advisor_rules.signs import schedule
from advisor_rules.signs.learning_time import over_learning_time, recorded_shape
from advisor_rules.signs.measure import fell, relative
from advisor_rules.signs.reached import UNTAUGHT
from advisor_rules.signs.right_answers import right_at_end
from advisor_rules.signs.small_steps import new_bests, unshaken
from advisor_rules.signs.straight_fall import ENDS_AT, LONG, largest_climb, late_share

_FOLLOWS = frozenset({"sgd", "adam", "adamw", "nadam", "radam", "adamax", "lion", "signum"})
"""Optimizers whose steps are as long as the rate, or shorter. Those of RMSprop begin longer."""
_APART = 10
"""Steps from one validation to the next beyond which they are no epochs, where the number of
epochs is not known (chosen by eye: few validate more seldom than every tenth epoch)."""
_HARDLY = 0.05
"""The largest fall of a loss that did not begin to fall, in units that do not depend on its scale:
measured on 1,440 healthy and harmless small trainings of 17 data sets and models, of which none
fell by less."""
_SURE = 2.0
"""The standard errors from which a fall of a training loss is none of chance: the usual two."""
_CLIMB = 0.35
"""The largest rise on the way, as a share of all that validation gained (chosen by eye)."""
FAR = 1.0
"""All rates added up from which weights may have moved by as much as they are large. Measured on
small trainings of 41 data sets and models: of 23 beyond it whose validation got better every time
18 are none too slow, nearly all of one data set."""
_FARTHER = 3.5
"""The same for a model that is poor in the end: it was not done when it had come so far. Measured
on small trainings of 49 data sets and models: of 16 between it and the other all are too slow; what
still falls in the end and is poor in good health has come 4.5 and more, on seven of them."""
_LONGEST = 2_000
"""The most updates for which the sums may be larger than the first: the longest of those trainings
has 1,650. What is trained for longer is mostly wider than they are, or was trained before."""
_NOWHERE = 0.2
"""All rates added up below which a model that learned nothing had no chance to, and nothing was
shaken: of 1,980 healthy and harmless small trainings ten have less, most of them fine-tuned or on
60 samples."""
_EACH = 0.1
"""The most for each validation where these are fewer than ``LONG``, and a run may have been cut
short. Measured on small trainings of 45 data sets and models of which all validations, each second,
third or fourth were left: where losses show a short way, 719 of 742 are too slow, beyond it 324 of
393."""
_WIDE = 64
"""The widest layers of the small trainings that the sums are measured on. The weights of wider ones
begin smaller, with the root of the width (He et al. 2015, section 2.2), and need not come as far.
"""
_LANGUAGE = 512
"""The width that a language model is taken to have where none is recorded: that of the base model
of Vaswani et al. (2017, table 3)."""
_SOME, _AT_ONCE = 0.1, 2.0
"""The least of all rates added up from which it shows that a model was trained before, and the
largest fall of its losses for each unit of the sum, in units that do not depend on their scale.
Measured on small trainings of two data sets: fine-tuned ones fell by 1.3 at most, untrained ones
whose rate was too low by 5 and more."""
_STANDARD = 0.01
"""A lower first loss of a regression is that of small targets: a model that leaves so little of the
variance of standardized ones needs no more training (chosen by eye)."""
_FAIR, _PART = 0.8, 0.1
"""The largest accuracy (of 1) at the end of a model that has more to learn (chosen by eye), and
what that leaves of the late fall that is asked for. Measured on the same: of 24 trainings between a
tenth and a fifth of it, one is not too slow."""
_CALM, _CALMER = 0.75, 0.85
"""The least share of the validations that were new bests for that, and where no accuracy is logged:
what long steps shake is not held up by short ones. The first is chosen on the small trainings of
eight data sets and models: of those that it leaves out, about half were not too slow. Of 49, beyond
the second all but five of 42 trainings are too slow, and between the two five of eight; where no
accuracy is logged, of 65 seven of 15 that a sum from 1 to 2 would find are not too slow."""


def total_rate(run: RunView) -> float | None:
    """Return the sum of the rates of all updates; ``None`` where steps or rates are not known.

    As logged, else the recorded rate times the updates, half of that under a schedule that ends
    near 0. ``None`` as well for an optimizer whose steps follow another measure. The rule must
    declare ``lr``, ``epoch``, ``train/loss`` and ``val/loss``.
    """
    updates = _updates(run)
    if updates is None or not _follows_the_rate(run):
        return None
    rate, recorded = run.get("lr"), run.settings.number("learning_rate")
    if rate is not None and schedule.readable(rate) and rate.axis is Axis.STEP:
        return _sum(rate)
    if rate is not None or recorded is None or recorded <= 0:
        return None
    return recorded * updates * (0.5 if recorded_shape(run) else 1.0)


def came_far(run: RunView, far: float) -> bool:
    """Tell whether the rates add up to more than ``far``, unless the optimizer is SGD.

    SGD does not go as far as its rates where the loss is flat. Wide layers have come far sooner.
    The rule must declare what ``total_rate`` does.
    """
    total = total_rate(run) if run.settings.choice("optimizer") != "sgd" else None
    return total is not None and total > far * _size(run)


def began_good(run: RunView, curves: Sequence[Curve]) -> bool:
    """Tell whether losses that began low hardly fell, though the rates added up to some.

    An untrained model learns fast at first for what its weights move: so this one was none. With
    SGD they need not have moved. The loss of a regression may be low for its unit alone. The rule
    must declare what ``total_rate`` does.
    """
    total = total_rate(run)
    if total is None or not came_far(run, _SOME):
        return False
    most = _AT_ONCE * total / _size(run)
    start = run["train/loss"].trend.start
    if run.task is Task.REGRESSION and start < _STANDARD:
        return False
    return start < UNTAUGHT and all(_fell_later(curve) <= most for curve in curves)


def _fell_later(curve: Curve) -> float:
    """Return by how much a loss fell from its first tenth on, in the units of ``relative``.

    The first few values alone would show the scatter of single batches.
    """
    end = curve.trend.tail()
    return relative(curve, curve.trend.level(0.0, 0.1).value - end.value, end)


class ShortWay(NamedTuple):
    """Learning rates that add up to too little."""

    total: float
    """The sum of the rates of all steps."""
    most: float
    """The largest sum that is too little for losses that still fall so."""


def short_way(
    run: RunView, curves: Sequence[Curve], way: float, hurried: float, poor: float
) -> ShortWay | None:
    """Return the sum of all rates, if losses that still fall show that it is too little.

    ``curves`` are the validation and the training loss. The last third of the rate that was spent
    must have made ``way`` of the fall of both for each unit of the sum, and no more than
    ``hurried``; of the fall of validation alone where nothing shook it, or, and less of it, where
    there was more to learn (see ``_bounds``). Where the sum is next to nothing, a fall may come
    late, or not at all. All these sums are less for wide layers, and of fewer validations than
    ``LONG``. The rule must declare what ``total_rate`` does, and ``val/metric``.
    """
    total, size = total_rate(run), _size(run)
    if total is None or total > _FARTHER * size or len(curves) < 2:
        return None
    if any(len(curve.non_finite) for curve in curves):
        return None
    if total <= _NOWHERE * size and _learned_nothing(*curves):
        return ShortWay(total, _NOWHERE * size)
    val = curves[0].trend
    short, part = _bounds(curves[0], right_at_end(run), poor)
    short = short if (_updates(run) or 0) < _LONGEST else min(short, FAR)
    short = min(short, _EACH * len(val)) if len(val) < LONG else short
    if total > short * size or val.best.at < ENDS_AT or largest_climb(val) > _CLIMB * val.gain:
        return None
    # The training loss scatters with single batches; validation that nothing shook needs no second,
    # nor does that of a model that had more to learn: of 34 such runs of small trainings that few
    # rows of training would deny, one is not too slow.
    asked = curves if part == 1.0 and unshaken(run, curves[0]) is None else curves[:1]
    late = [late_share(over_learning_time(run, curve)) for curve in asked]
    most = size * min(short, min(late) / (way * part))
    # A rate holds a loss up by shaking it, and next to none shakes nothing.
    held_up = max(late) > hurried and total > _NOWHERE * size
    return ShortWay(total, most) if total <= most and not held_up else None


def _learned_nothing(val: Curve, train: Curve) -> bool:
    """Tell whether neither loss fell, though single batches may throw that of training about."""
    still = fell(train) <= _HARDLY or train.trend.slope(0.0, 1.0).t > -_SURE
    return fell(val) <= _HARDLY and still


def _bounds(val: Curve, accuracy: float | None, poor: float) -> tuple[float, float]:
    """Return the largest sum of all rates, and the part of the late fall that is asked for.

    A model that ended poor had more to learn. So had one that ended fair, or of which that is not
    known, while validation got better nearly every time: what long steps shake is not held up by
    short ones.
    """
    if accuracy is not None and accuracy <= poor:
        return _FARTHER, _PART
    calm = _CALMER if accuracy is None else _CALM
    fair = accuracy is None or accuracy <= _FAIR
    return FAR, _PART if fair and new_bests(val) >= calm else 1.0


def _size(run: RunView) -> float:
    """Return the size of the weights at the start, against those of the layers measured on."""
    width = run.settings.number("hidden_size")
    if width is None and run.task is Task.LANGUAGE_MODEL:
        width = _LANGUAGE
    return 1.0 if width is None else float(np.sqrt(_WIDE / max(width, _WIDE)))


def _follows_the_rate(run: RunView) -> bool:
    """Tell whether nothing says that the steps of the optimizer follow another measure."""
    recorded = run.settings.get("optimizer") is not None
    return not recorded or run.settings.choice("optimizer") in _FOLLOWS


def _sum(rate: Curve) -> float:
    """Return the sum over all steps, of which the first rate stands for those before it."""
    between = (rate.values[1:] + rate.values[:-1]) / 2 * np.diff(rate.steps)
    return float(between.sum() + rate.values[0] * max(rate.steps[0], 1))


def _updates(run: RunView) -> int | None:
    """Return the number of updates, if that is what steps count and not epochs."""
    train, val = run.get("train/loss"), run.get("val/loss")
    curves = [curve for curve in (train, val) if curve is not None and len(curve)]
    if train is None or not len(train) or any(curve.axis is not Axis.STEP for curve in curves):
        return None
    updates = int(max(curve.steps[-1] for curve in curves)) + 1
    epochs = _epochs(run)
    if epochs is not None:
        return updates if updates > 1.5 * epochs else None
    rare = val is not None and len(val) > 1 and int(np.diff(val.steps).min()) >= _APART
    return updates if rare else None


def _epochs(run: RunView) -> float | None:
    """Return the number of epochs, as recorded or else as logged beside the steps."""
    recorded, logged = run.settings.number("epochs"), run.get("epoch")
    if recorded is not None or logged is None or not len(logged):
        return recorded
    return float(logged.values.max()) + 1.0
