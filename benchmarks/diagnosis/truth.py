"""What was really the matter with a training: measured against its twins, not against rules.

A planted fault counts where a training ends worse than its twin by more than the seeds vary, or
takes half as many steps again to come as far. Otherwise it is harmless. A way to train counts as
healthy where neither its checks nor its own earlier epochs are better than its end by more than
the seeds vary. Language models are judged by their loss, unless the fault is that they were trained
on another one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from statistics import mean, median, stdev

import numpy as np

from benchmarks.diagnosis.data import load
from benchmarks.diagnosis.healthy import TEXTS
from benchmarks.diagnosis.plan import SEEDS, Cell
from benchmarks.diagnosis.setup import Setup
from benchmarks.diagnosis.training import Floats

LOSS, METRIC, ACCURACY = "loss", "metric", "accuracy"
"""The metric is the accuracy of a classifier; a language model and a regression have their loss."""
ANOTHER_LOSS = frozenset({"softmax-first", "log-of-zero"})
"""Bugs by which the loss has another unit than the twin's: the accuracy alone compares the two."""
MATERIAL = 0.02
"""Share of what was learned, beyond the best constant prediction, that is worth anybody's while.

Below it a way is no worse than its checks, and of a fault is not said whether it does harm.
"""
CERTAINTY = 2.0
"""Standard errors by which two cells must differ."""
SLOWER = 1.5
"""Steps to the twin's result, against the twin's own, from which a training is too slow."""
BLATANT, CLEAR = 0.5, 0.1
"""Share of what the twin learned, beyond the best constant prediction, that the fault loses."""
MOST = 99.0
"""Share beyond which nothing is told apart, as where the loss is not finite."""

Results = Callable[[Setup], dict[str, Floats]]


@dataclass(frozen=True, slots=True)
class Truth:
    """``healthy``, ``unclear``, ``harmless`` or ``planted``; a level only where planted."""

    state: str
    level: str = ""
    loss: float = 0.0
    """Share of the twin's gain that is lost."""


