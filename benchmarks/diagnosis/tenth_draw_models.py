"""The networks of the tenth held-out draw."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import ACTIVATIONS, LanguageModel, Mixing, block, head, side
from benchmarks.diagnosis.setup import Setup

CODE = 4
"""Numbers of a sample that the weights of its layers are made of."""
TIMES = 4
"""Times that a layer hears what it said."""
LINES = 2
"""Columns of a step of a sequence."""
KERNELS = 3
"""Convolutions that a sample mixes its own of."""
PARTS = 8
"""Parts of a sequence that are read out."""
GOODS, BIDDER = 3, 4
"""Columns of what is sold, and of a bidder."""


class HyperMlp(nn.Module):
    """A perceptron whose inner weights another one makes for each sample (Ha et al. 2017)."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        width = setup.hidden
        self.first = nn.Sequential(*block(setup, problem.inputs))
        self.code = nn.Sequential(nn.Linear(problem.inputs, CODE), nn.Tanh())
        self.made = nn.ModuleList(nn.Linear(CODE, width**2) for _ in range(setup.depth - 1))
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        known, code = self.first(x), self.code(x)
        width = known.shape[1]
        for made in self.made:
            weights = made(code).view(-1, width, width) / width**0.5
            known = self.drop(self.activation((weights @ known[:, :, None])[:, :, 0]))
        result: Tensor = self.head(known)
        return result


class _Settling(nn.Module):
    """A layer that hears what it said, over and over (Bai et al. 2019)."""

    def __init__(self, setup: Setup, inputs: int) -> None:
        super().__init__()
        self.seen = nn.Linear(inputs, setup.hidden)
        self.heard = nn.Linear(setup.hidden, setup.hidden, bias=False)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``width`` columns."""
        seen = self.seen(x)
        said = self.activation(seen)
        for _ in range(TIMES):
            said = self.activation(seen + self.heard(said))
        result: Tensor = self.drop(said)
        return result


def settling_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron of layers that hear themselves."""
    widths = [problem.inputs] + [setup.hidden] * (setup.depth - 1)
    return nn.Sequential(*(_Settling(setup, inputs) for inputs in widths), head(setup, outputs))


class _Circulant(nn.Module):
    """A layer each of whose rows of weights is the one before, moved by one (Cheng et al. 2015).

    Half of the columns, drawn once, are turned round beforehand, so that rows differ in more.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        size = max(inputs, width)
        self.row = nn.Parameter(torch.randn(1, size) / inputs**0.5)
        self.shift = nn.Parameter(0.1 * torch.randn(width))
        place = (torch.arange(inputs) - torch.arange(width)[:, None]) % size
        signs = torch.randint(2, (inputs,)) * 2.0 - 1
        self.register_buffer("place", place.flatten(), persistent=False)
        self.register_buffer("signs", signs, persistent=False)
        self.place: Tensor
        self.signs: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Return ``width`` columns."""
        weights = self.row[0].index_select(0, self.place).view(len(self.shift), -1)
        return functional.linear(x * self.signs, weights, self.shift)


