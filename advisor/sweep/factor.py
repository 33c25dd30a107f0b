"""Hyperparameters that varied among comparable runs, as columns of a table of trials."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from advisor.model import Value
from advisor.sweep.names import leaf, scale_by_name
from advisor.sweep.settings import Key
from advisor.sweep.trial import Trial

Index = npt.NDArray[np.int64]

RECORDED = 0.8
"""The share of runs that must record a setting before it counts (chosen by eye)."""
DECADE = 10.0
"""Positive numbers that reach over such a factor are compared by their ratios."""


class Scale(StrEnum):
    """How the values of a hyperparameter are compared."""

    LOG = "log"
    LINEAR = "linear"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """One hyperparameter that took several values."""

    name: str
    """Canonical, where it has such a name; else the path."""
    path: str
    scale: Scale
    levels: tuple[Value, ...]
    """The distinct values, numbers in order."""
    index: Index
    """``int64[n]``: the level of each trial; -1 where it was not recorded."""

    @property
    def numbers(self) -> tuple[float, ...]:
        """The levels as numbers; empty for categories."""
        if self.scale is Scale.CATEGORY:
            return ()
        return tuple(float(level) for level in self.levels if isinstance(level, int | float))

    @property
    def counts(self) -> Index:
        """``int64[levels]``: how many trials took each value."""
        return np.bincount(self.index[self.index >= 0], minlength=len(self.levels))


class Columns(NamedTuple):
    """The settings that nearly all runs record."""

    varied: tuple[Factor, ...]
    constant: dict[str, Value]
    """What was the same in all runs that record it, by name."""
    names: frozenset[str]
    """Of all of them, those that repeat another one included."""


def factors_of(trials: Sequence[Trial]) -> Columns:
    """Return what varied, and what did not.

    A setting that fewer than ``RECORDED`` of the runs hold is neither. Of settings that are one
    thing under two names the shorter stands for both.
    """
    counts = Counter(name for trial in trials for name in trial.tuned)
    names = sorted(n for n, count in counts.items() if count >= RECORDED * len(trials))
    found = [_factor(name, trials) for name in names]
    varied = [factor for factor in found if len(factor.levels) > 1]
    constant = {f.name: f.levels[0] for f in found if len(f.levels) == 1}
    return Columns(tuple(_distinct(varied)), constant, frozenset(names))


def _factor(name: str, trials: Sequence[Trial]) -> Factor:
    chosen = [trial.tuned.get(name) for trial in trials]
    values: dict[Key, Value] = {}
    for one in chosen:
        if one is not None:
            values.setdefault(one.key, one.value)
    keys = sorted(values, key=lambda key: (isinstance(key, str), key))
    rows = {key: row for row, key in enumerate(keys)}
    numbers = [key for key in keys if isinstance(key, float)]
    scale = _scale(name, numbers) if len(numbers) == len(keys) else Scale.CATEGORY
    shown = keys if scale is not Scale.CATEGORY else [values[key] for key in keys]
    path = next(one.path for one in chosen if one is not None)
    index = np.array([-1 if one is None else rows[one.key] for one in chosen], dtype=np.int64)
    return Factor(name, path, scale, tuple(shown), index)


def _scale(name: str, numbers: Sequence[float]) -> Scale:
    positive = [number for number in numbers if number > 0]
    if min(numbers) < 0 or len(positive) < 2:
        return Scale.LINEAR
    by_name = scale_by_name(name)
    wide = max(positive) >= DECADE * min(positive)
    return Scale.LOG if by_name == "log" or (wide and not by_name) else Scale.LINEAR


def _distinct(factors: Sequence[Factor]) -> list[Factor]:
    """Leave out a setting that another one repeats under a name with the same last part."""
    kept: dict[tuple[str, bytes, tuple[str, ...]], Factor] = {}
    for factor in sorted(factors, key=lambda f: (f.path.count("."), len(f.path), f.path)):
        written = tuple(str(level) for level in factor.levels)
        kept.setdefault((leaf(factor.path), factor.index.tobytes(), written), factor)
    return sorted(kept.values(), key=lambda factor: factor.name)


def position(factor: Factor, value: float) -> float:
    """Return where a value lies on the factor's scale; 0 lies below everything on a log scale."""
    if factor.scale is not Scale.LOG:
        return value
    return math.log10(value) if value > 0 else -math.inf
