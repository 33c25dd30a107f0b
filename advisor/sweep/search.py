"""Comparable runs as a search: what varied, how the runs rank, and how they were laid out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import numpy as np

from advisor.model import Value
from advisor.roles import Direction, Role
from advisor.sweep.factor import Columns, Factor, Index, Scale, factors_of
from advisor.sweep.seeds import SeedNoise, run_noise, seed_groups, seed_noise
from advisor.sweep.trial import Trial

GRID_FILLED = 0.75
"""The share of all combinations that must have been tried in a grid (chosen by eye)."""
GRID_LEAST = 6
"""The fewest combinations that make a grid, 2 by 3."""
FRESH = 0.7
"""The share of distinct values among runs from which on they were drawn (chosen by eye)."""


class Design(StrEnum):
    """How the settings of the runs were laid out."""

    GRID = "grid"
    RANDOM = "random"
    ONE_AT_A_TIME = "one at a time"
    OTHER = "no pattern"


@dataclass(frozen=True)
class Search:
    """The runs of one problem that can be compared, the best first.

    Frozen; everything derived is computed on first use.
    """

    key: str
    """The role of the objective, such as ``val/metric``."""
    direction: Direction
    weak: bool
    """True where only a training loss is left to judge by."""
    problem: tuple[tuple[str, str], ...]
    """The settings that name the data, with their values."""
    trials: tuple[Trial, ...]
    """By score; equal ones by name."""
    unfinished: tuple[str, ...] = ()
    """Runs left out, as they are less than half as long as the others."""
    unlike: tuple[str, ...] = ()
    """Runs left out, as they record other settings or none."""

    @property
    def best(self) -> Trial:
        """The run with the best score."""
        return self.trials[0]

    @property
    def role(self) -> Role:
        """The best run's objective."""
        understanding = self.best.run.understanding
        tag = understanding.objective.series if understanding.objective else ""
        return next(role for role in understanding.roles if role.series == tag)

    @cached_property
    def _columns(self) -> Columns:
        return factors_of(self.trials)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What varied, by name."""
        return self._columns.varied

    @property
    def constant(self) -> dict[str, Value]:
        """The settings that were the same in all runs, by name."""
        return self._columns.constant

    def factor(self, name: str) -> Factor | None:
        """Return a hyperparameter that varied, by its canonical name."""
        return next((factor for factor in self.factors if factor.name == name), None)

    @cached_property
    def seeds(self) -> tuple[tuple[Trial, ...], ...]:
        """The runs that are equal in all but the seed."""
        return seed_groups(self.trials)

    @cached_property
    def noise(self) -> SeedNoise | None:
        """The noise between seeds; ``None`` where no configuration was run with two."""
        return seed_noise(self.seeds)

    @cached_property
    def run_noise(self) -> float | None:
        """The noise within a run: a lower bound of that between seeds."""
        return run_noise(self.trials)

    def clear(self, difference: float, first: int = 1, second: int = 1) -> bool | None:
        """Tell whether a difference between means of so many runs is beyond seed noise.

        Two standard errors; ``None`` where the noise between seeds is not known.
        """
        if self.noise is None:
            return None
        return abs(difference) > 2.0 * self.noise.sd * math.sqrt(1.0 / first + 1.0 / second)

    @cached_property
    def matrix(self) -> Index:
        """``int64[n, factors]``: the level of each trial in each factor, -1 if not recorded."""
        columns = [factor.index for factor in self.factors]
        return np.column_stack(columns) if columns else np.zeros((len(self.trials), 0), np.int64)

    @cached_property
    def configurations(self) -> int:
        """How many different combinations of settings were run."""
        return len(np.unique(self.matrix, axis=0))

    @cached_property
    def ordered(self) -> tuple[Trial, ...]:
        """The trials by the time they started; empty where a log does not say when."""
        if any(trial.started is None for trial in self.trials):
            return ()
        return tuple(sorted(self.trials, key=lambda t: (t.started or 0.0, t.name)))

    @cached_property
    def changes(self) -> tuple[tuple[str, ...], ...]:
        """What changed from each run to the next in time, repeats with another seed left out."""
        rows = {trial.name: row for row, trial in enumerate(self.trials)}
        order = self.matrix[[rows[trial.name] for trial in self.ordered]]
        steps = [self._changed(one, two) for one, two in pairwise(order)]
        return tuple(step for step in steps if step)

    def _changed(self, one: Index, two: Index) -> tuple[str, ...]:
        return tuple(
            factor.name
            for factor, before, after in zip(self.factors, one, two, strict=True)
            if before != after and before >= 0 and after >= 0
        )

    @cached_property
    def design(self) -> Design:
        """How the runs were laid out."""
        if _is_grid(self.factors, self.configurations):
            return Design.GRID
        numeric = [f for f in self.factors if f.scale is not Scale.CATEGORY]
        fresh = [f for f in numeric if len(f.levels) >= FRESH * self.configurations]
        if len(fresh) > 0 and self.configurations >= GRID_LEAST:
            return Design.RANDOM
        single = [step for step in self.changes if len(step) == 1]
        if len(self.changes) > 1 and len(single) == len(self.changes):
            return Design.ONE_AT_A_TIME
        return Design.OTHER

    def slices(self, factor: Factor) -> tuple[Index, ...]:
        """Return the rows of trials that differ in one factor only: a controlled comparison."""
        position = self.factors.index(factor)
        others = np.delete(self.matrix, position, axis=1)
        keep = np.flatnonzero((factor.index >= 0) & (others >= 0).all(axis=1))
        if not len(keep):
            return ()
        table = np.column_stack([others, self._rest])[keep]
        _, group, counts = np.unique(table, axis=0, return_inverse=True, return_counts=True)
        ordered = keep[np.argsort(group.ravel(), kind="stable")]
        parts = np.split(ordered, np.cumsum(counts)[:-1])
        return tuple(r for r in parts if len(r) > 1 and len(np.unique(factor.index[r])) > 1)

    @cached_property
    def _rest(self) -> Index:
        """``int64[n]``: equal for trials that are equal in what only some of them record."""
        names = self._columns.names
        rest = [
            tuple(sorted((n, str(c.key)) for n, c in trial.tuned.items() if n not in names))
            for trial in self.trials
        ]
        numbers = {settings: number for number, settings in enumerate(dict.fromkeys(rest))}
        return np.array([numbers[settings] for settings in rest], dtype=np.int64)


def _is_grid(factors: Sequence[Factor], configurations: int) -> bool:
    combinations = math.prod(len(factor.levels) for factor in factors)
    enough = len(factors) > 1 and combinations >= GRID_LEAST
    return enough and configurations >= GRID_FILLED * combinations
