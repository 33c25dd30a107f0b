"""What a curve does, beyond its noise: levels, slopes, the best point, jumps and shape.

Everything is oriented so that lower is better, and places are fractions of the curve's own
span of steps (0 to 1), so that curves on different axes can be compared.
"""

from __future__ import annotations

from copy import copy
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from advisor.curve.smoothing import bucket_edges, bucket_medians, median, robust_sd, smooth
from advisor.run import Floats, Steps

TIME_CONSTANTS = np.geomspace(0.02, 20.0, 40)
"""Exponential decays that are tried on a curve, in spans of the curve."""

_NEAR = 2
"""Points to each side that a smoothed curve is held against at its lowest (chosen by eye)."""
_BELOW = 2.0
"""Standard deviations that it may be below all of them: five points are seldom above it by one."""


class Level(NamedTuple):
    """The typical value in a stretch of a curve."""

    value: float
    error: float
    """Standard error of ``value``, with correlated scatter taken into account."""
    points: int


class Slope(NamedTuple):
    """A robust straight line through a stretch of a curve."""

    change: float
    """Change over the stretch, in the oriented unit: negative is better."""
    t: float
    """``change`` in units of its standard error."""


class Place(NamedTuple):
    """A point of the smoothed curve."""

    at: float
    """Fraction of the span, 0 to 1."""
    step: int
    value: float
    """Oriented: lower is better."""
    bucket: int
    """Among the buckets."""


class Jump(NamedTuple):
    """The largest change of level between two neighbouring stretches."""

    place: Place
    size: float
    """Level after minus level before, oriented: positive is worse."""


