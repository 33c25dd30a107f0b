"""Programs with one planted fault each, and sound ones that look unusual."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812  # torch's own habit
from torch import nn

from advisor_probe import ProbeTarget

from .bases import BASES, Base, Data, mlp

FAR = 100.0
"""How far off a planted learning rate is."""


class Program(NamedTuple):
    """A program, and the rules of which one must fire; none for a sound program."""

    name: str
    make: Callable[[], ProbeTarget]
    rules: tuple[str, ...] = ()


def programs() -> Iterator[Program]:
    """Yield all programs: faulty ones, wrong rates, sound ones and controls."""
    for base in BASES:
        yield from _faulty(base)
        yield from _rates(base)
        yield Program(f"{base.name}: sound", base.target)
        yield from _controls(base)
    yield from _of_one_base()


def _faulty(base: Base) -> Iterator[Program]:
    """Yield the faults that any program can have."""

    def forgetful(model: nn.Module, optimizer: torch.optim.Optimizer, batch: Data) -> float:
        loss = base.loss(model, batch)
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    def inflated() -> nn.Module:
        model = base.model()
        for p in model.parameters():
            if p.ndim > 1:
                nn.init.normal_(p, std=1.5)
        return model

    def half(model: nn.Module) -> torch.optim.Optimizer:
        weights = list(model.parameters())
        return torch.optim.Adam(weights[len(weights) // 2 :], base.rate)

    shuffled = [(x, y[torch.randperm(len(y))]) for x, y in base.batches()]
    poisoned = [(x * float("nan") if x.is_floating_point() else x, y) for x, y in base.batches()]
    yield Program(f"{base.name}: no zero_grad", lambda: base.target(step=forgetful),
                  ("zero-grad-forgotten",))  # fmt: skip
    yield Program(f"{base.name}: inflated", lambda: base.target(model=inflated),
                  ("probe-init-match", "probe-initial-loss"))  # fmt: skip
    yield Program(f"{base.name}: half optimized", lambda: base.target(optimizer=half),
                  ("probe-idle-parameters",))  # fmt: skip
    yield Program(f"{base.name}: shuffled", lambda: base.target(train=shuffled),
                  ("probe-never-learned",))  # fmt: skip
    if poisoned[0][0].isnan().any():
        yield Program(f"{base.name}: NaN in the data", lambda: base.target(train=poisoned),
                      ("probe-not-finite",))  # fmt: skip
        yield Program(f"{base.name}: unscaled", lambda: base.target(train=_scaled(base, 60.0)),
                      ("feature-scale",))  # fmt: skip
    if not base.regression:
        yield Program(f"{base.name}: softmax twice", lambda: base.target(loss=_softmaxed),
                      ("probe-logits-vs-softmax",))  # fmt: skip


def _softmaxed(model: nn.Module, batch: Data) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    chances = model(batch[0]).softmax(1)
    return F.cross_entropy(chances, batch[1]), chances, batch[1]


def _scaled(base: Base, factor: float) -> list[Data]:
    return [(x * factor + factor / 2, y) for x, y in base.batches()]


def _rates(base: Base) -> Iterator[Program]:
    for word, factor in (("high", FAR), ("low", 1 / FAR)):
        rate = base.rate * factor

        def optimizer(model: nn.Module, rate: float = rate) -> torch.optim.Optimizer:
            return torch.optim.Adam(model.parameters(), rate)

        yield Program(
            f"{base.name}: rate too {word}",
            lambda optimizer=optimizer: base.target(optimizer=optimizer),
            ("probe-lr-range", "probe-not-finite"),
        )


def _controls(base: Base) -> Iterator[Program]:
    """Yield sound programs that look unusual."""

    def clipped(model: nn.Module, optimizer: torch.optim.Optimizer, batch: Data) -> float:
        loss = base.loss(model, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
        return float(loss.detach())

    def accumulated(model: nn.Module, optimizer: torch.optim.Optimizer, batch: Data) -> float:
        optimizer.zero_grad()
        total = 0.0
        for x, y in zip(batch[0].chunk(2), batch[1].chunk(2), strict=True):
            loss = base.loss(model, (x, y)) / 2
            loss.backward()
            total += float(loss.detach())
        optimizer.step()
        return total

    yield Program(f"{base.name}: clipped", lambda: base.target(step=clipped))
    yield Program(f"{base.name}: accumulated", lambda: base.target(step=accumulated))
    if not base.regression:
        noisy = [(x, _noisy(y)) for x, y in base.batches()]
        yield Program(f"{base.name}: label noise", lambda: base.target(train=noisy))


def _noisy(labels: torch.Tensor) -> torch.Tensor:
    wrong = torch.rand(len(labels), generator=torch.Generator().manual_seed(0)) < 0.2
    return torch.where(wrong, labels.flip(0), labels)


def _of_one_base() -> Iterator[Program]:
    """Yield faults that only some programs can have."""
    spirals, friedman, bars, _, _, blobs = BASES

    def training(model: nn.Module, val: list[Data]) -> float:
        with torch.no_grad():
            return sum(float(bars.loss(model, batch)) for batch in val) / len(val)

    def dead() -> nn.Module:
        model = blobs.model()
        nn.init.constant_(model[1].bias, -30.0)
        return model

    deep = (2, *[16] * 8, 3)
    column = [(x, y.squeeze(1)) for x, y in friedman.batches()]
    narrow = [(torch.cat([x[:, :4], x[:, 4:] * 0], 1), y) for x, y in blobs.batches()]
    yield Program("bars: evaluated while training", lambda: bars.target(evaluate=training),
                  ("probe-train-eval-toggle",))  # fmt: skip
    yield Program("blobs: evaluated while training", lambda: blobs.target(evaluate=training),
                  ("probe-train-eval-toggle",))  # fmt: skip
    yield Program("blobs: dead ReLU", lambda: blobs.target(model=dead),
                  ("probe-activation-choice",))  # fmt: skip
    yield Program("spirals: deep sigmoid",
                  lambda: spirals.target(model=lambda: mlp(deep, nn.Sigmoid)),
                  ("probe-vanishing-gradients",))  # fmt: skip
    yield Program("friedman: shapes spread", lambda: friedman.target(train=column),
                  ("probe-output-layer-shape",))  # fmt: skip
    yield Program("friedman: sigmoid last",
                  lambda: friedman.target(
                      model=lambda: nn.Sequential(friedman.model(), nn.Sigmoid())),
                  ("probe-output-activation",))  # fmt: skip
    yield Program("blobs: empty columns", lambda: blobs.target(train=narrow),
                  ("probe-input-layer-shape",))  # fmt: skip
