"""Faults of a program, each with the rules of which one must name it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import torch
import torch.nn.functional as F  # noqa: N812  # torch's own habit
from torch import Tensor, nn

from advisor_probe import ProbeTarget

from .bases import BASES, Base
from .datasets import Data
from .models import mlp

Fault = tuple[str, Callable[[], ProbeTarget], tuple[str, ...]]


def of(base: Base) -> Iterator[Fault]:
    """Yield the faults that a program can have."""
    yield ("no zero_grad", lambda: base.target(step=_forgetful(base)), ("zero-grad-forgotten",))
    yield ("inflated", lambda: base.target(model=lambda: _inflated(base)),
           ("probe-init-match", "probe-initial-loss"))  # fmt: skip
    yield ("half optimized", lambda: base.target(optimizer=lambda model: _half(base, model)),
           ("probe-idle-parameters",))  # fmt: skip
    yield ("shuffled", lambda: base.target(train=_shuffled(base)), ("probe-never-learned",))
    if base.data(1, 0)[0].is_floating_point():
        yield ("NaN in the data", lambda: base.target(train=_moved(base, float("nan"))),
               ("probe-not-finite",))  # fmt: skip
        yield "unscaled", lambda: base.target(train=_moved(base, 60.0)), ("feature-scale",)
    if base.chooses:
        yield "softmax twice", lambda: base.target(loss=_softmaxed), ("probe-logits-vs-softmax",)


def _forgetful(base: Base) -> Callable[..., float]:
    def step(model: nn.Module, optimizer: torch.optim.Optimizer, batch: Data) -> float:
        loss = base.loss(model, batch)
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    return step


def _inflated(base: Base) -> nn.Module:
    model = base.model()
    for p in model.parameters():
        if p.ndim > 1:
            nn.init.normal_(p, std=1.5)
    return model


def _half(base: Base, model: nn.Module) -> torch.optim.Optimizer:
    weights = list(model.parameters())
    return base.optimize(weights[len(weights) // 2 :], base.rate)


def _shuffled(base: Base) -> list[Data]:
    drawn = torch.Generator().manual_seed(2)
    return [(x, y[torch.randperm(len(y), generator=drawn)]) for x, y in base.batches()]


def _softmaxed(model: nn.Module, batch: Data) -> tuple[Tensor, Tensor, Tensor]:
    chances = model(batch[0]).softmax(1)
    return F.cross_entropy(chances, batch[1]), chances, batch[1]


def _moved(base: Base, factor: float) -> list[Data]:
    return [(x * factor + factor / 2, y) for x, y in base.batches()]


def special() -> Iterator[Fault]:
    """Yield faults that only some programs can have, by full title."""
    by_name = {base.name.split(",")[0]: base for base in BASES}
    for name in ("bars", "blobs", "ridges"):
        base = by_name[name]
        yield (f"{base.name}: evaluated while training",
               partial(base.target, evaluate=_training(base)),
               ("probe-train-eval-toggle",))  # fmt: skip
    for name, layer in (("blobs", 1), ("rings", 0), ("topics", 1)):
        base = by_name[name]
        yield (f"{base.name}: dead ReLU",
               partial(base.target, model=partial(_dead, base, layer)),
               ("probe-activation-choice",))  # fmt: skip
    for name, sizes in (("spirals", (2, *[16] * 8, 3)), ("parity", (10, *[32] * 7, 2))):
        base = by_name[name]
        yield (f"{base.name}: deep sigmoid",
               partial(base.target, model=partial(mlp, sizes, nn.Sigmoid)),
               ("probe-vanishing-gradients",))  # fmt: skip
    for name in ("friedman", "ridges"):
        base = by_name[name]
        column = [(x, y.squeeze(1)) for x, y in base.batches()]
        yield (f"{base.name}: shapes spread",
               partial(base.target, train=column),
               ("probe-output-layer-shape", "probe-loss-function-fit"))  # fmt: skip
    for name, last in (("friedman", nn.Sigmoid), ("factors", nn.ReLU), ("ridges", nn.Tanh)):
        base = by_name[name]
        yield (f"{base.name}: {last.__name__} last",
               partial(base.target, model=partial(_ended, base, last)),
               ("probe-output-activation",))  # fmt: skip
    yield (f"{by_name['rings'].name}: sigmoid twice",
           lambda: by_name["rings"].target(model=lambda: _ended(by_name["rings"], nn.Sigmoid)),
           ("probe-logits-vs-softmax",))  # fmt: skip
    for name in ("blobs", "ridges"):
        base = by_name[name]
        narrow = [(torch.cat([x[:, :4], x[:, 4:] * 0], 1), y) for x, y in base.batches()]
        yield (f"{base.name}: empty columns",
               partial(base.target, train=narrow),
               ("probe-input-layer-shape",))  # fmt: skip


def _training(base: Base) -> Callable[..., float]:
    def evaluate(model: nn.Module, val: list[Data]) -> float:
        with torch.no_grad():
            return sum(float(base.loss(model, batch)) for batch in val) / len(val)

    return evaluate


def _dead(base: Base, layer: int) -> nn.Module:
    model = base.model()
    nn.init.constant_(model.get_parameter(f"{layer}.bias"), -30.0)
    return model


def _ended(base: Base, last: type[nn.Module]) -> nn.Module:
    return nn.Sequential(base.model(), last())
