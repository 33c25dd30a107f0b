"""Parts that the networks are made of."""

from __future__ import annotations

import math

from torch import nn

from benchmarks.diagnosis.data import Problem
from benchmarks.diagnosis.setup import Setup

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "gelu": nn.GELU,
}


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
