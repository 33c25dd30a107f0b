"""Telling, by their order alone, that a curve was better in its first half than ever after."""

from __future__ import annotations

import math
from typing import NamedTuple

from numpy.lib.stride_tricks import sliding_window_view

from advisor.curve import Curve
from advisor_rules.signs.measure import END, Turn, ratio, relative

_ROW = 3
"""Points in a row that must all be better. Of m points in any order and m after them, three in a
row of the first are better than all of the others in at most 6 (m - 2) / (m + 1) (m + 2) (m + 3) of
the orders: of ten and ten in one of 36, of thirty and thirty in one of 195."""
_HALF = 10
"""The fewest points of the later half, so that this is less than one in twenty."""


class Before(NamedTuple):
    """What a curve had in its first half, and never again."""

    turned: Turn
    """From the worst of the three points in a row to the end of the curve."""
    best: tuple[int, float]
    """The step and the value of the best of the three."""
    share: float
    """The rise since then against all that had been gained by then; large where nothing was."""


def better_before(curve: Curve) -> Before | None:
    """Return three points in a row of the first half that are better than all of the later half.

    However much they scatter, and even if the smoothed curve has passed over so short a start.
    ``None`` where there are none, or too few points.
    """
    return curve.once(_better_before)


def _better_before(curve: Curve) -> Before | None:
    trend = curve.trend
    half = len(trend) // 2
    if half < _HALF:
        return None
    worst = sliding_window_view(trend.values[:half], _ROW).max(axis=1)
    first = int(worst.argmin())
    reached = float(worst[first])
    if reached >= trend.values[half:].min():
        return None
    best = first + int(trend.values[first : first + _ROW].argmin())
    around, end = trend.level(trend.at[first], trend.at[first + _ROW - 1]), trend.tail(END)
    rise = end.value - reached
    turned = Turn(
        trend.place(best)._replace(value=reached),
        rise,
        ratio(rise, math.hypot(around.error, end.error)),
        relative(curve, rise, around._replace(value=reached)),
        1.0,
    )
    gained = max(float(trend.values[0]) - reached, 0.0)
    named = int(trend.steps[best]), trend.sign * float(trend.values[best])
    return Before(turned, named, ratio(rise, gained))
