"""Healthy runs of awkward kinds, the acceptance test of every rule: none may warn.

Each recipe is logged once per epoch and once per step of the same training. All are seeded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from advisor.model import Value
from advisor.run import Axis, Floats, Run
from advisor.testing.runs import make_run

STEPS_PER_EPOCH = 400
EPOCHS = 50

Shape = Callable[[Floats], Floats]


class Recipe(NamedTuple):
    """A training by its curves: expectations as functions of the progress (0 to 1)."""

    train: Shape
    val: Shape | None = None
    accuracy: Shape | None = None
    noise: float = 0.05
    """Scatter of one step's loss, as a share of the range of the training loss."""
    val_noise: float = 0.01
    memory: float = 0.0
    """Correlation of neighbouring steps (AR(1))."""
    heavy: bool = False
    """Student's t with three degrees of freedom instead of normal scatter."""
    lr: Shape | None = None
    config: Mapping[str, Value] = {"model": "mlp"}


def exponential(start: float, floor: float, rate: float) -> Shape:
    return lambda x: floor + (start - floor) * np.exp(-rate * x)


def power(start: float, floor: float, exponent: float, scale: float = 200.0) -> Shape:
    return lambda x: floor + (start - floor) * (1 + scale * x) ** -exponent


def plus(*shapes: Shape) -> Shape:
    return lambda x: np.asarray(sum(shape(x) for shape in shapes))


def constant(value: float) -> Shape:
    return lambda x: np.full(len(x), value)


def bump(height: float, at: float, width: float) -> Shape:
    return lambda x: height * np.exp(-(((x - at) / width) ** 2))


def staircase(drop: float, *places: float) -> Shape:
    return lambda x: np.asarray(-drop * sum(1 / (1 + np.exp(-(x - p) / 0.004)) for p in places))


def cosine(x: Floats) -> Floats:
    return np.asarray(1e-3 * (1 + np.cos(np.pi * x)) / 2 + 1e-6)


def one_cycle(x: Floats) -> Floats:
    return np.asarray(np.where(x < 0.1, x / 0.1, (1 - x) / 0.9) * 1e-3 + 1e-7)


DECAY = exponential(2.3, 0.35, 7)
GAP = exponential(2.3, 0.6, 7)
RISING = exponential(0.1, 0.85, 6)

