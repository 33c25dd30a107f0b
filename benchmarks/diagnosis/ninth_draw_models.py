"""The networks of the ninth held-out draw."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import (
    ACTIVATIONS,
    LanguageModel,
    Mixing,
    block,
    head,
    places_cnn,
)
from benchmarks.diagnosis.setup import Setup

RIVALS = 2
"""Units of which only the strongest passes anything on."""
SHARPNESS = 4.0
"""By what a cosine is multiplied at first."""
AROUND = 3
"""Pixels of a side of what a place sees."""
LINES = 2
"""Columns of a step of a sequence."""
FADES, RECALLED = 0.9, 0.1
"""What is left of a memory a step later, and how strongly a state is written into it."""
LESSON = 8
"""Columns of a lesson."""


class _Winners(nn.Module):
    """A layer of which in each few units only the largest passes on (Srivastava et al. 2013)."""

    def __init__(self, setup: Setup, inputs: int) -> None:
        super().__init__()
        self.layer, self.drop = nn.Linear(inputs, setup.hidden), nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``width`` columns."""
        made = self.layer(x)
        rivals = made.unflatten(1, (-1, min(RIVALS, made.shape[1])))
        won = rivals * (rivals == rivals.amax(2, keepdim=True))
        result: Tensor = self.drop(won.flatten(1))
        return result


