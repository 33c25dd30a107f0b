"""The evaluation as it really is: in evaluation mode, without side effects, the same twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from advisor_probe.target import call
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject, as_number

BATCHES = 8
NAMED = 8

_TOGGLED = (_BatchNorm, _DropoutNd)
"""Modules that do something else while training."""


def measure(subject: Subject, record: Record) -> None:
    """Report which modules still train while the user evaluates, and what that costs."""
    if subject.target.evaluate is None:
        raise NotProbed("the target has no evaluate(model, val)")
    batches = subject.val(BATCHES)
    if not batches:
        raise NotProbed("the target has no validation data")
    model = subject.model()
    toggled = [name for name, m in model.named_modules() if isinstance(m, _TOGGLED)]
    record.point("toggled", len(toggled))
    if not toggled:
        return
    _warm_up(subject, model)
    before = {name: buffer.clone() for name, buffer in model.named_buffers()}
    training: list[str] = []
    hooks = [
        module.register_forward_pre_hook(_noting(name, training))
        for name, module in model.named_modules()
        if isinstance(module, _TOGGLED)
    ]
    model.train()
    first = _evaluated(subject, model)
    for hook in hooks:
        hook.remove()
    moved = [n for n, b in model.named_buffers() if not torch.equal(b, before[n])]
    record.point("training", len(set(training)))
    record.fact("training", tuple(dict.fromkeys(training))[:NAMED])
    record.point("buffers_moved", len(moved))
    model.train()
    again = _evaluated(subject, model)
    record.point("differs", abs(first - again) / max(abs(first), 1e-12))


def _warm_up(subject: Subject, model: nn.Module) -> None:
    """Take a few steps, so that running statistics are not those of the start."""
    optimizer = subject.optimizer(model)
    for batch in subject.train(BATCHES):
        subject.step(model, optimizer, batch)


def _noting(name: str, training: list[str]) -> Callable[[nn.Module, Any], None]:
    def note(module: nn.Module, _given: Any) -> None:
        if module.training:
            training.append(name)

    return note


def _evaluated(subject: Subject, model: nn.Module) -> float:
    subject.spent += BATCHES
    target, held = subject.target, subject.val(BATCHES)
    value = (
        call(target.evaluate, model, held, settings=target.settings) if target.evaluate else None
    )
    return as_number("evaluate(model, val)", value)
