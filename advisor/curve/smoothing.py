"""Robust smoothing of a curve, in time proportional to its length.

A long series is first reduced to at most ``BUCKETS`` medians of equally many points; what
costs more than linear time works on those.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from advisor.run import Floats

BUCKETS = 200
"""Enough to place an event within half a per cent of a run, few enough for a dense smoother."""
SPAN = 0.08
"""Half-width of the smoother as a share of the curve; chosen by eye."""
_EXACT = 1e-14
"""Residuals of values below 1 that are rounding and nothing else."""
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


@lru_cache(maxsize=64)  # most series of a study have one length
def bucket_edges(n: int) -> npt.NDArray[np.int64]:
    """Return the ``m + 1`` borders of at most ``BUCKETS`` buckets that share ``n`` points evenly.

    The array is shared, and read-only.
    """
    edges = np.linspace(0, n, min(n, BUCKETS) + 1).round().astype(np.int64)
    edges.flags.writeable = False
    return edges


def bucket_medians(values: Floats, edges: npt.NDArray[np.int64]) -> Floats:
    """Return the median of every bucket: ``float64[len(edges) - 1]``, none of them empty."""
    if len(edges) - 1 == len(values):
        return values
    medians = np.empty(len(edges) - 1)
    sizes = edges[1:] - edges[:-1]
    for size in {int(sizes.min()), int(sizes.max())}:  # as buckets share the points evenly
        rows = (sizes == size).nonzero()[0]
        ordered = values[edges[rows][:, None] + np.arange(size)]
        ordered.sort()
        medians[rows] = ordered[:, (size - 1) // 2] / 2 + ordered[:, size // 2] / 2
    return medians


_MANY = 256
"""So many values take longer to put in order than to part in halves (measured)."""


def median(values: Floats) -> float:
    """Return the median of one or more finite values: ``numpy.median`` without its checks.

    Rules ask for so many medians of so few values that the checks would be most of the work.
    """
    middle = len(values) // 2
    if len(values) < _MANY:
        ordered = values.copy()
        ordered.sort()
    else:
        ordered = np.partition(values, (middle - 1, middle))
    if len(values) % 2:
        return float(ordered[middle])
    # Halved first, so that the sum does not overflow.
    return float(ordered[middle - 1] / 2 + ordered[middle] / 2)


def robust_sd(values: Floats) -> float:
    """Return a standard deviation that outliers do not reach (scaled median of ``|values|``).

    ``values`` are deviations from a trend, so their centre is taken to be 0.
    """
    return _TO_SIGMA * median(np.abs(values)) if len(values) else 0.0


def smooth(values: Floats) -> Smoothed:
    """Smooth ``float64[m]`` by robust local lines (LOWESS; Cleveland 1979).

    Spikes count for little: two rounds of bisquare weights. Fewer than four points are
    returned as they are, with their differences as the scatter.
    """
    if len(values) < 4:
        return Smoothed(values, robust_sd(np.diff(values)) / np.sqrt(2.0), 1.0)
    # About their middle and by a power of two: this rounds nothing, and no sum overflows.
    middle = median(values)
    power = int(np.frexp(np.abs(values).max())[1]) + 1
    scaled = np.ldexp(values, -power) - np.ldexp(middle, -power)
    fitted, residuals = _fit(scaled, _evenly(len(values)))
    for _ in range(2):
        weights = _bisquare(residuals, robust_sd(residuals))
        fitted, residuals = _fit(scaled, _lines(weights))
    noise = robust_sd(residuals)
    fitted = np.ldexp(fitted + np.ldexp(middle, -power), power)
    scatter = max(float(np.ldexp(noise, power)), _rounding(values))
    return Smoothed(fitted, scatter, _independent(residuals, noise))


def reach(m: int) -> int:
    """Return how many points to each side count in the line at one of ``m``."""
    return math.ceil(_half_width(m))


def _half_width(m: int) -> float:
    """Return how far from a point another of ``m`` counts in its line."""
    return max(2.0, SPAN * m)


class _Lines(NamedTuple):
    """The weighted least squares line at each of ``m`` points, but for the values."""

    robust: Floats
    """``float64[m]``: the weights of the points."""
    level: Floats
    """``float64[m]``: what the moment of the values counts in the line at its point."""
    tilt: Floats
    """``float64[m]``: what their first moment counts."""
    own: Floats
    """``float64[m]``: the square root of the share that a point does not give its own line."""


def _lines(robust: Floats) -> _Lines:
    """Prepare the lines for weights, in closed form from the moments about each point."""
    kernel, first_kernel, second_kernel = _kernels(len(robust))
    zeroth, first = _moment(robust, kernel), _moment(robust, first_kernel)
    second = _moment(robust, second_kernel)
    scale = zeroth * second - first**2
    straight = scale > 1e-9
    scale[~straight] = 1.0
    # Where all weight is on one point there is no line, only a mean.
    level = np.where(straight, second / scale, 1.0 / np.maximum(zeroth, 1e-12))
    tilt = np.where(straight, first / scale, 0.0)
    return _Lines(robust, level, tilt, np.sqrt(np.clip(1.0 - robust * level, 0.1, 1.0)))


@lru_cache(maxsize=8)
def _evenly(m: int) -> _Lines:
    """Prepare the lines for points of equal weight."""
    return _lines(np.ones(m))


def _fit(values: Floats, lines: _Lines) -> tuple[Floats, Floats]:
    """Return the local lines through ``float64[m]`` values below 1, and the residuals."""
    kernel, first_kernel, _ = _kernels(len(values))
    weighted = lines.robust * values
    fitted = lines.level * _moment(weighted, kernel) - lines.tilt * _moment(weighted, first_kernel)
    # A point pulls its own fit towards it: the residual is stretched by what it pulled.
    residuals = (values - fitted) / lines.own
    residuals[np.abs(residuals) < _EXACT] = 0.0
    return fitted, residuals


def _moment(values: Floats, kernel: Floats) -> Floats:
    """Sum the values around each one, weighted by how far they are from it."""
    half = len(kernel) // 2
    return np.convolve(values, kernel[::-1])[half : half + len(values)]


@lru_cache(maxsize=8)
def _kernels(m: int) -> tuple[Floats, Floats, Floats]:
    """Return the tricube weight of every distance, and it times the distance and its square.

    For distances from ``-h`` to ``h``, beyond which the weight is 0: ``float64[2h + 1]``.
    """
    half = _half_width(m) + 1.0
    distance = np.arange(-int(half), int(half) + 1).astype(float)
    kernel = (1.0 - np.abs(distance / half) ** 3) ** 3
    return kernel, kernel * distance, kernel * distance**2


def _bisquare(residuals: Floats, noise: float) -> Floats:
    if noise == 0:
        return np.ones(len(residuals))
    with np.errstate(over="ignore"):  # noise may be far below the rounding of a residual
        distance = np.minimum(np.abs(residuals / (6.0 * noise)), 1.0)
    return np.asarray(np.maximum(1.0 - distance**2, 1e-6) ** 2)


def _rounding(values: Floats) -> float:
    """Return the scatter that rounding alone makes: the smallest gap between values, / sqrt 12."""
    ordered = np.sort(values)
    gaps = ordered[1:] - ordered[:-1]
    gaps = gaps[gaps > 0]
    return float(gaps.min()) / 12.0**0.5 if len(gaps) else 0.0


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