class Trend:
    """A curve reduced to at most 200 medians, smoothed. Needs at least one point.

    ``sign`` is -1 for a quantity where higher is better: all values here are multiplied by it.
    """

    def __init__(self, steps: Steps, values: Floats, sign: int = 1) -> None:
        edges = bucket_edges(len(values))
        self.sign = sign
        self.steps = steps[edges[1:] - 1]
        """``int64[m]``: the last step of each bucket."""
        self.values = bucket_medians(sign * values, edges)
        """``float64[m]``: bucket medians, oriented."""
        self._smoothed = smooth(self.values)
        span = max(float(steps[-1] - steps[0]), 1.0)
        self.at = (self.steps - steps[0]) / span
        """``float64[m]``: where each bucket is, as a fraction of the span."""
        self._slopes: dict[tuple[float, float, int], Slope] = {}
        self._placed: dict[bytes, Trend] = {}

    def __len__(self) -> int:
        return len(self.values)

    def placed(self, at: Floats) -> Trend:
        """Return the same medians at other fractions of a span: ``float64[m]``, from 0 to 1.

        The same trend for the same places, so that rules share what is derived from it.
        """
        key = at.tobytes()
        if key not in self._placed:
            moved = copy(self)
            for derived in ("best", "time_constant", "straightness"):
                moved.__dict__.pop(derived, None)
            moved.at, moved._slopes, moved._placed = at, {}, {}
            self._placed[key] = moved
        return self._placed[key]

    @property
    def smooth(self) -> Floats:
        """``float64[m]``: the smoothed medians, oriented."""
        return self._smoothed.values

    @property
    def noise(self) -> float:
        """Robust standard deviation of the medians about the smoothed curve."""
        return self._smoothed.noise

    def level(self, first: float, last: float, least: int = 3) -> Level:
        """Return the median between two fractions of the span.

        Where fewer than ``least`` medians lie there, the nearest ones are taken in.
        """
        rows = ((self.at >= first) & (self.at <= last)).nonzero()[0]
        if len(rows) < least:
            distance = np.abs(self.at - (first + last) / 2)
            rows = np.argsort(distance, kind="stable")[:least]
        # The median of normal scatter has a standard error 1.25 times that of the mean.
        worth = max(len(rows) * self._smoothed.independent, 1.0)
        return Level(median(self.values[rows]), 1.25 * self.noise / worth**0.5, len(rows))

    def tail(self, share: float = 0.1, least: int = 3) -> Level:
        """Return the level at the end."""
        last = max(len(self) - max(least, round(share * len(self))), 0)
        return self.level(float(self.at[last]), 1.0, least)

    def around(self, place: Place, share: float = 0.05, least: int = 3) -> Level:
        """Return the level around a place."""
        return self.level(place.at - share / 2, place.at + share / 2, least)

    @cached_property
    def best(self) -> Place:
        """The lowest point of the smoothed curve: one lucky value does not make it.

        A line that a steep start led below every value around its point counts no lower than these.
        """
        lowest = self.place(int(np.argmin(self.smooth)))
        near = self.values[max(lowest.bucket - _NEAR, 0) : lowest.bucket + _NEAR + 1]
        if lowest.value >= near.min() - _BELOW * self.noise:
            return lowest
        reached = np.maximum(self.smooth, _lowest_near(self.values))
        index = int(np.argmin(reached))
        return self.place(index)._replace(value=float(reached[index]))

    def place(self, index: int) -> Place:
        """Return the place of a bucket."""
        return Place(
            float(self.at[index]), int(self.steps[index]), float(self.smooth[index]), index
        )

    @cached_property
    def start(self) -> float:
        """The level at the start: the higher of the first value and the smoothed one."""
        return float(max(self.values[0], self.smooth[0]))

    @cached_property
    def gain(self) -> float:
        """Total improvement from the start to the best point; 0 or more."""
        return max(self.start - self.best.value, 0.0)

    def worse_share(self, after: Place, than: float) -> float:
        """Return which share of the later half of what follows a place is above a value."""
        later = self.values[(after.bucket + 1 + len(self)) // 2 :]
        return float((later > than).mean()) if len(later) else 0.0

    def slope(self, first: float = 0.8, last: float = 1.0, least: int = 5) -> Slope:
        """Return the slope between two fractions of the span (Theil 1950, Sen 1968)."""
        wanted = first, last, least
        if wanted not in self._slopes:
            self._slopes[wanted] = self._slope(*wanted)
        return self._slopes[wanted]

    def _slope(self, first: float, last: float, least: int) -> Slope:
        rows = np.flatnonzero((self.at >= first) & (self.at <= last))
        if len(rows) < least:
            rows = np.arange(max(len(self) - least, 0), len(self))
        at, values = self.at[rows], self.values[rows]
        if len(rows) < 3 or np.ptp(at) == 0:
            return Slope(0.0, 0.0)
        per_span = _theil_sen(at, values)
        rest = values - per_span * at
        scatter = robust_sd(rest - median(rest))
        worth = len(rows) * self._smoothed.independent
        error = max(scatter, self.noise, 1e-300) / (float(np.std(at)) * max(worth, 1.0) ** 0.5)
        return Slope(per_span * float(np.ptp(at)), per_span / error)

    def jump(self) -> Jump:
        """Return the largest lasting rise of level between two stretches of a twentieth."""
        width = max(3, len(self) // 20)
        if len(self) < 2 * width:
            return Jump(self.place(len(self) - 1), 0.0)
        levels = np.median(sliding_window_view(self.values, width), axis=1)
        sizes = levels[width:] - levels[:-width]
        widest = int(np.argmax(sizes))
        return Jump(self.place(width + widest), float(sizes[widest]))

    @cached_property
    def time_constant(self) -> float:
        """The time constant of the best-fitting exponential decay, in spans of the curve.

        Well below 1 for a curve that levels off, 20 for a straight line or one that
        steepens. Fitted by least squares on the smoothed curve, an offset included.
        """
        shapes = np.exp(-self.at / TIME_CONSTANTS[:, None])
        shapes -= shapes.mean(axis=1, keepdims=True)
        centred = self.smooth - self.smooth.mean()
        powers = (shapes**2).sum(axis=1)
        heights = np.maximum(shapes @ centred, 0.0) / np.where(powers > 0, powers, np.inf)
        rest = centred - heights[:, None] * shapes
        return float(TIME_CONSTANTS[int(np.argmin((rest**2).sum(axis=1)))])

    @cached_property
    def straightness(self) -> float:
        """The share of variance that a straight line over the whole span explains, 0 to 1."""
        total = float(np.var(self.smooth))
        if total == 0 or len(self) < 3:
            return 0.0
        slope, offset = np.polyfit(self.at, self.smooth, 1)
        return 1.0 - float(np.var(self.smooth - slope * self.at - offset)) / total


def _lowest_near(values: Floats) -> Floats:
    """Return the lowest value among each point and its neighbours: ``float64[m]``."""
    padded = np.pad(values, _NEAR, constant_values=np.inf)
    lowest: Floats = sliding_window_view(padded, 2 * _NEAR + 1).min(axis=1)
    return lowest


def _theil_sen(at: Floats, values: Floats) -> float:
    first, second = _pairs(len(at))
    rise, run = values.take(second) - values.take(first), at.take(second) - at.take(first)
    if run.min() > 0:
        return median(rise / run)
    keep = run > 0
    return median(rise[keep] / run[keep])


@lru_cache(maxsize=16)
def _pairs(n: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    return np.triu_indices(n, 1)
