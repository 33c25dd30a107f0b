"""How far from good a run ended: between what guessing gives and what a perfect model would."""

from __future__ import annotations

import math
from typing import NamedTuple

from advisor.curve import Curve
from advisor.roles import Task
from advisor.view import RunView
from advisor_rules.chance import classes_at_start, single_steps

_SHARES = frozenset({"accuracy", "top1_accuracy", "f1"})
"""Metrics of a classifier that are a share of what it gets right."""


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


def reached(run: RunView) -> Reached | None:
    """Hold what a run reached against guessing and against perfect, where these are known.

    The rule must declare ``train/loss``, ``val/loss`` and ``val/metric``, and require both losses.
    """
    classes = run.settings.number("classes")
    known = classes if classes is not None and classes >= 2 else None
    metric, val = run.get("val/metric"), run["val/loss"]
    if metric is not None and len(metric) and metric.role.quantity in _SHARES:
        return _by_share(metric, known or classes_at_start(run, run["train/loss"]))
    if run.task is Task.REGRESSION:
        return _by_start(run)
    end = val.trend.tail(0.15).value
    # Far above ln(C) it is no cross-entropy, or one of another unit.
    if known is None or run.task is not Task.CLASSIFICATION or not 0 < end < 2 * math.log(known):
        return None
    return Reached(val, 1.0 - end / math.log(known), end, math.log(known), 0.0)


def _by_start(run: RunView) -> Reached | None:
    """Hold the end of a regression against its first loss, that of a model that knows nothing."""
    train = run["train/loss"]
    if not single_steps(run, train) or train.values.min() <= 0:
        return None
    first, end = train.trend.start, train.trend.tail(0.15).value
    return Reached(train, 1.0 - end / first, end, first, 0.0)


def _by_share(metric: Curve, classes: float | None) -> Reached:
    whole = 100.0 if metric.values.max() > 1.5 else 1.0
    level = -metric.trend.tail(0.15).value
    chance = 1.0 / classes if classes else 0.0
    skill = (level / whole - chance) / (1.0 - chance)
    return Reached(metric, skill, level, chance * whole if classes else None, whole)
