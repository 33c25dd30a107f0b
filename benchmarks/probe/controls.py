"""Sound programs that look unusual: what they do must not be called a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor, nn

from advisor_probe import ProbeTarget

from .bases import HELD, SAMPLES, Base, split
from .datasets import Data

Made = Callable[[], ProbeTarget]


def of_step(base: Base) -> Iterator[tuple[str, Made]]:
    """Yield unusual training steps, by title."""
    for step in (_clipped, _accumulated, _closure):
        yield step.__name__[1:], partial(base.target, step=step(base))


def of_data(base: Base) -> Iterator[tuple[str, Made]]:
    """Yield unusual data, by title."""
    if base.data(1, 0)[0].is_floating_point():
        yield "min-max scaled", lambda: _with_data(base, _min_max)
    if base.chooses:
        yield "label noise", lambda: base.target(train=[(x, _noisy(y)) for x, y in base.batches()])
        yield "imbalanced", lambda: _imbalanced(base)


Step = Callable[[nn.Module, torch.optim.Optimizer, Data], float]


def _clipped(base: Base) -> Step:
    """Return a step that clips gradients, and clears them after the step."""

    def step(model: nn.Module, optimizer: torch.optim.Optimizer, batch: Data) -> float:
        loss = base.loss(model, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        return float(loss.detach())

    return step


def _accumulated(base: Base) -> Step:
    """Return a step that gathers the gradients of two halves."""

    def step(model: nn.Module, optimizer: torch.optim.Optimizer, batch: Data) -> float:
        optimizer.zero_grad()
        total = 0.0
        for x, y in zip(batch[0].chunk(2), batch[1].chunk(2), strict=True):
            loss = base.loss(model, (x, y)) / 2
            loss.backward()
            total += float(loss.detach())
        optimizer.step()
        return total

    return step


def _closure(base: Base) -> Step:
    """Return a step that hands the optimizer a function."""

    def step(model: nn.Module, optimizer: torch.optim.Optimizer, batch: Data) -> float:
        def closure() -> float:
            optimizer.zero_grad()
            loss = base.loss(model, batch)
            loss.backward()
            return float(loss.detach())

        return float(optimizer.step(closure))

    return step


def _min_max(inputs: Tensor, like: Tensor) -> Tensor:
    """Scale columns to between 0 and 1, as another set of samples has them."""
    low, high = like.amin(0, keepdim=True), like.amax(0, keepdim=True)
    return (inputs - low) / (high - low)


def _with_data(base: Base, scale: Callable[[Tensor, Tensor], Tensor]) -> ProbeTarget:
    inputs, targets = base.data(SAMPLES, 0)
    held, held_targets = base.data(HELD, 1)
    return base.target(
        train=split((scale(inputs, inputs), targets)),
        val=split((scale(held, inputs), held_targets)),
    )


def _noisy(labels: Tensor) -> Tensor:
    wrong = torch.rand(len(labels), generator=torch.Generator().manual_seed(0)) < 0.2
    return torch.where(wrong, labels.flip(0), labels)


def _imbalanced(base: Base) -> ProbeTarget:
    """Keep a tenth of all classes but the first."""
    return base.target(
        train=split(_mostly_first(base.data(8 * SAMPLES, 0))),
        val=split(_mostly_first(base.data(8 * HELD, 1))),
    )


def _mostly_first(data: Data) -> Data:
    inputs, labels = data
    drawn = torch.rand(len(labels), generator=torch.Generator().manual_seed(1))
    kept = (labels == 0) | (drawn < 0.1)
    return inputs[kept], labels[kept]
