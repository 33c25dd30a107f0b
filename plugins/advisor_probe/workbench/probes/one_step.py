"""One step: is it finite, does it reach every parameter, does it come out the same twice."""

from __future__ import annotations

import math

import torch
from torch import nn

from advisor_probe.workbench.batches import size
from advisor_probe.workbench.losses import recognized
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject, seed_all

NAMED = 8
"""So many parameters are named."""


def measure(subject: Subject, record: Record) -> None:
    """Report what one batch through model, loss and optimizer shows."""
    model, batch = subject.model(), subject.train(1)[0]
    optimizer = subject.optimizer(model)
    seed_all(subject.seed)
    judged = subject.judged(model, batch)
    record.point("finite", float(torch.isfinite(judged.value.detach())))
    judged.value.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    record.point("finite_gradient", float(_finite(model)))
    _report_parameters(model, optimizer, record)
    record.point("repeats", _difference(subject, float(judged.value.detach())))
    known = recognized(judged)
    record.fact("loss", known.kind if known else "unknown")
    record.fact("batch_size", size(batch))
    record.fact("device", subject.device.type)
    _report_optimizer(optimizer, record)


def _report_parameters(model: nn.Module, optimizer: torch.optim.Optimizer, record: Record) -> None:
    trained = {id(p) for group in optimizer.param_groups for p in group["params"]}
    free = {name: p for name, p in model.named_parameters() if p.requires_grad}
    unreached = [name for name, p in free.items() if p.grad is None]
    left_out = [name for name, p in free.items() if id(p) not in trained]
    total = sum(p.numel() for p in free.values())
    record.point("parameters", total)
    for quantity, names in (("unreached", unreached), ("left_out", left_out)):
        record.point(quantity, sum(free[name].numel() for name in names) / max(total, 1))
        record.fact(quantity, tuple(names[:NAMED]))


def _finite(model: nn.Module) -> bool:
    gradients = (p.grad for p in model.parameters() if p.grad is not None)
    return all(bool(torch.isfinite(gradient).all()) for gradient in gradients)


def _difference(subject: Subject, first: float) -> float:
    """Return how much the loss differs when the same is done again, as a share of it."""
    model, batch = subject.model(), subject.train(1)[0]
    seed_all(subject.seed)
    again = float(subject.loss(model, batch).detach())
    return abs(again - first) / max(abs(first), 1e-12) if math.isfinite(first) else 0.0


def _report_optimizer(optimizer: torch.optim.Optimizer, record: Record) -> None:
    record.fact("optimizer", type(optimizer).__name__)
    group = optimizer.param_groups[0]
    for key in ("lr", "momentum", "weight_decay", "nesterov"):
        if isinstance(group.get(key), int | float):
            record.fact(key, group[key])
