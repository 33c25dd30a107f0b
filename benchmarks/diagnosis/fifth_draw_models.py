"""The networks of the fifth held-out draw."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import ACTIVATIONS, characters, head, places_cnn
from benchmarks.diagnosis.setup import Setup

BUMPS, REACH = 6, 2.0
"""Bumps that a spline is made of, and how far from 0 the outermost are."""
ITEM = 5
"""Columns of an item that is looked up; the question before the items has ``ASKED``."""
ASKED = 2
WINDOW, STRIDE = 4, 2
"""Steps that a token of a sequence holds, and between the starts of two tokens."""


class _Splines(nn.Module):
    """A learned function of one column for each pair of input and output (Liu et al. 2024)."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.plain = nn.Linear(inputs, width)
        self.bumps = nn.Linear(inputs * BUMPS, width, bias=False)
        centres = torch.linspace(-REACH, REACH, BUMPS)
        self.register_buffer("centres", centres, persistent=False)
        self.centres: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Return ``width`` columns, sums of functions of one column each."""
        apart = 2 * REACH / (BUMPS - 1)
        near = (-((x[:, :, None] - self.centres) / apart).square()).exp()
        result: Tensor = self.plain(functional.silu(x)) + self.bumps(near.flatten(1))
        return result


def spline_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return layers of splines."""
    widths = [problem.inputs] + [setup.hidden] * (setup.depth - 1)
    layers: list[nn.Module] = []
    for inputs in widths:
        layers += [_Splines(inputs, setup.hidden), nn.Dropout(setup.dropout)]
    return nn.Sequential(*layers, head(setup, outputs))


