"""One series prepared for judging: cleaned once, with the quantities that several rules want.

Everything here is scale-free or in the series' own unit, and robust: medians and ranks rather
than single points.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from advisor.curve.smoothing import bucket_edges, reach, robust_sd
from advisor.curve.trend import Trend
from advisor.roles import Role
from advisor.run import Axis, Floats, Series, Steps

_T = TypeVar("_T")

_LUCKY = 3.0
"""Standard deviations that one value may be better than the two to each side of it and count."""


class Point(NamedTuple):
    """One logged value."""

    step: int
    value: float
    """As logged, in the series' unit."""


class Curve:
    """The finite points of a series, in step order, and what can be said of them.

    Compared by identity. Everything derived is computed on first use and kept, so that rules
    share it.
    """

    def __init__(self, series: Series, role: Role) -> None:
        self.logged = series
        """As read, in file order."""
        self.role = role
        self.effective = series.effective()
        """In step order, non-finite values included."""
        self._finite = self.effective.finite()
        self._measured: dict[Callable[[Curve], Any], Any] = {}

    @property
    def tag(self) -> str:
        """The name as logged."""
        return self.logged.tag

    @property
    def axis(self) -> Axis:
        """What the steps count."""
        return self.logged.axis

    @property
    def steps(self) -> Steps:
        """``int64[n]``, increasing: the steps of the finite values."""
        return self._finite.steps

    @property
    def values(self) -> Floats:
        """``float64[n]``, all finite."""
        return self._finite.values

    @property
    def wall_times(self) -> Floats | None:
        """``float64[n]``: when the finite values were logged, if the log says so."""
        return self._finite.wall_times

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def non_finite(self) -> Series:
        """The rows whose value is NaN or infinite, in step order."""
        rows = np.flatnonzero(~np.isfinite(self.effective.values))
        steps, values = self.effective.steps[rows], self.effective.values[rows]
        return Series(self.tag, steps, values, axis=self.axis)

    @property
    def sign(self) -> int:
        """-1 where higher is better, else 1: ``sign * value`` is a cost."""
        return -1 if self.role.direction == "max" else 1

    @cached_property
    def trend(self) -> Trend:
        """What the curve does beyond its noise. Raises ``ValueError`` without finite points."""
        if not len(self):
            raise ValueError(f"series {self.tag!r} has no finite value")
        return Trend(self.steps, self.values, self.sign)

    @cached_property
    def noise(self) -> float:
        """Robust standard deviation of one logged point about the trend, in the series' unit."""
        trend = self.trend
        if len(trend) == len(self):
            return trend.noise
        return robust_sd(self.sign * self.values - np.interp(self.steps, trend.steps, trend.smooth))

    @cached_property
    def best_point(self) -> Point:
        """The best single value of those that the best place of the trend was smoothed from.

        It is good by itself, as the checkpoint of a step must be: beside a steep start the trend
        may be lowest a step or two from every good value. A value that beats its neighbours by
        more than three standard deviations of the noise is luck, or a slip, and worth what they
        are. Of values that are worth the same the best one is taken, and of these the first.
        """
        best, edges = self.trend.best.bucket, bucket_edges(len(self))
        far = reach(len(self.trend))
        rows = slice(edges[max(best - far, 0)], edges[min(best + far + 1, len(edges) - 1)])
        costs = self.sign * self.values[rows]
        around = sliding_window_view(np.pad(costs, 2, constant_values=np.inf), 5)
        near = around[:, (0, 1, 3, 4)].min(axis=1)
        lucky = np.isfinite(near) & (costs < near - _LUCKY * self.noise)
        worth = np.where(lucky, near, costs)
        row = int(np.lexsort((costs, worth))[0])
        return Point(int(self.steps[rows][row]), float(self.values[rows][row]))

    @cached_property
    def after_best(self) -> int:
        """How many values came after the best single one: what early stopping counts."""
        return len(self) - 1 - int(np.argmin(self.sign * self.values))

    def once(self, measure: Callable[[Curve], _T]) -> _T:
        """Return what ``measure`` says of this curve; it is asked once, whichever rules want it."""
        if measure not in self._measured:
            self._measured[measure] = measure(self)
        found: _T = self._measured[measure]
        return found

    def fraction(self, step: float) -> float:
        """Return how far into this curve's span a step is, 0 to 1."""
        first, span = self._span
        return min(max((step - first) / span, 0.0), 1.0)

    @cached_property
    def _span(self) -> tuple[float, float]:
        first, last = float(self.steps[0]), float(self.steps[-1])
        return first, max(last - first, 1.0)

    def fraction_at(self, other: Curve, step: float) -> float:
        """Return how far into this curve's span another curve was at one of its steps.

        On one axis by the step itself; on different ones by wall time where both have it,
        else by the fraction of the other's span (both are taken to cover the same training).
        """
        return float(self.fractions_at(other, np.array([step]))[0])

    def fractions_at(self, other: Curve, steps: Steps | Floats) -> Floats:
        """Return ``fraction_at`` for each of another curve's steps: ``float64[n]``."""
        if self.axis is other.axis and self._comparable(other):
            return self._fractions(steps)
        if self.wall_times is not None and other.wall_times is not None:
            when = np.interp(steps, other.steps, other.wall_times)
            return self._fractions(np.interp(when, self.wall_times, self.steps))
        return other._fractions(steps)

    def _fractions(self, steps: Steps | Floats) -> Floats:
        first, span = self._span
        return np.asarray(np.clip((steps - first) / span, 0.0, 1.0), np.float64)

    def _comparable(self, other: Curve) -> bool:
        """Tell whether the steps of both count the same: neither ends far beyond the other."""
        ends = sorted((float(self.steps[-1]), float(other.steps[-1])))
        return ends[1] <= 1.5 * max(ends[0], 1.0)
