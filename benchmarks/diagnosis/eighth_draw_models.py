"""The networks of the eighth held-out draw."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import ACTIVATIONS, LanguageModel, Mixing, block, head, side
from benchmarks.diagnosis.setup import Setup

AGAIN = 1.5
"""This less 1 is how much a column still counts that a step looked at alone."""
TIMES = 3
"""Steps in which a flow is followed."""
LINES = 2
"""Columns of a step of a sequence."""
DELAY = 3
"""How many steps back the oldest state is that a recurrent layer sees."""
WAVE, PARTS = 9, 4
"""Steps of a wavelet, and parts of a sequence in which it is told apart how strong it is."""
CARD, SLOTS = 10, 6
"""Columns of a card, and slots that cards are put into."""


class SelectiveMlp(nn.Module):
    """Steps that each choose the columns that they see by what the last one found.

    Arik and Pfister (2021).
    """

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        columns, width = problem.inputs, setup.hidden
        self.first = nn.Linear(columns, width)
        self.chosen = nn.ModuleList(nn.Linear(width, columns) for _ in range(setup.depth))
        self.layers = nn.ModuleList(nn.Linear(columns, width) for _ in range(setup.depth))
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        known, left = self.activation(self.first(x)), torch.ones_like(x)
        found = torch.zeros_like(known)
        for chosen, layer in zip(self.chosen, self.layers, strict=True):
            share = (left * chosen(known)).softmax(dim=1)
            left = left * (AGAIN - share)
            known = self.activation(layer(share * x.shape[1] * x))
            found = found + self.drop(known)
        result: Tensor = self.head(found)
        return result


class FlowMlp(nn.Module):
    """Columns that flow along a learned field, followed by midpoints (Chen et al. 2018)."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        self.embed = nn.Linear(problem.inputs, setup.hidden)
        layers = [layer for _ in range(setup.depth - 1) for layer in block(setup, setup.hidden)]
        self.field = nn.Sequential(*layers, nn.Linear(setup.hidden, setup.hidden), nn.Tanh())
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        place = self.embed(x)
        for _ in range(TIMES):
            place = place + self.field(place + self.field(place) / (2 * TIMES)) / TIMES
        result: Tensor = self.head(place)
        return result


def low_rank_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron whose layers are products of two narrow ones (Denil et al. 2013)."""
    layers: list[nn.Module] = []
    rank = max(1, setup.hidden // 4)
    for inputs in [problem.inputs] + [setup.hidden] * (setup.depth - 1):
        layers += [nn.Linear(inputs, rank, bias=False), *block(setup, rank)]
    return nn.Sequential(*layers, head(setup, outputs))


class _Turned(nn.Module):
    """Filters of which each is tried turned four ways; the strongest answer counts.

    Marcos et al. (2016).
    """

    def __init__(self, setup: Setup, inputs: int, size: int, stride: int = 1) -> None:
        super().__init__()
        width, around = setup.hidden, size // 2
        self.filters = nn.Conv2d(inputs, width, size, stride, padding=around, bias=False)
        self.shift = nn.Parameter(0.1 * torch.randn(width))
        self.norm = nn.GroupNorm(1, width)
        self.activation = ACTIVATIONS[setup.activation]()

    def forward(self, x: Tensor) -> Tensor:
        """Return channels, (n, width, rows, columns)."""
        filters = self.filters
        turned = torch.cat([filters.weight.rot90(turn, (2, 3)) for turn in range(4)])
        found = functional.conv2d(x, turned, None, filters.stride, filters.padding)
        strongest = found.view(len(x), 4, -1, *found.shape[2:]).amax(1)
        result: Tensor = self.activation(self.norm(strongest + self.shift[:, None, None]))
        return result


def turned_cnn(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return turned filters over a picture, read out by their means however it is turned."""
    pixels = side(problem)
    layers: list[nn.Module] = [nn.Unflatten(1, (1, pixels, pixels)), _Turned(setup, 1, 5, stride=2)]
    layers += [_Turned(setup, setup.hidden, 3) for _ in range(setup.depth - 1)]
    pooled = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(setup.dropout))
    return nn.Sequential(*layers, *pooled, head(setup, outputs))


