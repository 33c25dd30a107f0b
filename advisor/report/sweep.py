"""What a report holds of runs that were compared with each other."""

from __future__ import annotations

from typing import Literal

from advisor.model import Document, Value
from advisor.text import Message


class SweepRange(Document):
    """Values of one hyperparameter to try next."""

    low: float
    high: float
    beyond: Literal["low", "high", ""]
    """The end of what was tried that the range reaches beyond; empty if it lies within."""
    message: Message
    """The range in words."""


class SweepFactor(Document):
    """One hyperparameter that varied."""

    parameter: str
    """Canonical name, or the path where there is none."""
    path: str
    """The runs' own name for it."""
    scale: Literal["log", "linear", "category"]
    values: tuple[Value, ...]
    """Distinct values, numbers in order; of many, the lowest, the highest and some between."""
    distinct: int
    """How many distinct values there are."""
    tried: Message
    """The values in words."""
    share: float | None = None
    """Of the variance of the ranks of the scores, 0 to 1; ``None`` where it cannot be told."""
    low: float | None = None
    high: float | None = None
    """The interval around ``share``; ``low`` is 0 where it may be chance."""
    importance: Message
    """The same in words."""
    search: SweepRange | None = None
    """Where to look next; ``None`` where the runs do not show it."""


class SweepRow(Document):
    """One run of a comparison."""

    run: str
    score: float | None
    """The best smoothed value of the objective; ``None`` where it was never finite."""
    settings: dict[str, Value]
    """By ``SweepFactor.parameter``, numbers to four digits; what the run did not record is not
    there."""


class Sweep(Document):
    """The largest group of runs that can be compared."""

    objective: str
    """The series that the best run is judged by."""
    direction: Literal["min", "max"]
    weak: bool
    """True where only a training loss is left to judge by."""
    runs: int
    """How many runs are compared."""
    design: Message
    """How the settings were laid out."""
    factors: tuple[SweepFactor, ...]
    """What varied: what explains most comes first."""
    rows: tuple[SweepRow, ...]
    """The best first; at most 50."""
    seed_sd: float | None = None
    """Standard deviation of the score between seeds; ``None`` where it is not known."""
    seeds: tuple[tuple[str, ...], ...] = ()
    """The runs that are equal in all but the seed: what ``seed_sd`` was measured on."""
    noise: Message
    """What differences are held against."""
    method: Message
    """How the importance was estimated, and of how many runs."""
    left_out: tuple[Message, ...] = ()
    """Runs that are not compared, and why; and what the comparison takes for granted."""