RECIPES: Mapping[str, Recipe] = {
    "exponential decay": Recipe(DECAY, GAP, RISING),
    "power law": Recipe(power(11.0, 2.5, 0.5), power(11.0, 2.6, 0.5)),
    "plateau reached at once": Recipe(exponential(2.3, 0.3, 40), exponential(2.3, 0.4, 40)),
    "plateau with correlated noise": Recipe(
        exponential(2.3, 0.3, 15), exponential(2.3, 0.4, 15), noise=0.08, memory=0.95
    ),
    "heavy-tailed noise": Recipe(DECAY, GAP, RISING, heavy=True, noise=0.06),
    "very noisy steps": Recipe(DECAY, GAP, noise=0.4, val_noise=0.02),
    "noisy validation": Recipe(DECAY, GAP, RISING, val_noise=0.06),
    "noisy correlated validation": Recipe(DECAY, GAP, val_noise=0.04, memory=0.5),
    "cosine schedule": Recipe(
        plus(exponential(2.3, 0.5, 8), lambda x: 0.1 * np.cos(np.pi * x)),
        plus(exponential(2.3, 0.7, 8), lambda x: 0.08 * np.cos(np.pi * x)),
        lr=cosine,
    ),
    "warm-up hump": Recipe(
        plus(DECAY, bump(1.5, 0.03, 0.02)), plus(GAP, bump(1.0, 0.03, 0.02)), lr=one_cycle
    ),
    "staircase of a step schedule": Recipe(
        plus(exponential(2.3, 1.0, 20), staircase(0.3, 0.33, 0.66)),
        plus(exponential(2.3, 1.2, 20), staircase(0.2, 0.33, 0.66)),
        lr=lambda x: 0.1 * 10.0 ** -np.floor(3 * np.minimum(x, 0.999)),
    ),
    "dropout: training above validation": Recipe(exponential(2.3, 0.9, 7), GAP, RISING),
    "a gap under a flat validation curve": Recipe(
        exponential(2.3, 0.02, 6), exponential(2.3, 0.8, 15), exponential(0.1, 0.8, 12)
    ),
    "slight rise within tolerance": Recipe(
        exponential(2.3, 0.1, 6), plus(exponential(2.3, 0.8, 15), lambda x: 0.012 * x)
    ),
    "validation loss rises, accuracy improves": Recipe(
        exponential(2.3, 0.02, 6),
        plus(exponential(2.3, 0.8, 15), lambda x: 0.2 * x),
        plus(exponential(0.1, 0.7, 12), lambda x: 0.15 * x),
    ),
    "class imbalance: accuracy high from the start": Recipe(
        exponential(0.35, 0.18, 6), exponential(0.35, 0.2, 6), exponential(0.95, 0.965, 6)
    ),
    "regression": Recipe(
        exponential(90.0, 4.0, 9), exponential(95.0, 5.0, 9), config={"loss": "mse"}
    ),
    "regression near zero": Recipe(exponential(1.0, 1e-3, 12), exponential(1.0, 2e-3, 12)),
    "negative log-likelihood below zero": Recipe(
        exponential(1.5, -2.5, 7), exponential(1.5, -2.3, 7)
    ),
    "validation in other units": Recipe(DECAY, exponential(2300.0, 600.0, 7)),
    "fine-tune from a good start": Recipe(
        exponential(0.35, 0.25, 7), exponential(0.33, 0.28, 9), exponential(0.88, 0.91, 8)
    ),
    "fine-tune whose loss first rises": Recipe(
        plus(exponential(0.35, 0.2, 5), bump(0.3, 0.05, 0.04)),
        plus(exponential(0.33, 0.24, 5), bump(0.2, 0.05, 0.04)),
    ),
    "accuracy in per cent": Recipe(DECAY, GAP, exponential(10.0, 85.0, 6)),
    "language model": Recipe(
        power(10.9, 2.2, 0.45), lr=cosine, config={"vocab_size": 50257, "block_size": 1024}
    ),
    "a spike that recovers": Recipe(plus(DECAY, bump(4.0, 0.6, 0.004)), GAP),
    "validation spikes": Recipe(DECAY, plus(GAP, bump(5.0, 0.4, 0.005), bump(3.0, 0.8, 0.005))),
    "grokking pause": Recipe(
        exponential(2.3, 0.1, 12), plus(constant(1.0), staircase(0.7, 0.5)), RISING
    ),
}


def healthy_runs() -> Iterator[Run]:
    """Yield every recipe at both granularities, and runs of kinds of their own."""
    for number, (name, recipe) in enumerate(RECIPES.items()):
        yield _per_epoch(name, recipe, seed=number)
        yield _per_step(name, recipe, seed=number)
        yield _per_epoch(f"{name}, 12 epochs", recipe, seed=1000 + number, epochs=12)
    yield from (_gan(), _agent(), _short_last_batches(), _restarted(), _one_bad_validation())


def _scatter(n: int, recipe: Recipe, size: float, rng: np.random.Generator) -> Floats:
    raw = rng.standard_t(3, n) / np.sqrt(3) if recipe.heavy else rng.normal(size=n)
    if recipe.memory:
        white = raw * np.sqrt(1 - recipe.memory**2)
        for i in range(1, n):
            white[i] += recipe.memory * white[i - 1]
        raw = white
    return np.asarray(size * raw)


def _range(shape: Shape) -> float:
    return float(np.ptp(shape(np.linspace(0, 1, 200))))


