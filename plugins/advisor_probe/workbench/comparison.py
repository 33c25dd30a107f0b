"""Comparing choices by short trainings: the same seeds, the same batches, each at its best rate.

A choice is compared at the best of a few learning rates, for one that suits the user's own
setting need not suit another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from advisor_probe.target import Batch
from advisor_probe.workbench.ensemble import (
    Ensemble,
    Member,
    Optimize,
    Prepare,
    Separate,
    train_together,
)
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

SEEDS, STEPS, HELD = 5, 150, 8
TRIED, TRIED_STEPS = (0.1, 0.3, 1.0, 3.0, 10.0), 50
"""Rates in relation to an arm's own that are tried, and for how many steps."""

Schedule = Callable[[float], float]
"""From progress, 0 to 1, to what the rate is multiplied by."""


def cosine(progress: float) -> float:
    """Return the factor of a cosine decay to 0."""
    return 0.5 * (1 + math.cos(math.pi * progress))


def constant(_progress: float) -> float:
    """Return 1."""
    return 1.0


def onecycle(progress: float) -> float:
    """Return the factor of 1cycle: up from 1/25 in the first 30%, then down to nothing."""
    if progress < 0.3:
        return 0.04 + 0.96 * 0.5 * (1 - math.cos(math.pi * progress / 0.3))
    return 0.5 * (1 + math.cos(math.pi * (progress - 0.3) / 0.7))


def as_it_is(_model: nn.Module) -> None:
    """Leave a model as it is."""


class Arm(NamedTuple):
    """One of the choices that are compared."""

    name: str
    optimize: Optimize
    prepare: Prepare = as_it_is
    schedule: Schedule = cosine
    apart: bool = False
    """True where the optimizer looks at a whole model, and so cannot work on a stack of them."""


def compare(subject: Subject, record: Record, arms: Sequence[Arm]) -> None:
    """Report the held-out loss of each arm, seed by seed, and the rate that it was trained at."""
    held = held_out(subject)
    for arm in arms:
        report(subject, record, arm, held)


def report(subject: Subject, record: Record, arm: Arm, held: Sequence[Batch]) -> None:
    """Report the held-out loss of one arm, seed by seed, and the rate that it was trained at."""
    factor = _best_rate(subject, arm)
    ensemble = trained(subject, arm, factor, subject.train(STEPS))
    record.curve(arm.name, ensemble.evaluate(held).tolist())
    rate = arm.optimize(subject.model()).param_groups[0]["lr"]
    record.fact(f"{arm.name}_rate", float(rate) * factor)


def held_out(subject: Subject) -> list[Batch]:
    """Return validation batches. Raises ``NotProbed`` if the target has none."""
    held = subject.val(HELD)
    if not held:
        raise NotProbed("the target has no validation data to compare by")
    return held


def trained(subject: Subject, arm: Arm, factor: float, batches: Sequence[Batch]) -> Ensemble:
    """Train an arm from every seed on some batches."""
    members = [Member(seed, factor) for seed in range(SEEDS)]
    ensemble = _gathered(subject, arm, members)
    for step, batch in enumerate(batches):
        ensemble.step(batch, arm.schedule(step / len(batches)))
    return ensemble


def _gathered(subject: Subject, arm: Arm, members: Sequence[Member]) -> Ensemble:
    way = Separate if arm.apart else train_together
    return way(subject, members, arm.optimize, arm.prepare)


def _best_rate(subject: Subject, arm: Arm) -> float:
    """Return which of the tried rates ends lowest on training data, from one seed."""
    members = [Member(0, factor) for factor in TRIED]
    ensemble = _gathered(subject, arm, members)
    losses: list[Tensor] = []
    for step, batch in enumerate(subject.train(TRIED_STEPS)):
        losses.append(ensemble.step(batch, arm.schedule(step / TRIED_STEPS)))
    ends = torch.stack(losses[-8:]).mean(0).nan_to_num(nan=float("inf"))
    return TRIED[int(ends.argmin())]
