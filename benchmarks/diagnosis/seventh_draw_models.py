"""The networks of the seventh held-out draw."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import (
    ACTIVATIONS,
    Attention,
    LanguageModel,
    block,
    head,
    places_cnn,
)
from benchmarks.diagnosis.setup import Setup

GROUPS = 2
"""Groups of channels that are convolved apart."""
PERIODS = (1, 2, 4)
"""Every how many steps the parts of what is remembered change."""
LINES = 2
"""Columns of a step."""
PIECE = 8
"""Steps of a piece that is looked for in a sequence."""
ATOMS, KINDS = 6, 3
"""Atoms of a molecule, and columns of each; columns of the bonds follow."""


class _Sparse(nn.Linear):
    """A layer of which each unit sees half of the inputs, drawn once (Mocanu et al. 2018)."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__(inputs, width)
        drawn = torch.rand(width, inputs, generator=torch.Generator().manual_seed(inputs))
        seen = drawn.argsort(dim=1).argsort(dim=1) < (inputs + 1) // 2
        self.register_buffer("seen", seen.float(), persistent=False)
        self.seen: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Return ``width`` columns."""
        return functional.linear(x, self.weight * self.seen, self.bias)


def sparse_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron of layers in which half of the weights are missing."""
    layers: list[nn.Module] = []
    for inputs in [problem.inputs] + [setup.hidden] * (setup.depth - 1):
        layers += [_Sparse(inputs, setup.hidden), ACTIVATIONS[setup.activation]()]
        layers += [nn.Dropout(setup.dropout)]
    return nn.Sequential(*layers, head(setup, outputs))


class PolynomialMlp(nn.Module):
    """A polynomial of the columns: each layer multiplies what is known by sums of the columns.

    Chrysos et al. (2020).
    """

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        degrees = setup.depth + 1
        self.sums = nn.ModuleList(nn.Linear(problem.inputs, setup.hidden) for _ in range(degrees))
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        first, *others = self.sums
        known = first(x)
        for other in others:
            known = known + other(x) * known
        result: Tensor = self.head(self.drop(known))
        return result


