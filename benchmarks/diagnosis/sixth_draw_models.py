"""The networks of the sixth held-out draw."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import ACTIVATIONS, LanguageModel, Mixing, block, head, side
from benchmarks.diagnosis.setup import Setup

MEMBERS = 4
"""Members of an ensemble that share their weights."""
BINS, REACH = 6, 2.0
"""Bins into which a column is parted, and how far from 0 the outermost end."""
PATCH = 2
"""Pixels of a side of a patch."""
MARKED = 2
"""Columns of a step: a number and its mark."""
SCALES = (1, 2, 4)
"""Steps of a sequence that are taken together."""
BIRD = 4
"""Columns of a bird: its place, then its speed."""


class _Shared(nn.Module):
    """A layer that members share, but for how they scale its inputs and its outputs.

    Wen et al. (2020).
    """

    def __init__(self, setup: Setup, inputs: int) -> None:
        super().__init__()
        width = setup.hidden
        self.layer = nn.Linear(inputs, width, bias=False)
        self.before = nn.Parameter(1.0 + 0.5 * torch.randn(MEMBERS, inputs))
        self.after = nn.Parameter(1.0 + 0.5 * torch.randn(MEMBERS, width))
        self.bias = nn.Parameter(0.1 * torch.randn(MEMBERS, width))
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, members, width)."""
        made = self.layer(x * self.before) * self.after + self.bias
        result: Tensor = self.drop(self.activation(made))
        return result


class EnsembleMlp(nn.Module):
    """Perceptrons that share most of their weights; the outputs are the means of theirs."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        widths = [problem.inputs] + [setup.hidden] * (setup.depth - 1)
        self.layers = nn.Sequential(*(_Shared(setup, inputs) for inputs in widths))
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        result: Tensor = self.head(self.layers(x[:, None])).mean(1)
        return result


class _Bins(nn.Module):
    """How much of each bin of each column lies below its value (Gorishniy et al. 2022)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return ``BINS`` columns, from 0 to 1, for each column of ``x``."""
        starts = torch.linspace(-REACH, REACH, BINS + 1)[:-1]
        return ((x[:, :, None] - starts) * (BINS / (2 * REACH))).clamp(0, 1).flatten(1)


def binned_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron over the bins of the columns."""
    layers: list[nn.Module] = [_Bins()]
    for inputs in [BINS * problem.inputs] + [setup.hidden] * (setup.depth - 1):
        layers += block(setup, inputs)
    return nn.Sequential(*layers, head(setup, outputs))


