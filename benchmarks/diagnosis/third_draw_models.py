"""The networks of the third held-out draw."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.layers import ACTIVATIONS, block, characters, head, side
from benchmarks.diagnosis.setup import Setup

PIECES = 3
"""Linear layers of which a maxout unit takes the largest."""
EXPERTS = 4
LATENTS, HEADS = 3, 2
"""Queries that look at a set of points, and heads of the attention they do it with."""
MEMORIES = 8
"""Powers by which the past is weighted, at most."""


class _Waves(nn.Module):
    """Sines and cosines of random directions of the input; the directions are learned, too."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.directions = nn.Parameter(2.0 * torch.randn(inputs, width))

    def forward(self, x: Tensor) -> Tensor:
        """Return twice ``width`` columns."""
        angles = x @ self.directions
        return torch.cat([angles.sin(), angles.cos()], dim=1)


def fourier_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron of Fourier features (Tancik et al. 2020)."""
    layers: list[nn.Module] = [_Waves(problem.inputs, setup.hidden)]
    for inputs in [2 * setup.hidden] + [setup.hidden] * (setup.depth - 1):
        layers += block(setup, inputs)
    return nn.Sequential(*layers, head(setup, outputs))


class _Maxout(nn.Module):
    """The largest of some linear layers, unit by unit (Goodfellow et al. 2013)."""

    def __init__(self, setup: Setup, inputs: int) -> None:
        super().__init__()
        self.layer = nn.Linear(inputs, PIECES * setup.hidden)
        self.drop = nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``hidden`` columns."""
        result: Tensor = self.drop(self.layer(x).view(len(x), -1, PIECES).amax(2))
        return result


