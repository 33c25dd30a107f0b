"""The networks of the second held-out draw."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import ACTIVATIONS, block, characters, head, side
from benchmarks.diagnosis.setup import Setup

WINDOW = 3
"""Numbers that a token of attention holds."""


def tapered_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron whose layers halve in width, down to a quarter of the first."""
    widths = [max(1, setup.hidden // min(4, 2**layer)) for layer in range(setup.depth)]
    layers: list[nn.Module] = []
    for inputs, width in zip((problem.inputs, *widths), widths, strict=False):
        layers += block(setup.changed(hidden=width), inputs)
    return nn.Sequential(*layers, nn.Linear(widths[-1], outputs))


class _Gated(nn.Module):
    """Half of a linear layer's outputs, each scaled by the sigmoid of one of the other half."""

    def __init__(self, setup: Setup, inputs: int) -> None:
        super().__init__()
        self.layer, self.drop = nn.Linear(inputs, 2 * setup.hidden), nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``hidden`` columns."""
        result: Tensor = self.drop(functional.glu(self.layer(x)))
        return result


def gated_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron of gated linear units."""
    widths = [problem.inputs] + [setup.hidden] * (setup.depth - 1)
    return nn.Sequential(*(_Gated(setup, width) for width in widths), head(setup, outputs))


class _Kept(nn.Module):
    """Puts what ``inner`` makes of its input beside the input."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        """Return the columns of ``x``, then those of ``inner(x)``."""
        return torch.cat([x, self.inner(x)], dim=1)


def dense_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron of which every layer sees the outputs of all before it."""
    widths = [problem.inputs + setup.hidden * layer for layer in range(setup.depth + 1)]
    layers = [_Kept(nn.Sequential(*block(setup, width))) for width in widths[:-1]]
    return nn.Sequential(*layers, nn.Linear(widths[-1], outputs))


def separable_cnn(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return depthwise separable convolutions with group norm, pooled over the picture."""
    pixels, width = side(problem), 2 * max(1, setup.hidden // 4)
    layers: list[nn.Module] = [nn.Unflatten(1, (1, pixels, pixels))]
    layers += [nn.Conv2d(1, width, 3, padding=1, stride=2), nn.ReLU()]
    for _ in range(setup.depth - 1):
        layers += [
            nn.Conv2d(width, width, 3, padding=1, groups=width),
            nn.Conv2d(width, width, 1),
            nn.GroupNorm(2, width),
            ACTIVATIONS[setup.activation](),
        ]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(setup.dropout)]
    return nn.Sequential(*layers, nn.Linear(width, outputs))


class BidirectionalGru(nn.Module):
    """A recurrent layer in each direction, read out by the mean of their steps."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        width = max(1, setup.hidden // 2)
        self.layer = nn.GRU(1, width, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(setup.dropout)
        self.head = nn.Linear(2 * width, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        result: Tensor = self.head(self.drop(self.layer(x[:, :, None])[0].mean(1)))
        return result


class AttentionPooling(nn.Module):
    """Post-norm attention over windows of numbers, read out by a query that is learned."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        width, windows = setup.hidden, problem.inputs - WINDOW + 1
        self.embed = nn.Linear(WINDOW, width)
        self.places = nn.Parameter(0.02 * torch.randn(windows, width))
        self.mix, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.grow, self.shrink = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.drop, self.query = nn.Dropout(setup.dropout), nn.Linear(width, 1)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        hidden = self.embed(x.unfold(1, WINDOW, 1)) + self.places
        query, key, value = self.mix(hidden).chunk(3, dim=2)
        mixed = functional.scaled_dot_product_attention(query, key, value)
        hidden = self.first(hidden + self.drop(self.out(mixed)))
        grown = functional.gelu(self.grow(hidden))
        hidden = self.second(hidden + self.drop(self.shrink(grown)))
        shares = self.query(hidden).softmax(dim=1)
        result: Tensor = self.head((shares * hidden).sum(1))
        return result


class Inception(nn.Module):
    """Convolutions of three lengths over a sequence, each filter read out by its largest value."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        self.stem = nn.Conv1d(1, setup.hidden, 5, padding=2)
        self.branches = nn.ModuleList(
            nn.Conv1d(setup.hidden, setup.hidden, length, padding=length // 2)
            for length in (3, 5, 7)
        )
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)
        self.head = nn.Linear(3 * setup.hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        hidden = self.activation(self.stem(x[:, None]))
        found = [self.activation(branch(hidden)).amax(2) for branch in self.branches]
        result: Tensor = self.head(self.drop(torch.cat(found, dim=1)))
        return result


class CausalConvolutions(nn.Module):
    """A language model: gated convolutions over the characters up to the present one."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        width = setup.hidden
        self.embed = nn.Embedding(characters(problem), width)
        self.layers = nn.ModuleList(nn.Conv1d(width, 2 * width, 3) for _ in range(setup.depth))
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, steps, outputs)."""
        hidden = self.embed(x).transpose(1, 2)
        for layer in self.layers:
            gated = functional.glu(layer(functional.pad(hidden, (2, 0))), dim=1)
            hidden = hidden + self.drop(gated)
        result: Tensor = self.head(hidden.transpose(1, 2))
        return result
