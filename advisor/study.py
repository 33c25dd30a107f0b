"""All runs of an analysis together: what rules across runs look at.

A study holds summaries, never arrays: it fits in memory however long the runs were. A rule
that needs a whole series asks for it by name, and it is read again.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from advisor.drawing.drawn import Curve
from advisor.model import Document
from advisor.notes import Note
from advisor.roles import Understanding
from advisor.run import Axis, ConfigValue

if TYPE_CHECKING:
    from advisor.sweep import Search


class SeriesSummary(Document):
    """One series in a few numbers."""

    points: int
    non_finite: int
    """How many values are NaN or infinite."""
    first: float | None = None
    """The first finite value; like the rest ``None`` where no value is finite."""
    last: float | None = None
    lowest: float | None = None
    lowest_step: int | None = None
    highest: float | None = None
    highest_step: int | None = None


class Reached(Document):
    """How good a run got by its objective, in the unit of that."""

    best: float
    """The best value of the smoothed curve: one lucky point does not make it."""
    last: float
    """The smoothed level at the end."""
    noise: float
    """Robust standard deviation of one logged value about the smoothed curve."""


class RunSummary(Document):
    """A run without its arrays."""

    name: str
    source: str
    files: tuple[str, ...]
    axis: Axis
    first_step: int
    last_step: int
    points: int
    config: dict[str, ConfigValue]
    notes: tuple[Note, ...]
    understanding: Understanding
    series: dict[str, SeriesSummary]
    """By tag."""
    curves: dict[str, Curve]
    """By tag, for the series that stand for a role, the objective and what findings cite: at most
    240 buckets each, 60 in a study of more than 50 runs."""
    started: float | None = None
    """The earliest wall time in the log, in seconds since 1970 (some logs count from the start
    of the run); ``None`` if the log has none."""
    reached: Reached | None = None
    """``None`` where there is no objective, or it has no finite value."""


class Study(Document):
    """The runs of one analysis, in the order of their names."""

    runs: tuple[RunSummary, ...]

    @cached_property
    def searches(self) -> tuple[Search, ...]:
        """The groups of runs that can be compared, the largest first; often none."""
        from advisor.sweep import searches_of

        return searches_of(self.runs)