def maxout_mlp(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return a perceptron of maxout units."""
    widths = [problem.inputs] + [setup.hidden] * (setup.depth - 1)
    return nn.Sequential(*(_Maxout(setup, width) for width in widths), head(setup, outputs))


class Experts(nn.Module):
    """Some small perceptrons, mixed by a gate that sees the same input."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        self.gate = nn.Linear(problem.inputs, EXPERTS)
        self.experts = nn.ModuleList(
            nn.Sequential(*block(setup, problem.inputs)) for _ in range(EXPERTS)
        )
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        shares = self.gate(x).softmax(dim=1)
        hidden = torch.stack([expert(x) for expert in self.experts], dim=2)
        result: Tensor = self.head((hidden * shares[:, None]).sum(2))
        return result


class _Excited(nn.Module):
    """Scales each channel by what all channels hold on average (Hu et al. 2018)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.squeeze, self.excite = nn.Linear(width, width // 2), nn.Linear(width // 2, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` scaled, of the same shape (n, width, rows, columns)."""
        scale: Tensor = self.excite(torch.relu(self.squeeze(x.mean((2, 3))))).sigmoid()
        return x * scale[:, :, None, None]


def squeeze_cnn(setup: Setup, problem: Problem, outputs: int) -> nn.Module:
    """Return convolutions with squeeze and excitation, each pooled by its largest values."""
    pixels, width = side(problem), 2 * max(1, setup.hidden // 4)
    layers: list[nn.Module] = [nn.Unflatten(1, (1, pixels, pixels))]
    for inputs in [1] + [width] * (setup.depth - 1):
        layers += [
            nn.Conv2d(inputs, width, 3, padding=1),
            ACTIVATIONS[setup.activation](),
            _Excited(width),
            nn.MaxPool2d(2),
        ]
    layers += [nn.Flatten(), nn.Dropout(setup.dropout)]
    return nn.Sequential(*layers, nn.Linear(width * (pixels // 2**setup.depth) ** 2, outputs))


class Perceiver(nn.Module):
    """Learned queries that attend to a set of points of the plane, whatever their order."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        width = setup.hidden
        self.latents = nn.Parameter(torch.randn(LATENTS, width))
        self.embed = nn.Sequential(nn.Linear(2, width), ACTIVATIONS[setup.activation]())
        self.mix = nn.Linear(width, 2 * width)
        self.norm = nn.LayerNorm(width)
        self.grow, self.shrink = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)
        self.head = nn.Linear(LATENTS * width, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        points = self.embed(x.view(len(x), -1, 2))
        key, value = self._split(self.mix(points)).chunk(2, dim=3)
        query = self._split(self.latents.expand(len(x), -1, -1))
        mixed = functional.scaled_dot_product_attention(query, key, value)
        hidden = self.drop(mixed.transpose(1, 2).flatten(2))
        grown = self.activation(self.grow(self.norm(hidden)))
        hidden = hidden + self.drop(self.shrink(grown))
        result: Tensor = self.head(hidden.flatten(1))
        return result

    @staticmethod
    def _split(x: Tensor) -> Tensor:
        """Return columns parted into heads: (n, heads, steps, columns)."""
        return x.reshape(*x.shape[:2], HEADS, -1).transpose(1, 2)


class MinimalGated(nn.Module):
    """A recurrent layer with a single gate (Zhou et al. 2016), read out at its end."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        self.seen = nn.Linear(1, 2 * setup.hidden)
        self.gate = nn.Linear(setup.hidden, setup.hidden, bias=False)
        self.change = nn.Linear(setup.hidden, setup.hidden, bias=False)
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        hidden = x.new_zeros(len(x), self.gate.in_features)
        for opens, comes in (part.chunk(2, dim=1) for part in self.seen(x[:, :, None]).unbind(1)):
            gate = (opens + self.gate(hidden)).sigmoid()
            wanted = (comes + self.change(gate * hidden)).tanh()
            hidden = torch.lerp(hidden, wanted, gate)
        result: Tensor = self.head(self.drop(hidden))
        return result


class DeepRecurrent(nn.Module):
    """Two plain recurrent layers over a sequence of numbers, read out at their end."""

    def __init__(self, setup: Setup, outputs: int) -> None:
        super().__init__()
        self.layers = nn.RNN(1, setup.hidden, num_layers=2, batch_first=True)
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, outputs)."""
        result: Tensor = self.head(self.drop(self.layers(x[:, :, None])[0][:, -1]))
        return result


class _Dilated(nn.Module):
    """A convolution over steps that lie apart, added to its input."""

    def __init__(self, setup: Setup, apart: int) -> None:
        super().__init__()
        self.layer = nn.Conv1d(setup.hidden, setup.hidden, 3, padding=apart, dilation=apart)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, hidden, steps)."""
        result: Tensor = x + self.drop(self.activation(self.layer(x)))
        return result


def dilated_cnn(setup: Setup, outputs: int) -> nn.Module:
    """Return convolutions over a sequence, dilated twice as far each, and pooled by the mean."""
    stem = (nn.Unflatten(1, (1, -1)), nn.Conv1d(1, setup.hidden, 3, padding=1), nn.ReLU())
    layers = [_Dilated(setup, 2**layer) for layer in range(1, setup.depth + 1)]
    pooled = (nn.AdaptiveAvgPool1d(1), nn.Flatten())
    return nn.Sequential(*stem, *layers, *pooled, head(setup, outputs))


class _Decaying(nn.Module):
    """The past weighted by a power of its age, learned for groups of columns.

    A diagonal state space, unrolled over the steps.
    """

    def __init__(self, width: int, steps: int) -> None:
        super().__init__()
        self.keep = nn.Parameter(torch.linspace(-2.0, 2.0, math.gcd(width, MEMORIES)))
        age = torch.arange(steps)[:, None] - torch.arange(steps)
        self.register_buffer("age", age.clamp(min=0).float(), persistent=False)
        self.register_buffer("past", (age >= 0).float(), persistent=False)
        self.age: Tensor
        self.past: Tensor

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of the shape of ``x``, (n, steps, width)."""
        kept = self.keep.sigmoid()[:, None, None]
        weights = (1.0 - kept) * (self.age * kept.log()).exp() * self.past
        grouped = x.view(*x.shape[:2], len(kept), -1).transpose(1, 2)
        return (weights @ grouped).transpose(1, 2).reshape(x.shape)


class StateSpace(nn.Module):
    """A language model: gated blocks of decaying memories, in place of attention."""

    def __init__(self, setup: Setup, problem: Problem, outputs: int) -> None:
        super().__init__()
        width = setup.hidden
        self.embed = nn.Embedding(characters(problem), width)
        self.memories = nn.ModuleList(_Decaying(width, problem.inputs) for _ in range(setup.depth))
        self.gates = nn.ModuleList(nn.Linear(width, 2 * width) for _ in range(setup.depth))
        self.outs = nn.ModuleList(nn.Linear(width, width) for _ in range(setup.depth))
        self.drop = nn.Dropout(setup.dropout)
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, steps, outputs)."""
        hidden = self.embed(x)
        for memory, gate, out in zip(self.memories, self.gates, self.outs, strict=True):
            value, opened = gate(hidden).chunk(2, dim=2)
            mixed = memory(value) * functional.silu(opened)
            hidden = hidden + self.drop(out(mixed))
        result: Tensor = self.head(hidden)
        return result