class FactorMlp(nn.Module):
    """A perceptron over the columns and sums of their products, two by two.

    How much a product counts follows from a factor of each column (He and Chua 2017).
    """

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        self.factors = nn.Parameter(0.3 * torch.randn(problem.inputs, setup.hidden))
        layers: list[nn.Module] = []
        for inputs in [problem.inputs + setup.hidden] + [setup.hidden] * (setup.depth - 1):
            layers += block(setup, inputs)
        self.layers = nn.Sequential(*layers, head(setup, outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        products = ((x @ self.factors).square() - x.square() @ self.factors.square()) / 2
        result: Tensor = self.layers(torch.cat([x, products], dim=1))
        return result


class _Mixed(nn.Module):
    """A perceptron across places, then one across channels (Tolstikhin et al. 2021)."""

    def __init__(self, setup: Setup, places: int) -> None:
        super().__init__()
        width = setup.hidden
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.across = nn.Sequential(*self._both(setup, places))
        self.along = nn.Sequential(*self._both(setup, width))

    @staticmethod
    def _both(setup: Setup, width: int) -> tuple[nn.Module, ...]:
        inner, drop = nn.Linear(width, 2 * width), nn.Dropout(setup.dropout)
        return inner, ACTIVATIONS[setup.activation](), nn.Linear(2 * width, width), drop

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, places, width)."""
        x = x + self.across(self.first(x).transpose(1, 2)).transpose(1, 2)
        result: Tensor = x + self.along(self.second(x))
        return result


def patch_mixer(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return perceptrons over the patches of a picture, read out by their mean."""
    pixels = side(problem)
    stem = (nn.Unflatten(1, (1, pixels, pixels)), nn.Conv2d(1, setup.hidden, PATCH, stride=PATCH))
    blocks = [_Mixed(setup, (pixels // PATCH) ** 2) for _ in range(setup.depth)]
    return nn.Sequential(*stem, _Places(), *blocks, _Mean(), head(setup, outputs))


class _Places(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        """Return channels last and all places in one row: (n, places, channels)."""
        return x.flatten(2).transpose(1, 2)


class _Mean(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        """Return the mean over places, (n, channels)."""
        return x.mean(1)


class MultiplicativeRecurrent(nn.Module):
    """A recurrent layer in which what is seen scales what is remembered, read out at its end.

    With gates, that of Krause et al. (2016); without, that of Sutskever et al. (2011).
    """

    def __init__(self, setup: Setup, outputs: int, gated: bool) -> None:
        super().__init__()
        width, self.gated = setup.hidden, gated
        made = width * (4 if gated else 1)
        self.seen = nn.Linear(MARKED, width + made)
        self.past = nn.Linear(width, width)
        self.mix = nn.Linear(width, made, bias=False)
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        width = self.head.in_features
        hidden = cell = x.new_zeros(len(x), width)
        for scale, seen in (
            (step[:, :width], step[:, width:])
            for step in self.seen(x.view(len(x), -1, MARKED)).unbind(1)
        ):
            made = seen + self.mix(scale * self.past(hidden))
            if self.gated:
                wanted, *gates = made.chunk(4, dim=1)
                opens, forgets, shows = (gate.sigmoid() for gate in gates)
                cell = forgets * cell + opens * wanted.tanh()
                hidden = shows * cell.tanh()
            else:
                hidden = made.tanh()
        result: Tensor = self.head(self.drop(hidden))
        return result


class MultiScale(nn.Module):
    """Convolutions over a sequence and over means of it, read out by their largest values.

    Cui et al. (2016).
    """

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(self._branch(setup, scale) for scale in SCALES)
        self.drop = nn.Dropout(setup.dropout)
        self.head = nn.Linear(len(SCALES) * setup.hidden, outputs)

    @staticmethod
    def _branch(setup: Setup, scale: int) -> nn.Sequential:
        layers: list[nn.Module] = [nn.AvgPool1d(scale)]
        for inputs in [1] + [setup.hidden] * (setup.depth - 1):
            layers += [nn.Conv1d(inputs, setup.hidden, 5, padding=2)]
            layers += [ACTIVATIONS[setup.activation]()]
        return nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        found = [branch(x[:, None]).amax(2) for branch in self.branches]
        result: Tensor = self.head(self.drop(torch.cat(found, dim=1)))
        return result


class _Pairs(nn.Module):
    """What each of some things makes of each, weighted by a score of both (Brody et al. 2022)."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        width = setup.hidden
        self.norm = nn.LayerNorm(width)
        self.one, self.other = nn.Linear(width, width), nn.Linear(width, width)
        self.score, self.out = nn.Linear(width, 1), nn.Linear(width, width)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, things, width)."""
        known = self.norm(x)
        both = self.activation(self.one(known)[:, :, None] + self.other(known)[:, None])
        shares = self.score(both).softmax(dim=2)
        result: Tensor = x + self.drop(self.out((shares * both).sum(2)))
        return result


class PairAttention(nn.Module):
    """Attention that scores pairs by a perceptron, read out by the mean of all things."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        self.embed = nn.Linear(BIRD, setup.hidden)
        self.blocks = nn.Sequential(*(_Pairs(setup) for _ in range(setup.depth)))
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        things = self.embed(x.view(len(x), -1, BIRD))
        result: Tensor = self.head(self.blocks(things).mean(1))
        return result


class _Linear(Mixing):
    """Attention whose shares are products of positive features (Katharopoulos et al. 2020).

    Then a perceptron; no step sees a later one.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, steps, width)."""
        query, key, value = self.mix(self.first(x)).chunk(3, dim=2)
        features = (functional.elu(part) + 1.0 for part in (query, key))
        shares = torch.bmm(next(features), next(features).transpose(1, 2)).tril()
        return self.added(x, shares @ value / (shares.sum(2, keepdim=True) + 1e-6))


def linear_attention_model(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a language model of attention that is linear in its features."""
    return LanguageModel(setup, problem, outputs, lambda: _Linear(setup))
