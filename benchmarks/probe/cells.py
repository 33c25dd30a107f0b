"""Cells of the benchmark of learning rates: a data set, an architecture and an optimizer each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor, nn

from advisor_probe import ProbeTarget

from .bases import BASES, Base, Optimize, sgd
from .models import Residual, mlp

TABLES = ("spirals", "friedman", "blobs", "rings", "parity", "ridges")
SEEN = 15
"""The first cells were looked at while the choice of rates was developed; the others are fresh."""
TESTED = 1600
"""Samples of the test set; validation data are others."""

Architecture = Callable[[int, int], nn.Module]
"""``(inputs, outputs)`` to a network."""


def _plain(inputs: int, outputs: int) -> nn.Module:
    return mlp((inputs, 48, 48, outputs), nn.Tanh)


def _normed(inputs: int, outputs: int) -> nn.Module:
    return mlp((inputs, 48, 48, 48, outputs), nn.ReLU, normed=True)


def _residual(inputs: int, outputs: int) -> nn.Module:
    def block() -> nn.Module:
        return Residual(nn.LayerNorm(40), nn.Linear(40, 40), nn.GELU(), nn.Linear(40, 40))

    return nn.Sequential(
        nn.Linear(inputs, 40), block(), block(), nn.LayerNorm(40), nn.Linear(40, outputs)
    )


ARCHITECTURES = {"tanh": _plain, "batch norm": _normed, "residual": _residual}
OPTIMIZERS: dict[str, tuple[Optimize, float]] = {
    "SGD": (sgd, 1e-2),
    "Adam": (torch.optim.Adam, 1e-3),
}
"""Each with the rate that a user begins with."""


class Cell(NamedTuple):
    """What is trained, and the rate that a user begins with."""

    name: str
    base: Base
    model: Callable[[], nn.Module]
    optimize: Optimize
    default: float

    def target(self) -> ProbeTarget:
        """Return the program as a user would give it to a probe."""
        return self.base.target(
            model=self.model,
            optimizer=lambda model: self.optimize(model.parameters(), self.default),
        )

    def tests(self) -> list[tuple[Tensor, Tensor]]:
        """Return the test set in batches."""
        return self.base.batches(TESTED, 2)

    def guessing(self) -> float:
        """Return the test loss of the constant that fits the training targets best."""
        targets = self.base.data(960, 0)[1]
        outputs = self.model().eval()(self.base.data(8, 0)[0]).shape[1]
        constant = torch.zeros(1, outputs, requires_grad=True)
        optimizer = torch.optim.LBFGS([constant], max_iter=100)

        def closure() -> Tensor:
            optimizer.zero_grad()
            loss = self.base.criterion(constant.expand(len(targets), -1), targets)
            loss.backward()
            return loss

        optimizer.step(closure)
        tested = self.base.data(TESTED, 2)[1]
        return float(self.base.criterion(constant.expand(len(tested), -1), tested).detach())


def cells() -> Iterator[Cell]:
    """Yield six data sets under three architectures and two optimizers each."""
    for base in BASES:
        if base.name.split(",")[0] not in TABLES:
            continue
        inputs, targets = base.data(64, 0)
        outputs = int(targets.max()) + 1 if base.chooses else targets.shape[1]
        for title, architecture in ARCHITECTURES.items():
            for optimizer, (optimize, default) in OPTIMIZERS.items():
                name = f"{base.name.split(',')[0]}, {title}, {optimizer}"
                model = _sized(architecture, inputs.shape[1], outputs)
                yield Cell(name, base, model, optimize, default)


def _sized(architecture: Architecture, inputs: int, outputs: int) -> Callable[[], nn.Module]:
    return lambda: architecture(inputs, outputs)
