"""Sound programs: six made data sets, each with an architecture that suits it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  # torch's own habit
from torch import Tensor, nn

from advisor_probe import ProbeTarget

BATCH = 32
SAMPLES, HELD = 960, 320

Data = tuple[Tensor, Tensor]


@dataclass(frozen=True)
class Base:
    """A sound program: data, model, loss, and a learning rate of Adam that suits."""

    name: str
    data: Callable[[int, int], Data]
    """``(samples, seed)`` to inputs and targets."""
    model: Callable[[], nn.Module]
    rate: float
    regression: bool = False

    def loss(self, model: nn.Module, batch: Data) -> Tensor:
        """Return the loss of a batch."""
        outputs = model(batch[0])
        return (
            F.mse_loss(outputs, batch[1]) if self.regression else F.cross_entropy(outputs, batch[1])
        )

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
        inputs, targets = self.data(samples, seed)
        return list(zip(inputs.split(BATCH), targets.split(BATCH), strict=True))

    def target(self, **changes: Any) -> ProbeTarget:
        """Return the program, with some parts changed."""
        parts: dict[str, Any] = {
            "model": self.model,
            "loss": self.loss,
            "train": self.batches(),
            "val": self.batches(HELD, 1),
            "optimizer": lambda model: torch.optim.Adam(model.parameters(), self.rate),
            "step": self.step,
            "evaluate": self.evaluate,
        }
        return ProbeTarget(**{**parts, **changes})


def _made(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(1000 + seed)


def spirals(samples: int, seed: int) -> Data:
    """Return points on three spirals, standardized: ``float[n, 2]`` and three classes."""
    made = _made(seed)
    labels = torch.randint(0, 3, (samples,), generator=made)
    radius = torch.rand(samples, generator=made)
    angle = 4 * radius + labels * 2 * torch.pi / 3 + 0.1 * torch.randn(samples, generator=made)
    points = torch.stack([radius * angle.cos(), radius * angle.sin()], 1)
    return points / 0.4, labels


def friedman(samples: int, seed: int) -> Data:
    """Return Friedman's first regression, standardized: ``float[n, 10]`` and ``float[n, 1]``."""
    made = _made(seed)
    x = torch.rand(samples, 10, generator=made)
    y = 10 * (torch.pi * x[:, 0] * x[:, 1]).sin() + 20 * (x[:, 2] - 0.5) ** 2
    y = y + 10 * x[:, 3] + 5 * x[:, 4] + torch.randn(samples, generator=made)
    return (x - 0.5) / 0.29, ((y - 14.4) / 4.9)[:, None]


def bars(samples: int, seed: int) -> Data:
    """Return noisy images with a bar in one of four places: ``float[n, 1, 12, 12]``."""
    made = _made(seed)
    labels = torch.randint(0, 4, (samples,), generator=made)
    images = torch.randn(samples, 1, 12, 12, generator=made)
    for place, label in enumerate(labels.tolist()):
        row = 3 * (label % 2) + 2
        if label < 2:
            images[place, 0, row : row + 2, 2:10] += 1.5
        else:
            images[place, 0, 2:10, row : row + 2] += 1.5
    return images, labels


def waves(samples: int, seed: int) -> Data:
    """Return noisy waves of three frequencies: ``float[n, 24, 1]`` and three classes."""
    made = _made(seed)
    labels = torch.randint(0, 3, (samples,), generator=made)
    phase = 6.28 * torch.rand(samples, 1, generator=made)
    at = torch.arange(24)[None, :] * (0.4 + 0.5 * labels[:, None])
    noise = 0.3 * torch.randn(samples, 24, generator=made)
    return (1.4 * (at + phase).sin() + noise)[..., None], labels


def words(samples: int, seed: int) -> Data:
    """Return strings of 16 of 30 tokens; the class tells which of two comes more often."""
    made = _made(seed)
    tokens = torch.randint(0, 30, (samples, 16), generator=made)
    labels = torch.randint(0, 2, (samples,), generator=made)
    for _ in range(4):
        at = torch.randint(0, 16, (samples,), generator=made)
        tokens[torch.arange(samples), at] = labels
    return tokens, labels


def blobs(samples: int, seed: int) -> Data:
    """Return eight overlapping clouds in twenty dimensions: ``float[n, 20]`` and eight classes."""
    made = _made(seed)
    centres = 0.8 * torch.randn(8, 20, generator=torch.Generator().manual_seed(77))
    labels = torch.randint(0, 8, (samples,), generator=made)
    return (centres[labels] + torch.randn(samples, 20, generator=made)) / 1.3, labels


class Gru(nn.Module):
    """A recurrent network that reads a wave and judges at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRU(1, 24, batch_first=True)
        self.head = nn.Linear(24, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Return three outputs a wave."""
        return self.head(self.cell(x)[0][:, -1])


class Attention(nn.Module):
    """A transformer of one layer."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(30, 16)
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.1, batch_first=True)
        self.head = nn.Linear(16, 2)

    def forward(self, x: Tensor) -> Tensor:
        """Return two outputs a string."""
        return self.head(self.layer(self.embed(x)).mean(1))


def mlp(sizes: tuple[int, ...], act: type[nn.Module], *, normed: bool = False) -> nn.Sequential:
    """Return a plain network."""
    layers: list[nn.Module] = []
    for a, b in itertools.pairwise(sizes[:-1]):
        layers += [nn.Linear(a, b), *([nn.BatchNorm1d(b)] if normed else []), act()]
    return nn.Sequential(*layers, nn.Linear(*sizes[-2:]))


def convolutions() -> nn.Sequential:
    """Return a small convolutional network with batch norm and dropout."""
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.2), nn.Linear(16 * 9, 4),
    )  # fmt: skip


BASES = (
    Base("spirals, tanh", spirals, lambda: mlp((2, 32, 32, 3), nn.Tanh), 1e-2),
    Base("friedman, GELU", friedman, lambda: mlp((10, 48, 48, 1), nn.GELU), 3e-3, True),
    Base("bars, convolutions", bars, convolutions, 3e-3),
    Base("waves, GRU", waves, Gru, 1e-2),
    Base("words, transformer", words, Attention, 3e-3),
    Base("blobs, batch norm", blobs, lambda: mlp((20, 64, 64, 8), nn.ReLU, normed=True), 3e-3),
)