class DelayedRecurrent(nn.Module):
    """A recurrent layer that also sees an older state of its own, read out at its end.

    Lin et al. (1996); with gates, each unit is told how far it moves (Collins et al. 2017).
    """

    def __init__(self, setup: Setup, outputs: int, gated: bool) -> None:
        super().__init__()
        width, self.gated = setup.hidden, gated
        made = width * (2 if gated else 1)
        self.seen, self.past = nn.Linear(LINES, made), nn.Linear(2 * width, made, bias=False)
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        states = [x.new_zeros(len(x), self.head.in_features)] * DELAY
        for seen in self.seen(x.view(len(x), -1, LINES)).unbind(1):
            made = seen + self.past(torch.cat([states[-1], states[-DELAY]], dim=1))
            if self.gated:
                wanted, gate = made.chunk(2, dim=1)
                states.append(torch.lerp(states[-1], wanted.tanh(), gate.sigmoid()))
            else:
                states.append(made.tanh())
        result: Tensor = self.head(self.drop(states[-1]))
        return result


class _Wavelets(nn.Module):
    """How strong waves of learned pitch and length are in each part of a sequence."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        self.pitch = nn.Parameter(torch.linspace(0.05, 0.45, setup.hidden))
        self.narrow = nn.Parameter(torch.zeros(setup.hidden))

    def forward(self, x: Tensor) -> Tensor:
        """Return columns of shape (n, wavelets * parts)."""
        time = torch.arange(WAVE) - WAVE // 2
        turn = 2 * torch.pi * self.pitch[:, None] * time
        window = (-self.narrow.exp()[:, None] * (time / (WAVE / 3)) ** 2).exp()
        filters = torch.cat([window * turn.cos(), window * turn.sin()])
        found = functional.conv1d(x[:, None], filters[:, None], padding=WAVE // 2)
        strength = found.view(len(x), 2, -1, found.shape[2]).square().sum(1)
        return functional.avg_pool1d(strength, x.shape[1] // PARTS).log1p().flatten(1)


def wavelets(setup: Setup, outputs: int) -> nn.Module:
    """Return a perceptron over the strengths of learned wavelets (Ravanelli and Bengio 2018)."""
    layers: list[nn.Module] = [_Wavelets(setup)]
    for inputs in [PARTS * setup.hidden] + [setup.hidden] * (setup.depth - 1):
        layers += block(setup, inputs)
    return nn.Sequential(*layers, head(setup, outputs))


class SlotAttention(nn.Module):
    """Slots that share out cards among them, again and again (Locatello et al. 2020)."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        width = setup.hidden
        self.slots = nn.Parameter(torch.randn(SLOTS, width))
        self.keys, self.values = nn.Linear(CARD, width), nn.Linear(CARD, width)
        self.norm = nn.LayerNorm(width)
        self.rounds = nn.ModuleList(nn.Linear(2 * width, width) for _ in range(setup.depth))
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)
        self.head = nn.Linear(SLOTS * width, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        cards = x.view(len(x), -1, CARD)
        keys, values = self.keys(cards), self.values(cards)
        slots = self.slots.expand(len(x), -1, -1)
        for layer in self.rounds:
            known = self.norm(slots)
            shares = (known @ keys.transpose(1, 2) / keys.shape[2] ** 0.5).softmax(dim=1)
            got = torch.cat([known, shares @ values], dim=2)
            slots = slots + self.drop(self.activation(layer(got)))
        result: Tensor = self.head(slots.flatten(1))
        return result


class _LongConvolved(Mixing):
    """Sums over all steps before, weighted by a learned function of how long ago they were.

    One gate scales what is summed and another the sum (Poli et al. 2023).
    """

    def __init__(self, setup: Setup, steps: int) -> None:
        super().__init__(setup)
        age = torch.arange(steps)[:, None] - torch.arange(steps)
        part = torch.arange(steps)[:, None] / steps
        turns = 2 * torch.pi * part * torch.arange(3)
        self.register_buffer("ages", torch.cat([part, turns.sin(), turns.cos()], 1), False)
        self.register_buffer("age", age.clamp(min=0), persistent=False)
        self.register_buffer("past", (age >= 0).float()[..., None], persistent=False)
        self.ages: Tensor
        self.age: Tensor
        self.past: Tensor
        self.weigh = nn.Sequential(nn.Linear(7, setup.hidden), nn.GELU())
        self.weights = nn.Linear(setup.hidden, setup.hidden)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, steps, width)."""
        value, opens, shows = self.mix(self.first(x)).chunk(3, dim=2)
        weights = self.weights(self.weigh(self.ages))[self.age] * self.past
        mixed = torch.einsum("tsw,nsw->ntw", weights, value * opens)
        return self.added(x, shows * mixed)


def long_conv_model(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a language model of gated convolutions as long as what it sees."""
    return LanguageModel(setup, problem, outputs, lambda: _LongConvolved(setup, problem.inputs))
