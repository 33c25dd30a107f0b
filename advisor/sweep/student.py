"""Student's t: what differences are held against where few runs show the noise."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

_LARGEST = 1e9
"""The t beyond which nobody asks, so that rounding cannot make the search endless."""


@lru_cache
def two_sided(freedom: int, level: float) -> float:
    """Return the t that chance exceeds, up or down, with probability ``level`` (above 0, below 1).

    ``freedom`` are the degrees of freedom, at least 1. Two runs that differ in nothing but the
    seed give one, and need a t of 12.7 where a large sample needs 2 (at a level of 0.05).
    """
    low, high = 0.0, 1.0
    while _within(high, freedom) < 1.0 - level and high < _LARGEST:
        low, high = high, 2.0 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < 1.0 - level else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """Return the probability that chance stays within ``t`` of zero.

    With x = sqrt(freedom) * tan(angle) the density becomes a power of a cosine, which Simpson's
    rule integrates without a tail, as quickly for many degrees of freedom as for few.
    """
    angle = math.atan(t / math.sqrt(freedom))
    at = np.linspace(0.0, angle, 2001)
    heights = np.cos(at) ** (freedom - 1)
    weights = np.ones(len(at))
    weights[1:-1:2], weights[2:-1:2] = 4.0, 2.0
    area = float((weights * heights).sum()) * angle / (3 * (len(at) - 1))
    gammas = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)
    return 2 * math.exp(gammas) / math.sqrt(math.pi) * area
