"""All runs of an analysis together: what rules across runs look at.

A study holds summaries, never arrays: it fits in memory however long the runs were. A rule
that needs a whole series asks for it by name, and it is read again.
"""

from __future__ import annotations

from advisor.model import Document
from advisor.notes import Note
from advisor.report import Curve
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
    """By tag, for the series that have a role: at most 240 buckets each."""


class Study(Document):
    """The runs of one analysis, in the order of their names."""

    runs: tuple[RunSummary, ...]
