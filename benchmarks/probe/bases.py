"""Sound programs: fifteen made data sets, each with an architecture that suits it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812  # torch's own habit
from torch import Tensor, nn

from advisor_probe import ProbeTarget

from . import datasets as sets
from . import models as nets
from .datasets import Data

BATCH = 32
SAMPLES, HELD = 960, 320

Optimize = Callable[[Iterable[nn.Parameter], float], torch.optim.Optimizer]
"""``(parameters, rate)`` to an optimizer."""


class Suited(NamedTuple):
    """A rate for each of two optimizers."""

    adam: float
    sgd: float

    def optimizers(self) -> tuple[tuple[Optimize, float], ...]:
        """Return each optimizer with its rate."""
        return ((torch.optim.Adam, self.adam), (sgd, self.sgd))


def sgd(parameters: Iterable[nn.Parameter], rate: float) -> torch.optim.Optimizer:
    """Return gradient descent with momentum."""
    return torch.optim.SGD(parameters, rate, momentum=0.9)


def tokens(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the cross-entropy of the next token over all places."""
    return F.cross_entropy(outputs.flatten(0, 1), targets.flatten())


@dataclass(frozen=True)
class Base:
    """A sound program: data, model, loss, and an optimizer with a rate that suits."""

    name: str
    data: Callable[[int, int], Data]
    """``(samples, seed)`` to inputs and targets."""
    model: Callable[[], nn.Module]
    rate: float
    suited: Suited
    """The middle of the rates that do well, of Adam and of SGD (``suited.py``)."""
    criterion: Callable[[Tensor, Tensor], Tensor] = F.cross_entropy
    optimize: Optimize = torch.optim.Adam

    @property
    def chooses(self) -> bool:
        """Whether the model chooses one class a sample."""
        return self.criterion is F.cross_entropy

    def loss(self, model: nn.Module, batch: Data) -> Tensor:
        """Return the loss of a batch."""
        return self.criterion(model(batch[0]), batch[1])

    def step(self, model: nn.Module, optimizer: torch.optim.Optimizer, batch: Data) -> float:
        """Take a training step, as it should be."""
        optimizer.zero_grad()
        loss = self.loss(model, batch)
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    def evaluate(self, model: nn.Module, val: list[Data]) -> float:
        """Evaluate, as it should be."""
        model.eval()
        with torch.no_grad():
            mean = sum(float(self.loss(model, batch)) for batch in val) / len(val)
        model.train()
        return mean

    def batches(self, samples: int = SAMPLES, seed: int = 0) -> list[Data]:
        """Return the data in batches."""
        return split(self.data(samples, seed))

    def target(self, **changes: Any) -> ProbeTarget:
        """Return the program, with some parts changed."""
        parts: dict[str, Any] = {
            "model": self.model,
            "loss": self.loss,
            "train": self.batches(),
            "val": self.batches(HELD, 1),
            "optimizer": lambda model: self.optimize(model.parameters(), self.rate),
            "step": self.step,
            "evaluate": self.evaluate,
        }
        return ProbeTarget(**{**parts, **changes})


def split(data: Data) -> list[Data]:
    """Return data in batches; a last one that is not full is left out."""
    parts = zip(data[0].split(BATCH), data[1].split(BATCH), strict=True)
    return [(x, y) for x, y in parts if len(x) == BATCH]


FIRST = (
    Base(
        "spirals, tanh",
        sets.spirals,
        lambda: nets.mlp((2, 32, 32, 3), nn.Tanh),
        1e-2,
        Suited(0.056, 0.18),
    ),
    Base(
        "friedman, GELU",
        sets.friedman,
        lambda: nets.mlp((10, 48, 48, 1), nn.GELU),
        3e-3,
        Suited(0.032, 0.1),
        F.mse_loss,
    ),
    Base("bars, convolutions", sets.bars, nets.convolutions, 3e-3, Suited(0.032, 0.056)),
    Base("waves, GRU", sets.waves, nets.Gru, 1e-2, Suited(0.056, 0.18)),
    Base("words, transformer", sets.words, nets.Attention, 3e-3, Suited(0.0056, 0.032)),
    Base(
        "blobs, batch norm",
        sets.blobs,
        lambda: nets.mlp((20, 64, 64, 8), nn.ReLU, normed=True),
        3e-3,
        Suited(0.032, 0.1),
    ),
)
"""Programs on which two rules were changed after a first look."""

FRESH = (
    Base(
        "rings, one output",
        sets.rings,
        lambda: nets.mlp((6, 64, 1), nn.ReLU),
        3e-3,
        Suited(0.018, 0.32),
        F.binary_cross_entropy_with_logits,
    ),
    Base(
        "parity, SELU",
        sets.parity,
        nets.selu,
        3e-3,
        Suited(0.032, 0.056),
        optimize=torch.optim.AdamW,
    ),
    Base(
        "gratings, residual convolutions",
        sets.gratings,
        nets.residual_convolutions,
        3e-2,
        Suited(0.01, 0.056),
        optimize=sgd,
    ),
    Base("chirps, dilated convolutions", sets.chirps, nets.dilated, 3e-3, Suited(0.032, 0.056)),
    Base("topics, bag of words", sets.topics, nets.bag, 1e-2, Suited(0.01, 0.56)),
    Base(
        "factors, autoencoder",
        sets.factors,
        nets.autoencoder,
        3e-3,
        Suited(0.01, 0.056),
        F.mse_loss,
    ),
    Base(
        "checkers, layer norm",
        sets.checkers,
        nets.residual_layers,
        1e-2,
        Suited(0.0056, 0.1),
        optimize=torch.optim.AdamW,
    ),
    Base("chains, language model", sets.chains, nets.NextToken, 1e-2, Suited(0.056, 0.56), tokens),
    Base(
        "ridges, dropout",
        sets.ridges,
        nets.dropped,
        3e-3,
        Suited(0.018, 0.18),
        F.smooth_l1_loss,
        optimize=torch.optim.RMSprop,
    ),
)
"""Programs on which nothing was chosen."""

BASES = (*FIRST, *FRESH)
