"""Trains a setup and keeps what any logger could have logged of it."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Optimizer

from benchmarks.diagnosis.data import Problem, load
from benchmarks.diagnosis.models import build
from benchmarks.diagnosis.schedules import factor
from benchmarks.diagnosis.setup import Setup

Floats = NDArray[np.float64]


@dataclass
class Record:
    """One row a step, or one row an epoch. ``metric`` is accuracy; empty in a regression."""

    loss: list[float] = field(default_factory=list)
    metric: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    norm: list[float] = field(default_factory=list)
    layers: list[list[float]] = field(default_factory=list)
    """The gradient norm of each weight, from the input on; vectors such as biases left out."""
    val_loss: list[float] = field(default_factory=list)
    val_metric: list[float] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """The last step of each epoch, from 0."""
    names: list[str] = field(default_factory=list)
    """What the columns of ``layers`` are called."""
    parameters: int = 0
    samples: int = 0

    def arrays(self) -> dict[str, Any]:
        """Return everything as arrays, by name."""
        numbers = {name: value for name, value in vars(self).items() if name != "names"}
        made: dict[str, Any] = {k: np.asarray(v, dtype=np.float64) for k, v in numbers.items()}
        return made | {"names": np.asarray(self.names)}


def train(setup: Setup) -> Record:
    """Train in one thread, repeatably, and return what was measured."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(setup.seed)
    problem = load(setup)
    with torch.no_grad():
        model = build(setup, problem)
        model(problem.train_x[:2])
    if setup.pretrained:
        _pretrain(model, setup, problem)
    torch.manual_seed(setup.seed + 500)
    trainer = _Trainer(setup, problem, model)
    trainer.run()
    return trainer.record


def _pretrain(model: nn.Module, setup: Setup, problem: Problem) -> None:
    start = setup.changed(epochs=setup.pretrained, pretrained=0, samples=0, label_noise=0.0)
    _Trainer(start, problem, model).run()