class Judge:
    """Compares cells of trainings, by the validation metric or by the validation loss."""

    def __init__(self, cells: Iterable[Cell], results: Results) -> None:
        cells = list(cells)
        self.results = results
        # A trial has one seed.
        self.made = {cell.setup for cell in cells if cell.kind != "trial"}
        self.checks: dict[Setup, list[Setup]] = {}
        self.noise: dict[tuple[str, str, str], float] = {}
        self.known: dict[tuple[Setup, str], list[float]] = {}
        good: dict[tuple[str, str], list[Setup]] = {}
        for cell in cells:
            if cell.kind == "check" and cell.twin is not None:
                self.checks.setdefault(cell.twin, []).append(cell.setup)
            if cell.kind == "healthy":
                good.setdefault((cell.setup.problem, cell.setup.model), []).append(cell.setup)
        for (problem, model), setups in good.items():
            for objective in (LOSS, METRIC, ACCURACY):
                spreads = [self._spread(setup, objective) for setup in setups]
                self.noise[problem, model, objective] = median(spreads)

    def truth_of(self, setup: Setup, cell: Cell, objective: str) -> Truth:
        """Return what is the matter with one of a cell's trainings, held against its own twin.

        A fault may strike some seeds alone. Where most are struck, what ends as well as its twin
        shows nothing of the fault; where few are, one that ends worse by more than the seeds vary
        has it all the same. A logarithm of 0 that was never taken is no fault.
        """
        truth = self.truth(cell, objective)
        by = _compared(cell, objective)
        if cell.twin is None or self._learned(cell.twin, by) <= self.bound(cell.twin, by):
            return truth
        lost, chance = self._lost_of_twin(setup, cell.twin, by)
        if lost > MATERIAL and (truth.loss or lost > chance):
            return _planted(lost) if self._struck(setup) else Truth("unclear")
        if truth.loss or (truth.state == "planted" and not self._late(setup, cell.twin, by)):
            return Truth("unclear")
        return truth

    def _lost_of_twin(self, setup: Setup, twin: Setup, objective: str) -> tuple[float, float]:
        """Return the share that one training lost of what its twin learned, and that of chance."""
        learned = self._learned(twin, objective)
        own = twin.changed(seed=setup.seed)
        lost = self.score(own, objective) - self.score(setup, objective)
        chance = CERTAINTY * self.deviation(twin, objective) * math.sqrt(2)
        return lost / learned, chance / learned

    def _late(self, setup: Setup, twin: Setup, objective: str) -> bool:
        """Tell whether one training took too many steps to the result of its own twin."""
        own = twin.changed(seed=setup.seed)
        target = self.score(own, objective) - self.deviation(twin, objective)
        steps, twins = (self._reached(run, target, objective) for run in (setup, own))
        return steps >= SLOWER * twins

    def _struck(self, setup: Setup) -> bool:
        finite = np.isfinite(self.results(setup)["loss"]).all()
        return "log-of-zero" not in setup.bugs or not bool(finite)

    def truth(self, cell: Cell, objective: str) -> Truth:
        """Return what is the matter with a cell's trainings."""
        if cell.twin is None:
            return Truth("healthy" if self._good(cell.setup, objective) else "unclear")
        objective = _compared(cell, objective)
        learned = self._learned(cell.twin, objective)
        if learned <= self.bound(cell.twin, objective):
            return Truth("unclear")  # the twin is no better than a guess: nothing can be lost
        lost = self._gain(cell.setup, cell.twin, objective) / learned
        if lost > MATERIAL:
            return _planted(lost)
        if lost > 0:
            return Truth("unclear")
        if self._slower(cell.setup, cell.twin, objective) >= SLOWER:
            return Truth("planted", "subtle")
        return Truth("harmless" if self._good(cell.twin, objective) else "unclear")

    def _good(self, setup: Setup, objective: str) -> bool:
        checks = self.checks.get(setup, [])
        least = MATERIAL * self._learned(setup, objective)
        better = any(self._gain(setup, check, objective) > least for check in checks)
        learned = self._learned(setup, objective) > self.bound(setup, objective)
        return bool(checks) and learned and not better and not self.past_best(setup, objective)

    def past_best(self, setup: Setup, objective: str) -> bool:
        """Tell whether one earlier epoch, the same for all seeds, is better than the end."""
        if setup.patience:
            return False
        curves = [self._curve(setup.changed(seed=seed), objective) for seed in SEEDS]
        if not len(curves[0]):
            return False
        level = np.mean(curves, axis=0)
        least = MATERIAL * max(float(level.max()) - constant(setup, objective), 0.0)
        return float(level.max() - level[-1]) > max(self.bound(setup, objective), least)

    def loss_misleads(self, setup: Setup) -> bool:
        """Tell whether the epoch of the lowest loss has a worse accuracy than another epoch has.

        Both the same for all seeds, and worse by more than the seeds vary.
        """
        if setup.patience:
            return False  # seeds of several lengths
        seeds = [setup.changed(seed=seed) for seed in SEEDS]
        loss = np.mean([self._curve(seed, LOSS) for seed in seeds], axis=0)
        metric = np.mean([self._curve(seed, ACCURACY) for seed in seeds], axis=0)
        if not len(metric):
            return False
        best = float(metric.max())
        least = MATERIAL * max(best - constant(setup, ACCURACY), 0.0)
        return best - float(metric[loss.argmax()]) > max(self.bound(setup, ACCURACY), least)

    def was_made(self, setup: Setup) -> bool:
        """Tell whether a setup was trained, for every seed."""
        return setup.changed(seed=0) in self.made

    def better_as(self, instead: Setup, setup: Setup, objective: str) -> bool:
        """Tell whether another setup is better than one; not where it was not trained."""
        if not self.was_made(instead):
            return False
        gain = self._gain(setup, instead, objective)
        return gain > MATERIAL * self._learned(setup, objective)

    def sooner_as(self, instead: Setup, setup: Setup, objective: str) -> bool:
        """Tell whether another setup ends as well and takes far fewer steps to come as far."""
        if not self.was_made(instead) or self._gain(instead, setup, objective):
            return False
        own, others = (self._steps(one, setup, objective) for one in (setup, instead))
        return own >= SLOWER * others

    def _gain(self, setup: Setup, other: Setup, objective: str) -> float:
        """Return by how much the mean of ``other`` is better; 0 where the seeds explain it."""
        gain = mean(self.scores(other, objective)) - mean(self.scores(setup, objective))
        return gain if gain > self.bound(setup, objective) else 0.0

    def bound(self, setup: Setup, objective: str) -> float:
        """Return the difference of two means of seeds that chance explains."""
        return CERTAINTY * self.deviation(setup, objective) * math.sqrt(2 / len(SEEDS))

    def _learned(self, setup: Setup, objective: str) -> float:
        """Return by how much a setup is better than the best constant prediction."""
        return mean(self.scores(setup, objective)) - constant(setup, objective)

    def deviation(self, setup: Setup, objective: str) -> float:
        """Return the spread over seeds: this setup's, unless that of its like is larger."""
        usual = self.noise.get((setup.problem, setup.model, objective), 0.0)
        return max(usual, min(self._spread(setup, objective), 3 * usual), 1e-6)

    def _spread(self, setup: Setup, objective: str) -> float:
        return stdev(self.scores(setup, objective))

    def scores(self, setup: Setup, objective: str) -> list[float]:
        """Return how good each seed's training ends, higher is better."""
        key = setup.changed(seed=0), objective
        if key not in self.known:
            self.known[key] = [self.score(setup.changed(seed=s), objective) for s in SEEDS]
        return self.known[key]

    def score(self, setup: Setup, objective: str) -> float:
        """Return how good one training ends, higher is better."""
        return _ended(setup, self._curve(setup, objective))

    def _curve(self, setup: Setup, objective: str) -> Floats:
        arrays = self.results(setup)
        if _by_accuracy(setup, objective) and len(arrays["val_metric"]):
            return arrays["val_metric"]
        curve: Floats = -arrays["val_loss"]
        return np.maximum(np.nan_to_num(curve, nan=-1e6), -1e6)

    def _slower(self, setup: Setup, other: Setup, objective: str) -> float:
        """Return the steps to the result of ``other``, against its own."""
        return self._steps(setup, other, objective) / self._steps(other, other, objective)

    def _steps(self, setup: Setup, other: Setup, objective: str) -> float:
        """Return the steps to the result of ``other``, all where it is not reached.

        The mean over seeds.
        """
        target = mean(self.scores(other, objective)) - self.deviation(other, objective)
        return mean(self._reached(setup.changed(seed=s), target, objective) for s in SEEDS)

    def _reached(self, setup: Setup, target: float, objective: str) -> int:
        """Return the steps to a result; where it is not reached, all that were to be made."""
        curve, ends = self._curve(setup, objective), self.results(setup)["ends"]
        there = np.flatnonzero(curve >= target)
        steps = int(ends[there[0] if len(there) else -1]) + 1
        return steps if len(there) or not setup.patience else steps * setup.epochs // len(ends)


