"""Parts that the networks are made of."""

from __future__ import annotations

import math

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


class Attention(nn.Module):
    """One pre-norm block: attention, then a perceptron."""

    def __init__(self, setup: Setup) -> None:
        super().__init__()
        width = setup.hidden
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mix, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.grow, self.shrink = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)
        self.activation, self.drop = ACTIVATIONS[setup.activation](), nn.Dropout(setup.dropout)

    def forward(self, x: Tensor, mask: Tensor | None = None, causal: bool = False) -> Tensor:
        """Return ``x`` with both branches added, of the same shape (n, steps, width).

        ``mask`` is added to what each step thinks of each; causal attention sees no later step.
        """
        n, steps, width = x.shape
        parts = self.mix(self.first(x)).view(n, steps, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        query, key, value = parts
        mixed = functional.scaled_dot_product_attention(query, key, value, mask, is_causal=causal)
        x = x + self.drop(self.out(mixed.transpose(1, 2).reshape(n, steps, width)))
        result: Tensor = x + self.drop(self.shrink(self.activation(self.grow(self.second(x)))))
        return result


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
