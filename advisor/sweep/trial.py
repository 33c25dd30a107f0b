"""A run as one trial of a search: how good it got, with which settings, and when."""

from __future__ import annotations

import math
from dataclasses import dataclass

from advisor.run import Axis
from advisor.summary import RunSummary
from advisor.sweep.settings import Chosen, Settings

EARLIEST = 1e8
"""Seconds since 1970 (1973): what is below counts from the start of a run, and orders nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A run among the comparable runs of a study."""

    run: RunSummary
    settings: Settings
    cost: float
    """The best smoothed value of the objective, turned so that lower is better; infinite where
    the run never got a finite value."""

    @property
    def name(self) -> str:
        """The run's name."""
        return self.run.name

    @property
    def tuned(self) -> dict[str, Chosen]:
        """The settings that may be tuned, by name."""
        return self.settings.tuned

    @property
    def value(self) -> float | None:
        """The best smoothed value of the objective as logged; ``None`` if there is none."""
        return self.run.reached.best if self.run.reached else None

    @property
    def diverged(self) -> bool:
        """Whether the objective or the training loss became NaN or infinite."""
        roles = self.run.understanding
        tags = {role.series for key in ("train/loss",) if (role := roles.primary(key))}
        tags |= {roles.objective.series} if roles.objective else set()
        return any(self.run.series[tag].non_finite > 0 for tag in tags)

    @property
    def started(self) -> float | None:
        """Seconds since 1970; ``None`` if the log does not say."""
        started = self.run.started
        return started if started is not None and started > EARLIEST else None

    @property
    def lengths(self) -> tuple[float, float]:
        """How long the run is: in steps, and in samples where steps are updates."""
        steps = float(max(self.run.last_step - self.run.first_step, 0))
        batch = self.number("batch_size") if self.run.axis is Axis.STEP else None
        return steps, steps * max(batch or 1.0, 1.0)

    def number(self, name: str) -> float | None:
        """Return a setting as a number; ``None`` if it is none or was not recorded."""
        chosen = self.tuned.get(name)
        return chosen.key if chosen and isinstance(chosen.key, float) else None


def trial(run: RunSummary, settings: Settings) -> Trial:
    """Make a trial of a run that has an objective."""
    objective = run.understanding.objective
    sign = -1.0 if objective and objective.direction == "max" else 1.0
    best = run.reached.best if run.reached else None
    return Trial(run, settings, math.inf if best is None else sign * best)
