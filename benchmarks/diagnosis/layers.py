"""Parts that the networks are made of."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.setup import Setup

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
}


HEADS = 2
"""Heads of attention."""


class Mixing(nn.Module):
    """One pre-norm block: steps are mixed, by each kind in its own way, then comes a perceptron."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        width = setup.hidden
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mix, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.grow, self.shrink = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)

    def added(self, x: Tensor, mixed: Tensor) -> Tensor:
        """Return ``x`` with both branches added; all are of the same shape (n, steps, width)."""
        x = x + self.drop(self.out(mixed))
        result: Tensor = x + self.drop(self.shrink(self.activation(self.grow(self.second(x)))))
        return result


class Attention(Mixing):
    """Attention, then a perceptron."""

    def forward(self, x: Tensor, mask: Tensor | None = None, causal: bool = False) -> Tensor:
        """Return ``x`` with both branches added, of the same shape (n, steps, width).

        ``mask`` is added to what each step thinks of each; causal attention sees no later step.
        """
        n, steps, width = x.shape
        parts = self.mix(self.first(x)).view(n, steps, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        query, key, value = parts
        mixed = functional.scaled_dot_product_attention(query, key, value, mask, is_causal=causal)
        return self.added(x, mixed.transpose(1, 2).reshape(n, steps, width))


def block(setup: Setup, inputs: int, normal: bool = False) -> list[nn.Module]:
    """Return a hidden layer of the setup's width: linear, normalized if wanted, activation."""
    layers: list[nn.Module] = [nn.Linear(inputs, setup.hidden)]
    layers += [nn.LayerNorm(setup.hidden)] * normal
    layers += [ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)]
    return layers


def head(setup: Setup, outputs: int) -> nn.Linear:
    """Return the last layer."""
    return nn.Linear(setup.hidden, outputs)


def side(problem: Problem) -> int:
    """Return the pixels of a side of the problem's square pictures."""
    return math.isqrt(problem.inputs)


def characters(problem: Problem) -> int:
    """Return how many characters the problem's text knows; 0 where inputs are numbers."""
    return 0 if problem.train_x.is_floating_point() else problem.outputs


def places_cnn(
    setup: Setup, problem: Problem, outputs: int, width: int, layer: Callable[[], nn.Module]
) -> nn.Module:
    """Return layers of ``width`` channels over a picture, read out at each place of a smaller one.

    ``layer`` makes one, as many as the setup is deep.
    """
    pixels = side(problem)
    stem = (nn.Unflatten(1, (1, pixels, pixels)), nn.Conv2d(1, width, 3, padding=1, stride=2))
    layers = [layer() for _ in range(setup.depth)]
    tail = (nn.Flatten(), nn.Dropout(setup.dropout))
    places = width * ((pixels + 1) // 2) ** 2
    return nn.Sequential(*stem, *layers, *tail, nn.Linear(places, outputs))


class LanguageModel(nn.Module):
    """Blocks over characters and their places; ``layer`` makes one that sees none to come."""

    def __init__(
        self, setup: Setup, problem: Problem, outputs: int, layer: Callable[[], nn.Module]
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(characters(problem), setup.hidden)
        self.places = nn.Parameter(0.1 * torch.randn(problem.inputs, setup.hidden))
        self.blocks = nn.Sequential(*(layer() for _ in range(setup.depth)))
        self.head = head(setup, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Return outputs of shape (n, steps, outputs)."""
        result: Tensor = self.head(self.blocks(self.embed(x) + self.places))
        return result