def circulant_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron of layers that have a single row of weights each."""
    layers: list[nn.Module] = []
    for inputs in [problem.inputs] + [setup.hidden] * (setup.depth - 1):
        layers += [_Circulant(inputs, setup.hidden), ACTIVATIONS[setup.activation]()]
        layers += [nn.Dropout(setup.dropout)]
    return nn.Sequential(*layers, head(setup, outputs))


class OctaveCnn(nn.Module):
    """Convolutions of a fine picture and of a coarse one that tell each other what they see.

    Chen et al. (2019); read out at every place of the coarse one.
    """

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        self.pixels, width = side(problem), setup.hidden
        self.stem = nn.Conv2d(1, width, 3, padding=1)
        self.fine, self.coarse = (
            nn.ModuleList(nn.Conv2d(2 * width, width, 3, padding=1) for _ in range(setup.depth))
            for _ in range(2)
        )
        self.norm = nn.GroupNorm(1, width)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)
        self.head = nn.Linear(2 * width * (self.pixels // 2) ** 2, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        fine = self.stem(x.view(len(x), 1, self.pixels, self.pixels))
        coarse = functional.avg_pool2d(fine, 2)
        for one, other in zip(self.fine, self.coarse, strict=True):
            grown = functional.interpolate(coarse, scale_factor=2)
            shrunk = functional.avg_pool2d(fine, 2)
            fine, coarse = (
                self.activation(self.norm(layer(torch.cat(seen, dim=1))))
                for layer, seen in ((one, (fine, grown)), (other, (coarse, shrunk)))
            )
        seen = torch.cat([functional.avg_pool2d(fine, 2), coarse], dim=1)
        result: Tensor = self.head(self.drop(seen.flatten(1)))
        return result


class BistableRecurrent(nn.Module):
    """A recurrent layer of units that may each keep one of two values, read out at its end.

    How strongly a unit holds on to its value, it is told; with gates, also how far it moves
    (Vecoven et al. 2021).
    """

    def __init__(self, setup: Setup, outputs: int, gated: bool) -> None:
        super().__init__()
        width, told = setup.hidden, 2 if gated else 1
        self.gated = gated
        self.seen = nn.Linear(LINES, (1 + told) * width)
        self.past = nn.Linear(width, told * width, bias=False)
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        width = self.head.in_features
        state = x.new_zeros(len(x), width)
        for seen in self.seen(x.view(len(x), -1, LINES)).unbind(1):
            told = seen[:, width:] + self.past(state)
            wanted = (seen[:, :width] + (1 + told[:, :width].tanh()) * state).tanh()
            state = torch.lerp(state, wanted, told[:, width:].sigmoid()) if self.gated else wanted
        result: Tensor = self.head(self.drop(state))
        return result


class _Conditional(nn.Module):
    """A convolution that each sample mixes of a few, by what it holds (Yang et al. 2019)."""

    def __init__(self, setup: Setup, stride: int) -> None:
        super().__init__()
        width = setup.hidden
        self.shares = nn.Linear(width, KERNELS)
        self.convolved = nn.Conv1d(width, KERNELS * width, 5, stride, padding=2)
        self.activation = ACTIVATIONS[setup.activation]()

    def forward(self, x: Tensor) -> Tensor:
        """Return channels, (n, width, steps)."""
        shares = self.shares(x.mean(2)).sigmoid().unbind(1)
        found = self.convolved(x).chunk(KERNELS, dim=1)
        mixed = [share[:, None, None] * part for share, part in zip(shares, found, strict=True)]
        result: Tensor = self.activation(torch.stack(mixed).sum(0))
        return result


def conditional_cnn(setup: Setup, outputs: int) -> nn.Module:
    """Return mixed convolutions over a sequence, read out by the means of its parts."""
    stem = (nn.Unflatten(1, (1, -1)), nn.Conv1d(1, setup.hidden, 5, padding=2))
    layers = [_Conditional(setup, stride=1 if at else 2) for at in range(setup.depth)]
    pooled = (nn.AdaptiveAvgPool1d(PARTS), nn.Flatten(), nn.Dropout(setup.dropout))
    return nn.Sequential(*stem, *layers, *pooled, nn.Linear(PARTS * setup.hidden, outputs))


class _Equivariant(nn.Module):
    """One layer for each of some things, less what the largest of all are (Zaheer et al. 2017)."""

    def __init__(self, setup: Setup, inputs: int) -> None:
        super().__init__()
        self.own = nn.Linear(inputs, setup.hidden)
        self.all = nn.Linear(inputs, setup.hidden, bias=False)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return columns of each thing, (n, things, width)."""
        result: Tensor = self.drop(self.activation(self.own(x) - self.all(x.amax(1, keepdim=True))))
        return result


class DeepSets(nn.Module):
    """Layers over bidders in any order, read out by the largest values and the means."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        widths = [GOODS + BIDDER] + [setup.hidden] * (setup.depth - 1)
        self.layers = nn.Sequential(*(_Equivariant(setup, inputs) for inputs in widths))
        self.head = nn.Linear(2 * setup.hidden, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        bidders = x[:, GOODS:].reshape(len(x), -1, BIDDER)
        sold = x[:, None, :GOODS].expand(-1, bidders.shape[1], -1)
        found = self.layers(torch.cat([sold, bidders], dim=2))
        result: Tensor = self.head(torch.cat([found.amax(1), found.mean(1)], dim=1))
        return result


class _Differential(Mixing):
    """Attention of which a part of another attention is taken away (Ye et al. 2025)."""

    def __init__(self, setup: Setup, steps: int) -> None:
        super().__init__(setup)
        self.part = nn.Parameter(torch.tensor(0.5))
        self.norm = nn.LayerNorm(setup.hidden)
        hidden = torch.full((steps, steps), -math.inf).triu(1)
        self.register_buffer("hidden", hidden, persistent=False)
        self.hidden: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, steps, width)."""
        parts = self.mix(self.first(x)).chunk(6, dim=2)
        one, other = (
            (query @ key.transpose(1, 2) / key.shape[2] ** 0.5 + self.hidden).softmax(dim=2)
            for query, key in (parts[:2], parts[2:4])
        )
        value = torch.cat(parts[4:], dim=2)
        return self.added(x, self.norm((one - self.part * other) @ value))


def differential_model(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a language model of differences of attention."""
    return LanguageModel(setup, problem, outputs, lambda: _Differential(setup, problem.inputs))
