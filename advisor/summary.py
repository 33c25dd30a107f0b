"""A run in a few numbers and drawn curves: what is kept of it once it is judged."""

from __future__ import annotations

from advisor.drawing.drawn import Curve
from advisor.model import Document
from advisor.notes import Note
from advisor.roles import Understanding
from advisor.run import Axis, ConfigValue


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
