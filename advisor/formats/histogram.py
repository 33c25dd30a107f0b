"""Histograms that a run logged: listed with their steps, decoded where one is asked for.

Reading a run passes them by, as a log may hold gigabytes of them and rules look at numbers. A
reader that can decode them offers ``histograms`` beside ``read``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from advisor.reader import Claim
from advisor.run import Floats, Steps


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How many of some values lie in which interval; four arrays and sums that never change."""

    left: Floats
    """``float64[n]``: where each interval begins, in the unit of the values."""
    right: Floats
    """``float64[n]``: where it ends."""
    counts: Floats
    """``float64[n]``: how many values lie in it; loggers may give parts of a value."""
    total: float
    """The sum of all values."""
    squares: float
    """The sum of their squares."""

    @classmethod
    def of_intervals(cls, left: Floats, right: Floats, counts: Floats) -> Histogram:
        """Return a histogram whose logger kept no sums: as if values filled their intervals evenly.

        The sum of squares is then exact but for values that crowd in a part of one interval.
        """
        total = float((counts * (left + right) / 2).sum())
        squares = float((counts * (left * left + left * right + right * right) / 3).sum())
        return cls(left, right, counts, total, squares)

    @property
    def count(self) -> float:
        """The number of values."""
        return float(self.counts.sum())

    @property
    def mean(self) -> float:
        """The mean; NaN without values."""
        return self.total / self.count if self.count else np.nan

    @property
    def std(self) -> float:
        """The standard deviation of the values themselves; NaN without values."""
        if not self.count:
            return np.nan
        return float(np.sqrt(max(0.0, self.squares / self.count - self.mean**2)))

    @property
    def norm(self) -> float:
        """The Euclidean norm of all values."""
        return float(np.sqrt(self.squares))


@dataclass(frozen=True, slots=True, eq=False)
class Histograms:
    """The histograms of one tag, in the order in which they were written."""

    tag: str
    """The name as the logger wrote it."""
    steps: Steps
    """``int64[n]``."""
    wall_times: Floats
    """``float64[n]``: seconds since 1970; NaN where the log does not say."""
    decode: Callable[[int], Histogram]
    """Reads one from the log. Raises ``Unreadable`` if it is not there any more."""

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, row: int) -> Histogram:
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return self.decode(row % len(self))


@runtime_checkable
class HistogramReader(Protocol):
    """A reader that can decode the histograms of what it claims."""

    def histograms(self, claim: Claim) -> Mapping[str, Mapping[str, Histograms]]:
        """List the histograms of a claim: by the directory or the run they lie in, then by tag.

        Raises ``Unreadable`` as ``read`` does.
        """
        ...
