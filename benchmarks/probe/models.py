"""Small networks of many kinds."""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F  # noqa: N812  # torch's own habit
from torch import Tensor, nn


class Gru(nn.Module):
    """A recurrent network that reads a wave and judges at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRU(1, 16, batch_first=True)
        self.head = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Return three outputs a wave."""
        outputs: Tensor = self.head(self.cell(x)[0][:, -1])
        return outputs


class Attention(nn.Module):
    """A transformer of one layer."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(30, 16)
        self.layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.1, batch_first=True)
        self.head = nn.Linear(16, 2)

    def forward(self, x: Tensor) -> Tensor:
        """Return two outputs a string."""
        outputs: Tensor = self.head(self.layer(self.embed(x)).mean(1))
        return outputs


class Residual(nn.Module):
    """What a block makes of its input, added to it."""

    def __init__(self, *block: nn.Module) -> None:
        super().__init__()
        self.block = nn.Sequential(*block)

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum."""
        added: Tensor = x + self.block(x)
        return added


class NextToken(nn.Module):
    """A language model of the last three tokens; its output weights are those of its input."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(12, 16)
        nn.init.normal_(self.embed.weight, std=0.25)
        self.mix = nn.Linear(48, 64)
        self.back = nn.Linear(64, 16)

    def forward(self, x: Tensor) -> Tensor:
        """Return logits of the next token at each place: ``float[n, length, 12]``."""
        padded = F.pad(self.embed(x), (0, 0, 2, 0))
        last = [padded[:, back : back + x.shape[1]] for back in range(3)]
        outputs: Tensor = self.back(F.gelu(self.mix(torch.cat(last, 2)))) @ self.embed.weight.T
        return outputs


def mlp(sizes: tuple[int, ...], act: type[nn.Module], *, normed: bool = False) -> nn.Sequential:
    """Return a plain network."""
    layers: list[nn.Module] = []
    for a, b in itertools.pairwise(sizes[:-1]):
        layers += [nn.Linear(a, b), *([nn.BatchNorm1d(b)] if normed else []), act()]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


def convolutions() -> nn.Sequential:
    """Return a small convolutional network with batch norm and dropout."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.2), nn.Linear(12 * 4, 4),
    )  # fmt: skip


def residual_convolutions() -> nn.Sequential:
    """Return a convolutional network with a residual block and group norm."""
    block = (nn.Conv2d(8, 8, 3, padding=1), nn.GroupNorm(2, 8), nn.ReLU(),
             nn.Conv2d(8, 8, 3, padding=1))  # fmt: skip
    return nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1), nn.GroupNorm(2, 8), nn.ReLU(), nn.MaxPool2d(2),
        Residual(*block), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 5),
    )  # fmt: skip


def dilated() -> nn.Sequential:
    """Return convolutions over time, each with wider gaps than the one before."""
    return nn.Sequential(
        nn.Conv1d(1, 12, 5, padding=2), nn.LeakyReLU(),
        nn.Conv1d(12, 12, 5, padding=4, dilation=2), nn.LeakyReLU(),
        nn.AdaptiveMaxPool1d(4), nn.Flatten(), nn.Linear(48, 3),
    )  # fmt: skip


def bag() -> nn.Sequential:
    """Return the mean of the words' vectors, and a network on it."""
    return nn.Sequential(nn.EmbeddingBag(200, 24), nn.Linear(24, 32), nn.ReLU(), nn.Linear(32, 6))


def residual_layers() -> nn.Sequential:
    """Return residual blocks with layer norm."""

    def block() -> nn.Module:
        return Residual(nn.LayerNorm(48), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 48))

    return nn.Sequential(nn.Linear(2, 48), block(), block(), nn.LayerNorm(48), nn.Linear(48, 2))


def autoencoder() -> nn.Sequential:
    """Return a network with a neck of four units."""
    return nn.Sequential(
        nn.Linear(16, 32), nn.ELU(), nn.Linear(32, 4), nn.Linear(4, 32), nn.ELU(),
        nn.Linear(32, 16),
    )  # fmt: skip


def selu() -> nn.Sequential:
    """Return a self-normalizing network."""
    made = mlp((10, 64, 64, 2), nn.SELU)
    for layer in made:
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, std=layer.in_features**-0.5)
            nn.init.zeros_(layer.bias)
    return made


def dropped() -> nn.Sequential:
    """Return a network with dropout between its layers."""
    return nn.Sequential(
        nn.Linear(30, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 64), nn.ReLU(),
        nn.Dropout(0.1), nn.Linear(64, 1),
    )  # fmt: skip
