"""Which part of the values a chart shows, and which it says it leaves out."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from advisor.drawing.drawn import Curve

ENOUGH = 20
"""Buckets from which on a few far ones may be left outside the frame."""
CALM = 15
"""The frame follows the bulk of the values where the whole range is this many times wider."""
AIR = 0.05
"""The share of a frame's height that stays free at its bottom and its top."""
MOST_AIR = 10.0
"""The most that a frame of powers of ten is widened by at either end: one power."""
LARGEST = sys.float_info.max
TAIL = 0.02
"""The share of the buckets at either end that is not the bulk."""


@dataclass(frozen=True, slots=True)
class Range:
    """The values at the bottom and top of a frame, and the values that lie outside."""

    low: float
    high: float
    above: tuple[int, float] | None = None
    """The step and value of the highest value that is off the frame."""
    below: tuple[int, float] | None = None
    powers: bool = False
    """True if the frame goes by powers of ten; all values are above zero then."""

    def padded(self) -> Range:
        """Return the range with a little air at both ends; never of no height."""
        if self.powers:
            factor = min(10 ** (AIR * (math.log10(self.high) - math.log10(self.low))), MOST_AIR)
            low, high = self.low / factor or self.low, min(self.high * factor, LARGEST)
            return replace(self, low=low, high=high)
        air = (self.high * AIR - self.low * AIR) or abs(self.high) * AIR or 1.0
        low, high = max(self.low - air, -LARGEST), min(self.high + air, LARGEST)
        return replace(self, low=low, high=high)


def value_range(curves: tuple[Curve, ...], stretch: tuple[int, int] | None) -> Range | None:
    """Return what to show of some curves; ``None`` if they hold no finite value.

    Everything is shown. Where a few far values would flatten the rest, the frame goes by
    powers of ten; if that cannot be, they lie outside, unless they are inside ``stretch``,
    where the evidence is.
    """
    points = tuple(point for curve in curves for point in _extremes(curve))
    if not points:
        return None
    low, high = min(value for _, value in points), max(value for _, value in points)
    kept = _bulk(curves)
    if kept is None or high - low <= CALM * (kept[1] - kept[0]):
        return Range(low, high)
    if low > 0:
        return Range(low, high, powers=True)
    kept = _with_evidence(kept, points, stretch)
    low, high = max(low, kept[0]), min(high, kept[1])
    highest, lowest = max(points, key=_value), min(points, key=_value)
    return Range(
        low,
        high,
        highest if highest[1] > high else None,
        lowest if lowest[1] < low else None,
    )


def gaps(curve: Curve) -> tuple[tuple[int, int], ...]:
    """Return the stretches of steps whose buckets hold no finite value."""
    found: list[tuple[int, int]] = []
    for index, (step, mean) in enumerate(zip(curve.steps, curve.mean, strict=True)):
        if mean is None and index and found and curve.mean[index - 1] is None:
            found[-1] = (found[-1][0], step)
        elif mean is None:
            found.append((step, step))
    return tuple(found)


def joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches of steps in order, those that overlap as one."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def _bulk(curves: tuple[Curve, ...]) -> tuple[float, float] | None:
    means = sorted(mean for curve in curves for mean in curve.mean if mean is not None)
    if len(means) < ENOUGH:
        return None
    tail = round(len(means) * TAIL)
    low, high = means[tail], means[-1 - tail]
    return low - (high - low), high + (high - low)


def _with_evidence(
    kept: tuple[float, float],
    points: tuple[tuple[int, float], ...],
    stretch: tuple[int, int] | None,
) -> tuple[float, float]:
    inside = [value for step, value in points if stretch and stretch[0] <= step <= stretch[1]]
    return min(kept[0], *inside, kept[1]), max(kept[1], *inside, kept[0])


def _extremes(curve: Curve) -> Iterator[tuple[int, float]]:
    for values in (curve.mean, curve.low, curve.high):
        for step, value in zip(curve.steps, values or (), strict=False):
            if value is not None:
                yield step, value


def _value(point: tuple[int, float]) -> float:
    return point[1]
