"""Robust smoothing of a curve, in time proportional to its length.

A long series is first reduced to at most ``BUCKETS`` medians of equally many points; what
costs more than linear time works on those.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from advisor.run import Floats

BUCKETS = 200
"""Enough to place an event within half a per cent of a run, few enough for a dense smoother."""
SPAN = 0.08
"""Half-width of the smoother as a share of the curve; chosen by eye."""
_TO_SIGMA = 1.4826
"""Turns a median absolute deviation into a standard deviation, for normal scatter."""


class Smoothed(NamedTuple):
    """A curve after smoothing, and the scatter that was taken out of it."""

    values: Floats
    """``float64[m]``: the local trend at each point."""
    noise: float
    """Robust standard deviation of one point about the trend, in the values' unit; 0 or more."""
    independent: float
    """How many independent points one point is worth: 1, less where scatter is correlated."""


def bucket_edges(n: int, most: int = BUCKETS) -> npt.NDArray[np.int64]:
    """Return the ``m + 1`` borders of at most ``most`` buckets that share ``n`` points evenly."""
    return np.linspace(0, n, min(n, most) + 1).round().astype(np.int64)


def bucket_medians(values: Floats, edges: npt.NDArray[np.int64]) -> Floats:
    """Return the median of every bucket: ``float64[len(edges) - 1]``, none of them empty."""
    if len(edges) - 1 == len(values):
        return values
    pairs = pairwise(edges)
    return np.array([np.median(values[first:last]) for first, last in pairs])


def robust_sd(values: Floats) -> float:
    """Return a standard deviation that outliers do not reach (scaled median of ``|values|``).

    ``values`` are deviations from a trend, so their centre is taken to be 0.
    """
    return float(_TO_SIGMA * np.median(np.abs(values))) if len(values) else 0.0


def smooth(values: Floats) -> Smoothed:
    """Smooth ``float64[m]`` by robust local lines (LOWESS; Cleveland 1979).

    Spikes count for little: two rounds of bisquare weights. Fewer than four points are
    returned as they are, with their differences as the scatter.
    """
    if len(values) < 4:
        return Smoothed(values, robust_sd(np.diff(values)) / np.sqrt(2.0), 1.0)
    kernel = _kernel(len(values))
    robust = np.ones(len(values))
    for _ in range(3):
        hat = _local_lines(kernel * robust)
        fitted = hat @ values
        # A point pulls its own fit towards it: the residual is stretched by what it pulled.
        residuals = (values - fitted) / np.sqrt(np.clip(1.0 - np.diag(hat), 0.1, 1.0))
        noise = robust_sd(residuals)
        robust = _bisquare(residuals, noise)
    return Smoothed(fitted, max(noise, _rounding(values)), _independent(residuals, noise))


def _kernel(m: int) -> Floats:
    """Return the ``float64[m, m]`` tricube weight of every point for every other."""
    half = max(2.0, SPAN * m) + 1.0
    distance = np.abs(np.subtract.outer(np.arange(m), np.arange(m))) / half
    return np.asarray(np.clip(1.0 - distance**3, 0.0, None) ** 3)


def _local_lines(weights: Floats) -> Floats:
    """Return the matrix that maps values to locally weighted straight lines."""
    offset = np.subtract.outer(-np.arange(len(weights)), -np.arange(len(weights))).astype(float)
    zeroth = weights.sum(axis=1, keepdims=True)
    first = (weights * offset).sum(axis=1, keepdims=True)
    second = (weights * offset**2).sum(axis=1, keepdims=True)
    scale = zeroth * second - first**2
    lines = weights * (second - offset * first) / np.where(scale > 1e-9, scale, np.inf)
    return np.asarray(np.where(scale > 1e-9, lines, weights / np.maximum(zeroth, 1e-12)))


def _bisquare(residuals: Floats, noise: float) -> Floats:
    if noise == 0:
        return np.ones(len(residuals))
    with np.errstate(over="ignore"):  # noise may be far below the rounding of a residual
        distance = np.minimum(np.abs(residuals / (6.0 * noise)), 1.0)
    return np.asarray(np.maximum(1.0 - distance**2, 1e-6) ** 2)


def _rounding(values: Floats) -> float:
    """Return the scatter that rounding alone makes: the smallest gap between values, / sqrt 12."""
    gaps = np.diff(np.unique(values))
    return float(gaps.min() / np.sqrt(12.0)) if len(gaps) else 0.0


def _independent(residuals: Floats, noise: float) -> float:
    """Return the effective sample size per point of scatter that follows an AR(1) process.

    ``(1 - r) / (1 + r)`` with the correlation ``r`` of neighbours (Bayley & Hammersley 1946);
    residuals are clipped first, so that neither outliers nor a steep start decide it. Fewer than
    20 points do not tell a correlation.
    """
    if noise == 0 or len(residuals) < 20:
        return 1.0
    with np.errstate(over="ignore"):
        clipped = np.clip(residuals / noise, -1.5, 1.5)
    power = float((clipped**2).mean())
    if power == 0:
        return 1.0
    correlation = float((clipped[1:] * clipped[:-1]).mean()) / power
    bounded = min(max(correlation, 0.0), 0.9)
    return (1.0 - bounded) / (1.0 + bounded)
