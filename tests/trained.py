"""Small networks really trained with numpy, logged once per epoch and once per step.

Two-layer perceptrons on data made of Gaussian clusters, or a smooth function for regression,
with enough samples that training them is healthy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run

BATCH = 32


class Problem(NamedTuple):
    """Inputs ``float64[n, d]`` and one-hot or real targets ``float64[n, k]``."""

    inputs: Floats
    targets: Floats
    classes: bool


class Log(NamedTuple):
    """What a training logs: one row a step, one row an epoch."""

    step_loss: list[float]
    epoch_loss: list[float]
    val_loss: list[float]
    val_metric: list[float]


def clusters(n: int, rng: np.random.Generator, classes: int = 5, spread: float = 1.0) -> Problem:
    """Return samples around ``classes`` centres that overlap somewhat."""
    centres = np.random.default_rng(99).normal(size=(classes, 10)) * 1.5
    labels = rng.integers(classes, size=n)
    inputs = centres[labels] + spread * rng.normal(size=(n, 10))
    return Problem(inputs, np.eye(classes)[labels], classes=True)


def wave(n: int, rng: np.random.Generator) -> Problem:
    """Return a smooth function of three inputs with some noise."""
    inputs = rng.uniform(-2, 2, size=(n, 3))
    target = np.sin(inputs[:, :1] * 1.5) + 0.5 * inputs[:, 1:2] * inputs[:, 2:]
    return Problem(inputs, target + 0.1 * rng.normal(size=(n, 1)), classes=False)


class Perceptron:
    """Two layers with tanh, trained by SGD with momentum."""

    def __init__(self, problem: Problem, hidden: int, rng: np.random.Generator) -> None:
        d, k = problem.inputs.shape[1], problem.targets.shape[1]
        self.classes = problem.classes
        self.weights = [
            rng.normal(size=(d, hidden)) / np.sqrt(d),
            np.zeros(hidden),
            rng.normal(size=(hidden, k)) / np.sqrt(hidden),
            np.zeros(k),
        ]
        self.speed = [np.zeros_like(w) for w in self.weights]

    def forward(self, inputs: Floats) -> tuple[Floats, Floats]:
        first, bias, second, last = self.weights
        hidden = np.tanh(inputs @ first + bias)
        raw = hidden @ second + last
        if self.classes:
            raw = np.exp(raw - raw.max(axis=1, keepdims=True))
            raw = raw / raw.sum(axis=1, keepdims=True)
        return hidden, raw

    def loss(self, inputs: Floats, targets: Floats) -> float:
        _, output = self.forward(inputs)
        if self.classes:
            return float(-np.log(np.maximum((output * targets).sum(axis=1), 1e-12)).mean())
        return float(((output - targets) ** 2).mean())

    def metric(self, inputs: Floats, targets: Floats) -> float:
        _, output = self.forward(inputs)
        if self.classes:
            return float((output.argmax(axis=1) == targets.argmax(axis=1)).mean())
        return float(np.abs(output - targets).mean())

    def update(self, inputs: Floats, targets: Floats, rate: float) -> None:
        hidden, output = self.forward(inputs)
        delta = (output - targets) / len(inputs)
        back = (delta @ self.weights[2].T) * (1 - hidden**2)
        gradients = (inputs.T @ back, back.sum(axis=0), hidden.T @ delta, delta.sum(axis=0))
        for i, gradient in enumerate(gradients):
            self.speed[i] = 0.9 * self.speed[i] - rate * (gradient + 1e-4 * self.weights[i])
            self.weights[i] = self.weights[i] + self.speed[i]


def train(
    problem: Problem, held_out: Problem, *, epochs: int, rate: float, cosine: bool, seed: int
) -> Log:
    """Train and log the batch loss of every step and the validation of every epoch."""
    rng = np.random.default_rng(seed)
    model = Perceptron(problem, 32, rng)
    log = Log([], [], [], [])
    n = len(problem.inputs)
    for epoch in range(epochs):
        factor = (1 + np.cos(np.pi * epoch / epochs)) / 2 if cosine else 1.0
        order = rng.permutation(n)
        for first in range(0, n, BATCH):
            rows = order[first : first + BATCH]
            inputs, targets = problem.inputs[rows], problem.targets[rows]
            log.step_loss.append(model.loss(inputs, targets))
            model.update(inputs, targets, rate * factor)
        log.epoch_loss.append(float(np.mean(log.step_loss[-(n // BATCH) :])))
        log.val_loss.append(model.loss(held_out.inputs, held_out.targets))
        log.val_metric.append(model.metric(held_out.inputs, held_out.targets))
    return log


def as_runs(name: str, log: Log, metric: str) -> Iterator[Run]:
    """Yield a log as a run per epoch and as a run per step."""
    epochs = len(log.epoch_loss)
    validation = {"val/loss": log.val_loss, f"val/{metric}": log.val_metric}
    yield make_run(
        name=f"{name}, trained, per epoch",
        series={"train/loss": log.epoch_loss, **validation},
        axis=Axis.EPOCH,
    )
    ends = np.arange(1, epochs + 1) * (len(log.step_loss) // epochs)
    yield make_run(
        name=f"{name}, trained, per step",
        series={"train/loss": log.step_loss, **validation},
        steps=dict.fromkeys(validation, ends),
    )


def trained_runs() -> Iterator[Run]:
    """Yield healthy trainings: two problems, constant and cosine rate, short and long."""
    for seed, (name, make, metric, rate) in enumerate(
        (("clusters", clusters, "accuracy", 0.02), ("wave", wave, "mae", 0.02))
    ):
        rng = np.random.default_rng(seed)
        problem, held_out = make(3000, rng), make(1000, rng)
        for cosine, epochs in ((True, 15), (False, 30), (True, 60)):
            log = train(problem, held_out, epochs=epochs, rate=rate, cosine=cosine, seed=seed)
            schedule = "cosine" if cosine else "constant"
            yield from as_runs(f"{name}, {schedule}, {epochs} epochs", log, metric)