def winner_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron of units that compete."""
    widths = [problem.inputs] + [setup.hidden] * (setup.depth - 1)
    return nn.Sequential(*(_Winners(setup, inputs) for inputs in widths), head(setup, outputs))


class ReversibleMlp(nn.Module):
    """Two streams; what one holds is added to the other in turn (Gomez et al. 2017)."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        width = setup.hidden
        self.embed = nn.Linear(problem.inputs, 2 * width)
        self.layers = nn.ModuleList(
            nn.Sequential(*block(setup, width), nn.Linear(width, width))
            for _ in range(2 * setup.depth)
        )
        self.head = nn.Linear(2 * width, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        one, other = self.embed(x).chunk(2, dim=1)
        for layer in self.layers:
            one, other = other, one + layer(other)
        result: Tensor = self.head(torch.cat([one, other], dim=1))
        return result


class _Cosines(nn.Module):
    """The cosines between the input and learned directions, scaled (Luo et al. 2018)."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.directions = nn.Parameter(torch.randn(width, inputs))
        self.scale = nn.Parameter(torch.full((width,), SHARPNESS))
        self.shift = nn.Parameter(torch.zeros(width))

    def forward(self, x: Tensor) -> Tensor:
        """Return ``width`` columns."""
        alike = functional.linear(
            functional.normalize(x, eps=1e-3), functional.normalize(self.directions, eps=1e-3)
        )
        return self.scale * alike + self.shift


def cosine_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron that sees directions and not how large things are."""
    layers: list[nn.Module] = []
    for inputs in [problem.inputs] + [setup.hidden] * (setup.depth - 1):
        layers += [_Cosines(inputs, setup.hidden), ACTIVATIONS[setup.activation]()]
        layers += [nn.Dropout(setup.dropout)]
    return nn.Sequential(*layers, head(setup, outputs))


class _Involved(nn.Module):
    """Sums of what is around a place, weighted by what the place itself holds (Li et al. 2021)."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        width = setup.hidden
        self.weigh, self.mix = nn.Conv2d(width, AROUND**2, 1), nn.Conv2d(width, width, 1)
        self.norm = nn.GroupNorm(1, width)
        self.activation = ACTIVATIONS[setup.activation]()

    def forward(self, x: Tensor) -> Tensor:
        """Return channels of the shape of ``x``, (n, width, rows, columns)."""
        around = functional.unfold(x, AROUND, padding=AROUND // 2)
        seen = around.view(*x.shape[:2], AROUND**2, *x.shape[2:])
        summed = (seen * self.weigh(x)[:, None]).sum(2)
        result: Tensor = self.activation(x + self.norm(self.mix(summed)))
        return result


def involution_cnn(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return involutions over a picture, read out at every place of a smaller one."""
    return places_cnn(setup, problem, outputs, setup.hidden, lambda: _Involved(setup))


class FastWeights(nn.Module):
    """A recurrent layer that recalls its states by how alike they are, read out at its end.

    Ba et al. (2016); with gates, each unit is told how far it moves.
    """

    def __init__(self, setup: Setup, outputs: int, gated: bool) -> None:
        super().__init__()
        width, self.gated = setup.hidden, gated
        made = width * (2 if gated else 1)
        self.seen, self.past = nn.Linear(LINES, made), nn.Linear(width, made, bias=False)
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        width = self.head.in_features
        state, memory = x.new_zeros(len(x), width), x.new_zeros(len(x), width, width)
        for seen in self.seen(x.view(len(x), -1, LINES)).unbind(1):
            memory = FADES * memory + RECALLED * state[:, :, None] * state[:, None]
            recalled = (memory @ state[:, :, None])[:, :, 0]
            made = seen + self.past(state)
            if self.gated:
                wanted, gate = made.chunk(2, dim=1)
                state = torch.lerp(state, (wanted + recalled).tanh(), gate.sigmoid())
            else:
                state = (made + recalled).tanh()
        result: Tensor = self.head(self.drop(state))
        return result


class Hourglass(nn.Module):
    """Convolutions over ever fewer steps, then over ever more, beside what was there before.

    Ronneberger et al. (2015); read out by means.
    """

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        width, levels = setup.hidden, setup.depth
        self.stem = nn.Conv1d(1, width, 5, padding=2)
        self.down = nn.ModuleList(self._layer(setup, width, stride=2) for _ in range(levels))
        self.up = nn.ModuleList(self._layer(setup, 2 * width) for _ in range(levels))
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    @staticmethod
    def _layer(setup: Setup, inputs: int, stride: int = 1) -> nn.Sequential:
        convolved = nn.Conv1d(inputs, setup.hidden, 3, stride, padding=1)
        return nn.Sequential(convolved, ACTIVATIONS[setup.activation]())

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        known = [self.stem(x[:, None])]
        for down in self.down:
            known.append(down(known[-1]))
        found = known.pop()
        for up in self.up:
            before = known.pop()
            found = up(torch.cat([functional.interpolate(found, before.shape[2]), before], dim=1))
        result: Tensor = self.head(self.drop(found.mean(2)))
        return result


class RelationNetwork(nn.Module):
    """One perceptron for every two of some things, read out by its sum (Santoro et al. 2017)."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs in [2 * LESSON] + [setup.hidden] * (setup.depth - 1):
            layers += block(setup, inputs)
        self.layers = nn.Sequential(*layers)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        things = x.view(len(x), -1, LESSON)
        one, other = (1 - torch.eye(things.shape[1])).nonzero().T
        pairs = torch.cat([things[:, one], things[:, other]], dim=2)
        result: Tensor = self.head(self.layers(pairs).sum(1))
        return result


class _Free(Mixing):
    """Means of the steps before, weighted column by column by what each says of itself.

    A learned number for every two steps adds to it (Zhai et al. 2021).
    """

    def __init__(self, setup: Setup, steps: int) -> None:
        super().__init__(setup)
        self.apart = nn.Parameter(0.1 * torch.randn(steps, steps))
        hidden = torch.ones(steps, steps, dtype=torch.bool).triu(1)
        self.register_buffer("hidden", hidden, persistent=False)
        self.hidden: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, steps, width)."""
        opens, key, value = self.mix(self.first(x)).chunk(3, dim=2)
        apart = self.apart.masked_fill(self.hidden, -math.inf)
        shares = (key[:, None] + apart[:, :, None]).softmax(dim=2)
        return self.added(x, opens.sigmoid() * (shares * value[:, None]).sum(2))


def attention_free_model(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a language model that weighs steps without comparing them."""
    return LanguageModel(setup, problem, outputs, lambda: _Free(setup, problem.inputs))
