"""One training of a target, as it is or with some things set, and its held-out losses.

The same seed gives the same weights (as far as shapes agree) and the same order of the data, so
that two trainings can be compared as a pair.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import nn

from advisor.model import Value
from advisor.text import told
from advisor_probe.isolation.job import Training
from advisor_probe.settings import flat, with_value
from advisor_probe.target import Batch, ProbeTarget, TargetError
from advisor_probe.verifying.knobs import Described
from advisor_probe.workbench.batches import size, to
from advisor_probe.workbench.restore import generators_of, random_states
from advisor_probe.workbench.subject import Subject, samples, seed_all

HELD = 32
"""Validation batches that losses are compared on, with the settings as they are."""


class Trained(NamedTuple):
    """What a training came to: losses on held-out data, which may be NaN or infinite."""

    untrained: float
    """Before the first step."""
    losses: tuple[float, ...]
    """At each checkpoint."""


def described(target: ProbeTarget, device: str) -> Described:
    """Say what of a target can be set. Raises ``TargetError`` without validation data."""
    subject = Subject(target, device, 0)
    held = subject.val(HELD)
    if not held:
        raise TargetError("val is missing: changes are compared on held-out data")
    return Described(
        settings=dict(flat(target.settings)),
        optimizer=_shared(subject.optimizer(subject.model())),
        batch=size(subject.train(1)[0]),
        held=samples(held),
        steps=target.steps,
    )


def trained(target: ProbeTarget, device: str, training: Training) -> Trained:
    """Train a target from a seed, with what is to be set."""
    settings = target.settings
    for one in (one for one in training.settings if one.where == "settings"):
        settings = with_value(settings, one.path, one.value)
    subject = Subject(dataclasses.replace(target, settings=settings), device, training.seed)
    # What the loss is made of may be what changes: both are judged by the loss as it is.
    judge = Subject(target, device, training.seed)
    model = subject.model()
    optimizer = subject.optimizer(model)
    for one in (one for one in training.settings if one.where == "optimizer"):
        for group in optimizer.param_groups:
            group[one.path] = one.value
    untrained = _held_out(subject, judge, model, training)
    seed_all(training.seed)
    losses: list[float] = []
    for batch, steps in _batches(subject, training):
        subject.step(model, optimizer, batch)
        due = sum(steps >= one for one in training.checkpoints[len(losses) :])
        if due:
            losses += [_held_out(subject, judge, model, training)] * due
    return Trained(untrained, tuple(losses))


def _shared(optimizer: torch.optim.Optimizer) -> dict[str, Value]:
    """Return the options that are plain, and the same in all groups of parameters."""
    first, *others = optimizer.param_groups
    plain = dict(flat({key: value for key, value in first.items() if key != "params"}))
    return {
        key: value
        for key, value in plain.items()
        if all(group.get(key) == first[key] for group in others)
    }


def _batches(subject: Subject, training: Training) -> Iterator[tuple[Batch, float]]:
    """Yield batches, each with the steps that the settings as they are would have taken by then."""
    unit = training.batch or 1
    wanted = training.checkpoints[-1] * unit
    seen = 0
    for epoch in itertools.count():
        before = seen
        # A change may draw more random numbers than the settings as they are: each epoch its seed.
        _seed(subject, training.seed + 1_000_003 * epoch)
        for batch in subject.data("train"):
            seen += size(batch) if training.batch else 1
            yield to(batch, subject.device), seen / unit
            if seen >= wanted:
                return
        if seen == before:
            text = "train ends after {seen:step} of {wanted:step} samples and cannot be repeated"
            raise TargetError(told(text, seen=seen, wanted=wanted))


def _seed(subject: Subject, seed: int) -> None:
    seed_all(seed)
    for generator in generators_of(subject.loader("train")):
        generator.manual_seed(seed)


def _held_out(subject: Subject, judge: Subject, model: nn.Module, training: Training) -> float:
    """Return the mean loss over the held-out samples, those of every batch as they count."""
    total, seen = 0.0, 0
    with _evaluating(model, training.seed):
        for number, batch in enumerate(subject.data("val"), 1):
            count = size(batch) or 1
            total += count * float(judge.loss(model, to(batch, subject.device)))
            seen += count
            if (training.held and seen >= training.held) or (not training.held and number == HELD):
                break
    return total / max(seen, 1)


@contextmanager
def _evaluating(model: nn.Module, seed: int) -> Iterator[None]:
    """Switch to evaluation, from a seed; the training goes on as if nothing had been."""
    modes = [(module, module.training) for module in model.modules()]
    with random_states(), torch.no_grad():
        seed_all(seed)
        model.eval()
        yield
    for module, training in modes:
        module.training = training