class ColumnAttention(nn.Module):
    """Attention among the columns of a table, read out by one token more.

    A value scales what stands for its column (Gorishniy et al. 2021).
    """

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        width, columns = setup.hidden, problem.inputs
        self.scale = nn.Parameter(torch.randn(columns, width) / math.sqrt(width))
        self.shift = nn.Parameter(torch.randn(columns + 1, width) / math.sqrt(width))
        self.blocks = nn.Sequential(*(Attention(setup) for _ in range(setup.depth)))
        self.head = nn.Sequential(nn.LayerNorm(width), head(setup, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        tokens = functional.pad(x[:, :, None] * self.scale, (0, 0, 0, 1)) + self.shift
        result: Tensor = self.head(self.blocks(tokens)[:, -1])
        return result


class _Shuffled(nn.Module):
    """Convolutions of groups of channels, between which they are shuffled (Zhang et al. 2018)."""

    def __init__(self, setup: Setup, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, width, 1, groups=GROUPS),
            ACTIVATIONS[setup.activation](),
            nn.ChannelShuffle(GROUPS),
            nn.Conv2d(width, width, 3, padding=1, groups=GROUPS),
            nn.GroupNorm(GROUPS, width),
        )
        self.activation = ACTIVATIONS[setup.activation]()

    def forward(self, x: Tensor) -> Tensor:
        """Return channels of the shape of ``x``, (n, width, rows, columns)."""
        result: Tensor = self.activation(x + self.layers(x))
        return result


def shuffle_cnn(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return shuffled convolutions over a picture, read out at every place of a smaller one."""
    width = GROUPS * max(1, setup.hidden // GROUPS)
    return places_cnn(setup, problem, outputs, width, lambda: _Shuffled(setup, width))


class Clockwork(nn.Module):
    """A recurrent layer whose parts change every so many steps, read out at its end.

    Koutník et al. (2014); with gates, each unit is told how far it moves.
    """

    def __init__(self, setup: Setup, outputs: int, gated: bool) -> None:
        super().__init__()
        width, self.gated = setup.hidden, gated
        made = width * (2 if gated else 1)
        self.seen, self.past = nn.Linear(LINES, made), nn.Linear(width, made, bias=False)
        part = torch.arange(width) * len(PERIODS) // width
        self.register_buffer("periods", torch.tensor(PERIODS)[part], persistent=False)
        self.periods: Tensor
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        hidden = x.new_zeros(len(x), self.head.in_features)
        steps = self.seen(x.view(len(x), -1, LINES)).unbind(1)
        for left, seen in zip(reversed(range(len(steps))), steps, strict=True):
            made = seen + self.past(hidden)
            moves = (left % self.periods == 0).to(x.dtype)
            if self.gated:
                made, gate = made.chunk(2, dim=1)
                moves = moves * gate.sigmoid()
            hidden = torch.lerp(hidden, made.tanh(), moves.expand_as(hidden))
        result: Tensor = self.head(self.drop(hidden))
        return result


class _Shapelets(nn.Module):
    """How far the nearest part of a sequence is from learned pieces (Grabocka et al. 2014)."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.pieces = nn.Parameter(torch.randn(setup.hidden, PIECE))

    def forward(self, x: Tensor) -> Tensor:
        """Return for each piece the least mean square of its differences, (n, pieces)."""
        products = functional.conv1d(x[:, None], self.pieces[:, None])
        squares = x.square().unfold(1, PIECE, 1).sum(2)[:, None]
        apart = squares - 2 * products + self.pieces.square().sum(1)[:, None]
        return apart.amin(2) / PIECE


def shapelets(setup: Setup, outputs: int) -> nn.Module:
    """Return a perceptron over how near the pieces of a sequence are to learned ones."""
    layers: list[nn.Module] = [_Shapelets(setup), nn.LayerNorm(setup.hidden)]
    for _ in range(setup.depth - 1):
        layers += block(setup, setup.hidden)
    return nn.Sequential(*layers, head(setup, outputs))


class _Told(nn.Module):
    """What each atom is told by each other one, as the bond between them lets through.

    Gilmer et al. (2017).
    """

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        width = setup.hidden
        self.norm = nn.LayerNorm(width)
        self.sent, self.got = nn.Linear(width, width), nn.Linear(width, width)
        self.bond = nn.Linear(1, width)
        self.update = nn.Linear(width, width)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)

    def forward(self, known: Tensor, bonds: Tensor) -> Tensor:
        """Return outputs of the shape of ``known``, (n, atoms, width)."""
        own = self.norm(known)
        told = (self.sent(own)[:, None] * self.bond(bonds)).sum(2)
        result: Tensor = known + self.drop(self.update(self.activation(self.got(own) + told)))
        return result


class MessagePassing(nn.Module):
    """Atoms that tell each other what they know, read out by the mean of all."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        self.embed = nn.Linear(KINDS, setup.hidden)
        self.rounds = nn.ModuleList(_Told(setup) for _ in range(setup.depth))
        self.head = head(setup, outputs)
        first, second = torch.triu_indices(ATOMS, ATOMS, 1)
        pair = torch.full((ATOMS, ATOMS), len(first))
        pair[first, second] = pair[second, first] = torch.arange(len(first))
        self.register_buffer("pair", pair, persistent=False)
        self.pair: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        kinds, pairs = x[:, : ATOMS * KINDS], functional.pad(x[:, ATOMS * KINDS :], (0, 1))
        known, bonds = self.embed(kinds.view(len(x), ATOMS, KINDS)), pairs[:, self.pair, None]
        for told in self.rounds:
            known = told(known, bonds)
        result: Tensor = self.head(known.mean(1))
        return result


class _Synthesized(nn.Module):
    """Attention whose shares follow from each step alone, then a perceptron (Tay et al. 2021).

    No step sees a later one.
    """

    def __init__(self, setup: Setup, steps: int) -> None:
        super().__init__()
        width = setup.hidden
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.ask, self.shares = nn.Linear(width, width), nn.Linear(width, steps)
        self.value, self.out = nn.Linear(width, width), nn.Linear(width, width)
        self.grow, self.shrink = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)
        hidden = torch.ones(steps, steps, dtype=torch.bool).triu(1)
        self.register_buffer("hidden", hidden, persistent=False)
        self.hidden: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, steps, width)."""
        known = self.first(x)
        wanted = self.shares(self.activation(self.ask(known)))
        shares = wanted.masked_fill(self.hidden, -math.inf).softmax(dim=2)
        x = x + self.drop(self.out(shares @ self.value(known)))
        result: Tensor = x + self.drop(self.shrink(self.activation(self.grow(self.second(x)))))
        return result


def synthesizer_model(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a language model of attention that compares no step with another."""
    return LanguageModel(setup, problem, outputs, lambda: _Synthesized(setup, problem.inputs))