class _Trainer:
    """One training in progress."""

    def __init__(self, setup: Setup, problem: Problem, model: nn.Module) -> None:
        self.setup, self.problem, self.model = setup, problem, model
        self.optimizer = _optimizer(model, setup)
        self.loss = _loss(setup, problem)
        self.averaged = copy.deepcopy(model) if setup.average else model
        self.per_epoch = -(-len(problem.train_x) // setup.batch_size)
        self.parameters = list(model.parameters())
        self.weights = [i for i, p in enumerate(self.parameters) if p.dim() > 1]
        count = sum(p.numel() for p in self.parameters)
        names = [name for name, p in model.named_parameters() if p.dim() > 1]
        self.record = Record(names=names, parameters=count, samples=len(problem.train_x))

    def run(self) -> None:
        """Train to the end, or until validation no longer gets better."""
        for _ in range(self.setup.epochs):
            for rows in self._batches():
                if len(self.record.loss) >= self.setup.cut * self.per_epoch * self.setup.epochs:
                    return
                self._step(rows)
            self._validate()
            if self._patience_spent():
                return

    def _batches(self) -> Iterator[Tensor]:
        order = torch.randperm(len(self.problem.train_x))
        return iter(torch.split(order, self.setup.batch_size))

    def _step(self, rows: Tensor) -> None:
        record, setup = self.record, self.setup
        at = len(record.loss) / max(1, self.per_epoch * setup.epochs - 1)
        rate = setup.learning_rate * factor(setup, at)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        x, y = self.problem.train_x[rows], self.problem.train_y[rows]
        if setup.input_noise:
            x = x + setup.input_noise * torch.randn_like(x)
        if "bad-record" in setup.bugs and len(record.loss) == self.per_epoch * 2 + 3:
            x[0, 0] = torch.inf
        output = self.model(x)
        value = self.loss(output, y)
        if "no-zero-grad" not in setup.bugs:
            self.optimizer.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        self._note(value, output, y, rate)
        self.optimizer.step()
        self._average()

    def _note(self, value: Tensor, output: Tensor, y: Tensor, rate: float) -> None:
        norms: list[float] = torch.stack([_norm(p) for p in self.parameters]).tolist()
        total = math.hypot(*norms)
        if 0 < self.setup.clip < total:
            for parameter in self.parameters:
                if parameter.grad is not None:
                    parameter.grad.mul_(self.setup.clip / total)
        record = self.record
        record.loss.append(value.item())
        record.rate.append(rate)
        record.norm.append(total)
        record.layers.append([norms[i] for i in self.weights])
        if self.problem.classes:
            record.metric.append(_accuracy(output, y))

    def _average(self) -> None:
        if not self.setup.average:
            return
        with torch.no_grad():
            pairs = zip(self.averaged.parameters(), self.parameters, strict=True)
            for mean, parameter in pairs:
                mean.lerp_(parameter, 1.0 - self.setup.average)

    def _validate(self) -> None:
        model, problem, record = self.averaged, self.problem, self.record
        model.train("eval-forgotten" in self.setup.bugs)
        with torch.no_grad():
            output = model(problem.val_x)
            record.val_loss.append(_plain_loss(self.setup, problem)(output, problem.val_y).item())
        if problem.classes:
            record.val_metric.append(_accuracy(output, problem.val_y))
        record.ends.append(len(record.loss) - 1)
        model.train("train-forgotten" not in self.setup.bugs)

    def _patience_spent(self) -> bool:
        losses = np.asarray(self.record.val_loss)
        return 0 < self.setup.patience <= len(losses) - 1 - int(np.argmin(losses))


_NOTHING = torch.zeros(())


def _norm(parameter: nn.Parameter) -> Tensor:
    return _NOTHING if parameter.grad is None else torch.linalg.vector_norm(parameter.grad)


def _optimizer(model: nn.Module, setup: Setup) -> Optimizer:
    rate, decay, weights = setup.learning_rate, setup.weight_decay, model.parameters()
    if setup.optimizer == "sgd":
        given = {"momentum": setup.momentum, "weight_decay": decay}
        return torch.optim.SGD(
            weights,
            lr=rate,
            **given,  # type: ignore[arg-type]  # other code here would be another training
            fused=True,
        )
    if setup.optimizer == "rmsprop":
        return torch.optim.RMSprop(weights, lr=rate, weight_decay=decay)
    return torch.optim.AdamW(weights, lr=rate, weight_decay=decay, fused=True)


Loss = Callable[[Tensor, Tensor], Tensor]


def _plain_loss(setup: Setup, problem: Problem) -> Loss:
    """Return the loss that validation reports: the one of training without its smoothing."""
    return _loss(setup.changed(label_smoothing=0.0), problem)


def _loss(setup: Setup, problem: Problem) -> Loss:
    if setup.likelihood:
        return _likelihood
    if not problem.classes:
        return functional.mse_loss
    if "log-of-zero" in setup.bugs:
        return _unguarded
    softmaxed = "softmax-first" in setup.bugs

    def cross_entropy(output: Tensor, target: Tensor) -> Tensor:
        logits = output.softmax(-1) if softmaxed else output
        return functional.cross_entropy(
            logits.flatten(0, -2), target.flatten(), label_smoothing=setup.label_smoothing
        )

    return cross_entropy


def _likelihood(output: Tensor, target: Tensor) -> Tensor:
    """Return a Gaussian's negative log-likelihood: mean and log of the deviation in halves."""
    mean, scale = output.chunk(2, dim=-1)
    scale = scale.clamp(-6, 6)
    return (0.5 * ((target - mean) / scale.exp()) ** 2 + scale).mean()


def _unguarded(output: Tensor, target: Tensor) -> Tensor:
    """Return the binary cross-entropy of each class without a guard against the log of 0."""
    wanted = functional.one_hot(target, output.shape[-1]).float()
    given = output.sigmoid()
    return -(wanted * given.log() + (1 - wanted) * (1 - given).log()).sum(-1).mean()


def _accuracy(output: Tensor, target: Tensor) -> float:
    return (output.argmax(-1) == target).float().mean().item()
