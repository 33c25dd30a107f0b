"""Student's t: what differences are held against where few runs show the noise."""

from __future__ import annotations

import math


def two_sided(freedom: int, level: float) -> float:
    """Return the t that chance exceeds, up or down, with probability ``level`` (above 0, below 1).

    ``freedom`` are the degrees of freedom, at least 1. Two runs that differ in nothing but the
    seed give one, and need a t of 12.7 where a large sample needs 2 (at a level of 0.05).
    """
    low, high = 0.0, 1.0
    while _within(high, freedom) < 1.0 - level:
        low, high = high, 2.0 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < 1.0 - level else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """Return the probability that chance stays within ``t`` of zero.

    The finite sums of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and
    26.7.4.
    """
    angle = math.atan2(t, math.sqrt(freedom))
    sine, cosine, odd = math.sin(angle), math.cos(angle), freedom % 2
    term, total = (cosine if odd else 1.0), 0.0
    for k in range(odd, freedom - 1, 2):
        total += term
        term *= cosine**2 * (k + 1) / (k + 2)
    return 2 / math.pi * (angle + sine * total) if odd else sine * total