def _validation(recipe: Recipe, x: Floats, rng: np.random.Generator) -> dict[str, npt.ArrayLike]:
    logged: dict[str, npt.ArrayLike] = {}
    for tag, shape in (("val/loss", recipe.val), ("val/accuracy", recipe.accuracy)):
        if shape is not None:
            size = recipe.val_noise * _range(shape)
            logged[tag] = shape(x) + _scatter(len(x), recipe, size, rng)
    return logged


def _per_epoch(name: str, recipe: Recipe, seed: int, epochs: int = EPOCHS) -> Run:
    rng = np.random.default_rng(seed)
    x = np.arange(1, epochs + 1) / epochs
    size = recipe.noise * _range(recipe.train) / np.sqrt(STEPS_PER_EPOCH)
    series: dict[str, npt.ArrayLike] = {
        "train/loss": recipe.train(x) + _scatter(epochs, recipe, size, rng)
    }
    series |= _validation(recipe, x, rng)
    if recipe.lr is not None:
        series["lr"] = recipe.lr(x)
    label = f"{name}, per epoch"
    return make_run(name=label, series=series, config=recipe.config, axis=Axis.EPOCH)


def _per_step(name: str, recipe: Recipe, seed: int) -> Run:
    rng = np.random.default_rng(seed + 500)
    n = EPOCHS * STEPS_PER_EPOCH
    x = np.arange(n) / n
    size = recipe.noise * _range(recipe.train)
    series: dict[str, npt.ArrayLike] = {
        "train/loss": recipe.train(x) + _scatter(n, recipe, size, rng)
    }
    ends = np.arange(STEPS_PER_EPOCH, n + 1, STEPS_PER_EPOCH)
    series |= _validation(recipe, ends / n, rng)
    if recipe.lr is not None:
        series["lr"] = recipe.lr(x)
    steps: dict[str, npt.ArrayLike] = {tag: ends for tag in series if tag.startswith("val/")}
    return make_run(name=f"{name}, per step", series=series, steps=steps, config=recipe.config)


def _gan() -> Run:
    rng = np.random.default_rng(1)
    x = np.linspace(0, 1, 3000)
    return make_run(
        name="GAN",
        series={
            "generator_loss": 1 + 2 * x + 0.3 * rng.normal(size=3000),
            "discriminator_loss": 0.7 - 0.3 * x + 0.1 * rng.normal(size=3000),
        },
    )


def _agent() -> Run:
    rng = np.random.default_rng(2)
    x = np.linspace(0, 1, 2000)
    return make_run(
        name="agent",
        series={
            "rollout/ep_rew_mean": -200 + 400 * (1 - np.exp(-4 * x)) + 20 * rng.normal(size=2000),
            "train/value_loss": 5 + 40 * x + 10 * rng.normal(size=2000) ** 2,
            "train/loss": 3 + 20 * x + 8 * rng.normal(size=2000),
        },
        axis=Axis.ENV_STEP,
    )


def _short_last_batches() -> Run:
    rng = np.random.default_rng(3)
    n = 4000
    loss = DECAY(np.arange(n) / n) + 0.05 * rng.normal(size=n)
    loss[99::100] *= 0.4
    return make_run(name="a short last batch in every epoch", series={"train/loss": loss})


def _restarted() -> Run:
    rng = np.random.default_rng(4)
    x = np.linspace(0, 1, 500)
    loss = DECAY(x) + 0.4 * np.exp(-np.clip(x - 0.5, 0, None) / 0.02) * (x >= 0.5)
    loss = loss + 0.03 * rng.normal(size=500)
    return make_run(name="a warm restart at half", series={"train/loss": loss, "val/loss": GAP(x)})


def _one_bad_validation() -> Run:
    rng = np.random.default_rng(5)
    x = np.arange(1, 51) / 50
    val = GAP(x) + 0.01 * rng.normal(size=50)
    val[3], val[20] = np.inf, np.nan
    return make_run(
        name="one infinite and one missing validation",
        series={"train/loss": DECAY(x), "val/loss": val},
        axis=Axis.EPOCH,
    )