class SoftTrees(nn.Module):
    """Decision trees whose branches are taken in part; those of a level ask the same.

    Popov et al. (2019).
    """

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        self.levels = setup.depth + 1
        self.ask = nn.Linear(problem.inputs, setup.hidden * self.levels)
        self.drop = nn.Dropout(setup.dropout)
        self.leaves = nn.Linear(setup.hidden * 2**self.levels, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        asked = self.ask(x).sigmoid().view(len(x), -1, self.levels, 1)
        reached = torch.ones_like(asked[:, :, 0])
        for yes in asked.unbind(2):
            reached = torch.cat([reached * yes, reached * (1 - yes)], dim=2)
        result: Tensor = self.leaves(self.drop(reached.flatten(1)))
        return result


def additive_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron for each column alone; the outputs are sums of them."""
    columns, width = problem.inputs, problem.inputs * setup.hidden
    layers: list[nn.Module] = [nn.Unflatten(1, (columns, 1))]
    for inputs in [columns] + [width] * (setup.depth - 1):
        layers += [nn.Conv1d(inputs, width, 1, groups=columns), ACTIVATIONS[setup.activation]()]
    layers += [nn.Flatten(), nn.Dropout(setup.dropout)]
    return nn.Sequential(*layers, nn.Linear(width, outputs))


class _Inverted(nn.Module):
    """A convolution of each channel, then a perceptron across channels (Liu et al. 2022)."""

    def __init__(self, setup: Setup, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, groups=width),
            nn.GroupNorm(1, width),
            nn.Conv2d(width, 2 * width, 1),
            ACTIVATIONS[setup.activation](),
            nn.Conv2d(2 * width, width, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` with what the layers make of it added."""
        result: Tensor = x + self.layers(x)
        return result


def inverted_cnn(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return inverted bottlenecks over a picture, read out at every place."""
    width = max(1, setup.hidden // 2)
    return places_cnn(setup, problem, outputs, width, lambda: _Inverted(setup, width))


class MemoryHops(nn.Module):
    """A question that looks at items over and over, whatever their order (Sukhbaatar et al. 2015).

    What is found changes the question before it looks again.
    """

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        width = setup.hidden
        self.ask = nn.Linear(ASKED, width)
        self.keys, self.values = nn.Linear(ITEM, width), nn.Linear(ITEM, width)
        self.hops = nn.ModuleList(nn.Linear(2 * width, width) for _ in range(setup.depth))
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        question, items = self.ask(x[:, :ASKED]), x[:, ASKED:].view(len(x), -1, ITEM)
        keys, values = self.keys(items), self.values(items)
        for hop in self.hops:
            shares = (keys @ question[:, :, None] / math.sqrt(keys.shape[2])).softmax(dim=1)
            found = (shares * values).sum(1)
            question = self.drop(self.activation(hop(torch.cat([question, found], dim=1))))
        result: Tensor = self.head(question)
        return result


class DeepTransition(nn.Module):
    """A recurrent layer of some layers a step, read out at its end.

    With gates, a recurrent highway (Zilly et al. 2017); without, as Pascanu et al. have it (2014).
    """

    def __init__(self, setup: Setup, outputs: int, gated: bool) -> None:
        super().__init__()
        width, self.gated = setup.hidden, gated
        made = width * (2 if gated else 1)
        self.seen = nn.Linear(1, made)
        self.layers = nn.ModuleList(nn.Linear(width, made) for _ in range(setup.depth))
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        hidden = x.new_zeros(len(x), self.head.in_features)
        for seen in self.seen(x[:, :, None]).unbind(1):
            for number, layer in enumerate(self.layers):
                made = layer(hidden)
                hidden = self._moved(hidden, made if number else made + seen)
        result: Tensor = self.head(self.drop(hidden))
        return result

    def _moved(self, hidden: Tensor, made: Tensor) -> Tensor:
        if not self.gated:
            return made.tanh()
        wanted, gate = made.chunk(2, dim=1)
        return torch.lerp(hidden, wanted.tanh(), (gate - 1.0).sigmoid())


class _Mixed(nn.Module):
    """A Fourier transform in place of attention, then a perceptron (Lee-Thorp et al. 2021)."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        width = setup.hidden
        self.first, self.second = nn.GroupNorm(1, width), nn.GroupNorm(1, width)
        self.grow, self.shrink = nn.Conv1d(width, 2 * width, 1), nn.Conv1d(2 * width, width, 1)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, width, steps)."""
        x = self.first(x + torch.fft.fft2(x, norm="ortho").real)
        result: Tensor = self.second(x + self.drop(self.shrink(self.activation(self.grow(x)))))
        return result


def fourier_mixer(setup: Setup, outputs: int) -> nn.Module:
    """Return blocks that mix the steps of a sequence by Fourier transforms, pooled by the mean."""
    stem = (nn.Unflatten(1, (1, -1)), nn.Conv1d(1, setup.hidden, WINDOW, stride=STRIDE, padding=1))
    blocks = [_Mixed(setup) for _ in range(setup.depth)]
    pooled = (nn.AdaptiveAvgPool1d(1), nn.Flatten())
    return nn.Sequential(*stem, *blocks, *pooled, head(setup, outputs))


class _Spatial(nn.Module):
    """Half of what is known of a step scales a sum over steps of the other half (Liu et al. 2021).

    Only the steps up to the present one are summed.
    """

    def __init__(self, setup: Setup, steps: int) -> None:
        super().__init__()
        width = setup.hidden
        self.grow, self.shrink = nn.Linear(width, 2 * width), nn.Linear(width, width)
        self.steps = nn.Parameter(torch.randn(steps, steps) / steps)
        self.drop = nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, steps, width)."""
        scale, past = functional.gelu(self.grow(x)).chunk(2, dim=2)
        result: Tensor = x + self.drop(self.shrink(scale * (1.0 + self.steps.tril() @ past)))
        return result


class SpatialModel(nn.Module):
    """A language model: blocks of spatial gates, in place of attention."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(characters(problem), setup.hidden)
        blocks = [_Spatial(setup, problem.inputs) for _ in range(setup.depth)]
        self.blocks = nn.Sequential(*blocks)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, steps, outputs)."""
        result: Tensor = self.head(self.blocks(self.embed(x)))
        return result