def _planted(lost: float) -> Truth:
    level = "blatant" if lost > BLATANT else "clear" if lost > CLEAR else "subtle"
    return Truth("planted", level, min(lost, MOST))


def _compared(cell: Cell, objective: str) -> str:
    """Return what a fault is held against its twin by."""
    return objective if ANOTHER_LOSS.isdisjoint(cell.setup.bugs) else ACCURACY


def _by_accuracy(setup: Setup, objective: str) -> bool:
    return objective == ACCURACY or (objective == METRIC and setup.problem not in TEXTS)


def _ended(setup: Setup, curve: Floats) -> float:
    """Return the last result, or the best where early stopping keeps it; none is the worst."""
    if not len(curve):
        return -1e6
    return float(curve.max() if setup.patience else curve[-1])


@cache
def constant(setup: Setup, objective: str) -> float:
    """Return the score of predicting the same for every validation sample."""
    problem = load(setup.changed(samples=0, label_noise=0.0, input_scale=1.0))
    if not problem.classes:
        return -0.5 if setup.likelihood else -float(problem.val_y.var())
    shares = np.bincount(problem.val_y.flatten().numpy()) / problem.val_y.numel()
    if _by_accuracy(setup, objective):
        return float(shares.max())
    known = shares[shares > 0]
    return float((known * np.log(known)).sum())
