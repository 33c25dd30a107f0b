"""The noise between seeds: what every comparison of runs has to be held against."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from advisor.sweep.trial import Trial


@dataclass(frozen=True, slots=True)
class SeedNoise:
    """How much the score of one configuration differs from seed to seed."""

    sd: float
    """Standard deviation, pooled over the configurations."""
    configurations: int
    freedom: int
    """Degrees of freedom: runs less configurations."""


def seed_groups(trials: Iterable[Trial]) -> tuple[tuple[Trial, ...], ...]:
    """Return the runs that are equal in every setting but the seed, one run for each seed.

    Runs that do not record a seed are in no group: equal settings do not prove equal programs.
    """
    groups: dict[frozenset[tuple[str, object]], dict[str, Trial]] = {}
    for trial in trials:
        if trial.settings.seed and math.isfinite(trial.cost):
            groups.setdefault(signature(trial), {}).setdefault(trial.settings.seed, trial)
    return tuple(tuple(g.values()) for g in groups.values() if len(g) > 1)


def signature(trial: Trial) -> frozenset[tuple[str, object]]:
    """Return everything that was set, seeds and records apart."""
    return frozenset((name, chosen.key) for name, chosen in trial.tuned.items())


def seed_noise(groups: Sequence[Sequence[Trial]]) -> SeedNoise | None:
    """Pool the variance within the groups; ``None`` without two runs that differ in seed only."""
    freedom = sum(len(group) - 1 for group in groups)
    if not freedom:
        return None
    squares = 0.0
    for group in groups:
        centre = math.fsum(trial.cost for trial in group) / len(group)
        squares += math.fsum((trial.cost - centre) ** 2 for trial in group)
    return SeedNoise(math.sqrt(squares / freedom), len(groups), freedom)


def run_noise(trials: Iterable[Trial]) -> float | None:
    """Return the typical noise of one logged value within a run: seeds differ by no less."""
    noises = [trial.run.reached.noise for trial in trials if trial.run.reached]
    return median(noises) if noises else None
