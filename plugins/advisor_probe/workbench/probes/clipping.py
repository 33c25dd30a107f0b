"""Clipping gradients by their norm; and whether the user's own step clips, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from advisor_probe.workbench.comparison import Arm, compare
from advisor_probe.workbench.ensemble import Optimize
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject, seed_all

NORMS = {"one": 1.0, "tenth": 0.1}
NONE, BY_NORM, BY_VALUE, OTHERWISE = 0.0, 1.0, 2.0, 3.0
"""How the user's own step changes gradients before the optimizer sees them."""
NEAR = 0.05
"""Relative difference up to which gradients count as equal: those of half precision are."""


def measure(subject: Subject, record: Record) -> None:
    """Report how the user clips, and where that is not at all, what clipping by norm brings."""
    own = _own(subject)
    record.point("own", own)
    if own != NONE:
        return
    arms = [Arm(n, _clipped(subject.optimizer, norm), apart=True) for n, norm in NORMS.items()]
    compare(subject, record, [Arm("user", subject.optimizer), *arms])


def _own(subject: Subject) -> float:
    """Compare the gradients of a batch with those that the user's step hands to the optimizer."""
    if subject.target.step is None:
        return NONE
    batch, model = subject.train(1)[0], subject.model()
    seed_all(subject.seed)
    subject.loss(model, batch).backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
    plain = _gradient(list(model.parameters()))
    model = subject.model()
    optimizer = subject.optimizer(model)
    seen: list[Tensor] = []
    optimizer.register_step_pre_hook(lambda *_: seen.append(_gradient(list(model.parameters()))))
    seed_all(subject.seed)
    subject.step(model, optimizer, batch)
    if not seen or seen[0].shape != plain.shape:
        raise NotProbed("your step does not step the optimizer once for a batch")
    return how_clipped(plain, seen[0])


def how_clipped(plain: Tensor, seen: Tensor) -> float:
    """Tell what was done to a gradient, ``float[n]`` each: scaled to a norm, cut at a value."""
    length, left = float(plain.norm()), float(seen.norm())
    if abs(left - length) <= NEAR * length:
        return NONE
    cut = float(seen.abs().max())
    by_value = plain.clamp(-cut, cut)
    if float((by_value - seen).norm()) <= NEAR * left and int((seen.abs() == cut).sum()) > 1:
        return BY_VALUE
    along = float(plain @ seen) / max(length * left, 1e-30)
    return BY_NORM if along > 1 - NEAR and left < length else OTHERWISE


def _gradient(parameters: Sequence[Tensor]) -> Tensor:
    found = [p.grad.detach().flatten().double() for p in parameters if p.grad is not None]
    return torch.cat(found) if found else torch.zeros(0)


def _clipped(optimize: Optimize, norm: float) -> Optimize:
    """Return what makes the same optimizer, which clips before each step."""

    def made(model: nn.Module) -> torch.optim.Optimizer:
        optimizer = optimize(model)

        def clip(*_: Any) -> None:
            nn.utils.clip_grad_norm_(model.parameters(), norm)

        optimizer.register_step_pre_hook(clip)
        return optimizer

    return made
