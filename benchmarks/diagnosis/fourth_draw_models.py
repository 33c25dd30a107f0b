"""The networks of the fourth held-out draw."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import (
    ACTIVATIONS,
    HEADS,
    Attention,
    block,
    characters,
    head,
    side,
)
from benchmarks.diagnosis.setup import Setup

LOOK = 6
"""Characters that the language model sees at once."""


class _Crossed(nn.Module):
    """Multiplies the input with linear layers of it, over and over (Wang et al. 2017)."""

    def __init__(self, inputs: int, depth: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(inputs, inputs) for _ in range(depth))

    def forward(self, x: Tensor) -> Tensor:
        """Return polynomials of the columns of ``x``, as many as there are."""
        crossed = x
        for layer in self.layers:
            crossed = crossed + x * layer(crossed)
        return crossed


def cross_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron over products of the columns."""
    layers: list[nn.Module] = [_Crossed(problem.inputs, setup.depth)]
    for inputs in [problem.inputs] + [setup.hidden] * (setup.depth - 1):
        layers += block(setup, inputs)
    return nn.Sequential(*layers, head(setup, outputs))


class _Highway(nn.Module):
    """Lets a gate choose between the input and a layer of it (Srivastava et al. 2015)."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.layer = nn.Sequential(*block(setup, setup.hidden))
        self.gate = nn.Linear(setup.hidden, setup.hidden)

    def forward(self, x: Tensor) -> Tensor:
        """Return columns like those of ``x``; at first mostly ``x`` itself."""
        return torch.lerp(x, self.layer(x), (self.gate(x) - 1.0).sigmoid())


def highway_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron of highway layers."""
    layers = [_Highway(setup) for _ in range(setup.depth)]
    return nn.Sequential(nn.Linear(problem.inputs, setup.hidden), *layers, head(setup, outputs))


class Prototypes(nn.Module):
    """Normalized radial units: how near a sample is to each of some learned points.

    Moody and Darken (1989).
    """

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        self.points = nn.Parameter(torch.randn(setup.hidden, problem.inputs))
        self.narrow = nn.Parameter(torch.zeros(setup.hidden))
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        away = (x[:, None] - self.points).square().sum(2)
        near = (-away * self.narrow.exp()).softmax(dim=1)
        result: Tensor = self.head(self.drop(near))
        return result


class Siamese(nn.Module):
    """One perceptron for both halves of the columns; told apart by how its outputs differ."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs in [problem.inputs // 2] + [setup.hidden] * (setup.depth - 1):
            layers += block(setup, inputs)
        self.layers = nn.Sequential(*layers)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        one, other = self.layers(x.view(len(x), 2, -1)).unbind(1)
        result: Tensor = self.head(one - other)
        return result


class _Dense(nn.Module):
    """Puts what a normalized convolution makes of its input beside it (Huang et al. 2017)."""

    def __init__(self, setup: Setup, inputs: int, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.BatchNorm2d(inputs),
            ACTIVATIONS[setup.activation](),
            nn.Conv2d(inputs, width, 3, padding=1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the channels of ``x``, then the new ones."""
        return torch.cat([x, self.layers(x)], dim=1)


def dense_cnn(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return convolutions of which each sees the outputs of all before it."""
    pixels, width = side(problem), max(1, setup.hidden // 4)
    layers: list[nn.Module] = [nn.Unflatten(1, (1, pixels, pixels))]
    layers += [nn.Conv2d(1, 2 * width, 3, padding=1, stride=2)]
    widths = [width * (2 + layer) for layer in range(setup.depth + 1)]
    layers += [_Dense(setup, inputs, width) for inputs in widths[:-1]]
    layers += [nn.BatchNorm2d(widths[-1]), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*layers, nn.Dropout(setup.dropout), nn.Linear(widths[-1], outputs))


class _EdgeAttention(Attention):
    """Attention over nodes that an edge strengthens or weakens (Ying et al. 2021)."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.edge = nn.Parameter(torch.tensor([1.0, -1.0]).view(HEADS, 1, 1))


class GraphAttention(nn.Module):
    """Attention over the nodes of a graph, read out by their mean, whatever their order.

    A column of the input is a pair of nodes; a node starts as the sums of its edges and triangles.
    """

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        nodes = (1 + math.isqrt(1 + 8 * problem.inputs)) // 2
        pair = torch.full((nodes, nodes), problem.inputs)
        first, second = torch.triu_indices(nodes, nodes, 1)
        pair[first, second] = pair[second, first] = torch.arange(problem.inputs)
        self.register_buffer("pair", pair, persistent=False)
        self.pair: Tensor
        self.embed = nn.Linear(2, setup.hidden)
        self.blocks = nn.ModuleList(_EdgeAttention(setup) for _ in range(setup.depth))
        self.head = nn.Sequential(nn.LayerNorm(setup.hidden), head(setup, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        edges = functional.pad(x, (0, 1))[:, self.pair]
        triangles = (edges @ edges * edges).sum(2) / edges.shape[1]
        hidden = self.embed(torch.stack([edges.sum(2), triangles], dim=2))
        for part in self.blocks:
            hidden = part(hidden, edges[:, None] * part.get_parameter("edge"))
        result: Tensor = self.head(hidden.mean(1))
        return result


class ConvolvedRecurrent(nn.Module):
    """A recurrent layer over what a convolution makes of each two steps, read out at its end."""

    def __init__(self, cell: type[nn.LSTM | nn.RNN], setup: Setup, outputs: int) -> None:
        super().__init__()
        self.stem = nn.Conv1d(1, setup.hidden, 4, stride=2, padding=1)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)
        self.layer = cell(setup.hidden, setup.hidden, batch_first=True)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        steps = self.activation(self.stem(x[:, None])).transpose(1, 2)
        result: Tensor = self.head(self.drop(self.layer(steps)[0][:, -1]))
        return result


class WindowModel(nn.Module):
    """A language model: a perceptron over the last few characters (Bengio et al. 2003)."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        width = max(1, setup.hidden // 4)
        self.embed = nn.Embedding(characters(problem), width)
        layers: list[nn.Module] = []
        for inputs in [LOOK * width] + [setup.hidden] * (setup.depth - 1):
            layers += block(setup, inputs)
        self.layers = nn.Sequential(*layers, head(setup, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, steps, outputs)."""
        past = functional.pad(self.embed(x), (0, 0, LOOK - 1, 0))
        result: Tensor = self.layers(past.unfold(1, LOOK, 1).flatten(2))
        return result
