"""The score along one hyperparameter, all else equal: where the best value lies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from advisor.sweep.factor import Factor, Index, Scale
from advisor.sweep.search import Design, Search

LEAST = 3
"""Fewer values of a number do not show where its best is."""
LAID_OUT = (Design.GRID, Design.RANDOM)
"""Designs in which other settings differ by design or by chance, not with this one."""

Edge = Literal["low", "high", ""]


@dataclass(frozen=True, slots=True)
class Profile:
    """The mean cost at each of at least three values of a number, in their order."""

    values: tuple[float, ...]
    costs: tuple[float, ...]
    """Lower is better; infinite where a run failed."""
    runs: tuple[int, ...]
    """How many runs each cost is the mean of."""
    controlled: bool
    """True where nothing else differed; else other settings differ as the design laid them out."""

    @property
    def best(self) -> int:
        """The place of the lowest cost."""
        return min(range(len(self.costs)), key=lambda place: (self.costs[place], place))

    @property
    def edge(self) -> Edge:
        """The end of the range at which the best value lies, if the costs fall towards it.

        One value that is better than the rest may be luck: the one next to it must be better
        than the one after as well.
        """
        if self.best not in (0, len(self.costs) - 1):
            return ""
        towards = self.costs[::-1] if self.best == 0 else self.costs
        falling = towards[-3] > towards[-2] > towards[-1]
        return "" if not falling else "low" if self.best == 0 else "high"


def tied(search: Search, along: Profile) -> tuple[int, ...]:
    """Return the places that are no worse than the best beyond seed noise, the best included.

    Only the best, where the noise between seeds is not known.
    """
    best = along.best
    return tuple(
        place
        for place in range(len(along.costs))
        if place == best
        or search.clear(along.costs[place] - along.costs[best], along.runs[place], along.runs[best])
        is False
    )


def profile(search: Search, factor: Factor) -> Profile | None:
    """Return the score along a number; ``None`` where it cannot be told from other settings.

    The runs that differ in nothing else come first; without three such values, all runs of a
    grid or of a random search.
    """
    if factor.scale is Scale.CATEGORY or len(factor.levels) < LEAST:
        return None
    controlled = [p for rows in search.slices(factor) if (p := _along(search, factor, rows))]
    if controlled:
        # The longest; among equals the one that holds the best run.
        return max(controlled, key=lambda p: (len(p.values), -min(p.costs)))
    rows = np.flatnonzero(factor.index >= 0)
    counts = factor.counts
    if search.design in LAID_OUT and counts[counts > 0].min() >= 2:
        return _along(search, factor, rows, controlled=False)
    return None


def _along(
    search: Search, factor: Factor, rows: Index, *, controlled: bool = True
) -> Profile | None:
    numbers = factor.numbers
    costs: dict[float, list[float]] = {}
    for row in rows:
        costs.setdefault(numbers[factor.index[row]], []).append(search.trials[row].cost)
    if len(costs) < LEAST:
        return None
    values = tuple(sorted(costs))
    means = tuple(_mean(costs[value]) for value in values)
    return Profile(values, means, tuple(len(costs[value]) for value in values), controlled)


def _mean(costs: Sequence[float]) -> float:
    return math.fsum(costs) / len(costs) if all(map(math.isfinite, costs)) else math.inf
