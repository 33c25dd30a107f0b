"""A plain training loop that hands each step to whoever logs it."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Optimizer

from examples.training.data import Split
from examples.training.models import accuracy

Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: what its user would call the hyperparameters.

    ``warmup`` is the share of all steps over which the learning rate rises from zero; a cosine
    schedule then lowers it to zero at the last step.
    """

    learning_rate: float
    epochs: int
    batch_size: int = 32
    optimizer: Literal["sgd", "adamw"] = "sgd"
    momentum: float = 0.9
    weight_decay: float = 0.0
    schedule: Literal["constant", "cosine"] = "constant"
    warmup: float = 0.0


@dataclass(frozen=True, slots=True)
class Validation:
    """Mean loss over the validation data, and accuracy (0..1), None in a regression."""

    loss: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one optimizer step measured; ``validation`` is set on the last step of an epoch.

    ``number`` and ``epoch`` count from 0; ``loss`` is the mini-batch mean; ``epoch_loss`` the mean
    of the batches of this epoch so far.
    """

    number: int
    epoch: int
    loss: float
    epoch_loss: float
    learning_rate: float
    validation: Validation | None


def seed_everything(seed: int) -> None:
    """Make torch repeatable: one thread, deterministic kernels, the given seed."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(seed)


def rate_factor(step: int, steps: int, recipe: Recipe) -> float:
    """Return the share (0..1) of the peak learning rate that holds at ``step`` of ``steps``."""
    warm = int(steps * recipe.warmup)
    if step < warm:
        return (step + 1) / warm
    if recipe.schedule == "constant":
        return 1.0
    return 0.5 * (1.0 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def make_optimizer(model: nn.Module, recipe: Recipe) -> Optimizer:
    """Return the optimizer that ``recipe`` names, over all parameters of ``model``."""
    rate, decay = recipe.learning_rate, recipe.weight_decay
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
    return torch.optim.SGD(
        model.parameters(), lr=rate, momentum=recipe.momentum, weight_decay=decay
    )


def evaluate(model: nn.Module, x: Tensor, y: Tensor, loss: Loss) -> Validation:
    """Measure ``model`` in evaluation mode; accuracy where ``y`` holds classes."""
    model.eval()
    with torch.no_grad():
        output = model(x)
    model.train()
    right = None if y.is_floating_point() else accuracy(output, y)
    return Validation(loss(output, y).item(), right)


def fit(
    model: nn.Module,
    data: Split,
    recipe: Recipe,
    loss: Loss = functional.cross_entropy,
    first_epoch: int = 0,
) -> Iterator[Step]:
    """Train ``model`` in place from ``first_epoch`` on and yield every step as it is done."""
    optimizer = make_optimizer(model, recipe)
    batches = math.ceil(len(data.train_x) / recipe.batch_size)
    total, number = batches * recipe.epochs, first_epoch * batches
    for epoch in range(first_epoch, recipe.epochs):
        losses: list[float] = []
        for rows in torch.split(torch.randperm(len(data.train_x)), recipe.batch_size):
            rate = recipe.learning_rate * rate_factor(number, total, recipe)
            _set_rate(optimizer, rate)
            losses.append(_update(model, data.train_x[rows], data.train_y[rows], optimizer, loss))
            done = len(losses) == batches
            checked = evaluate(model, data.val_x, data.val_y, loss) if done else None
            mean = math.fsum(losses) / len(losses)
            yield Step(number, epoch, losses[-1], mean, rate, checked)
            number += 1


def _set_rate(optimizer: Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def _update(model: nn.Module, x: Tensor, y: Tensor, optimizer: Optimizer, loss: Loss) -> float:
    value = loss(model(x), y)
    optimizer.zero_grad()
    value.backward()  # type: ignore[no-untyped-call]  # torch leaves Tensor.backward unannotated
    optimizer.step()
    return value.item()
