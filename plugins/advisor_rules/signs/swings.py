"""Rises of a loss that it recovers from, again and again: what too large steps do."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import robust_sd
from advisor.run import Floats

LEAST = 20
"""The fewest medians of a curve in which swings can be told from scatter (chosen by eye)."""
_UPWARDS = 1 / 3
"""The smallest share of changes for the worse in what goes up and down, and does not just fall."""
_SETTLED = 0.1
"""The share of a run that is left out: every loss moves a lot there."""


_ALONE = -0.25
"""The correlation of changes with the next ones half way between that of points that scatter each
by itself, -0.5, and that of averages over past ones, 0."""


class Swings(NamedTuple):
    """The rises of a curve, each of which it recovered from."""

    rises: int
    """How many there are."""
    height: float
    """Median height of the rises, in the unit of the series, oriented."""
    first_step: int
    last_step: int
    """The steps of the first turn upwards and of the last one downwards."""


def up_and_down(changes: Floats) -> bool:
    """Tell whether a loss of which these are the changes goes up and down, and does not just fall.

    It takes one change at least.
    """
    return float(np.mean(changes > 0)) >= _UPWARDS


def swings(curve: Curve, lowest: float) -> Swings | None:
    """Return the rises higher than ``lowest`` that were followed by as deep a fall.

    Single outliers do not count: the medians of the trend are taken in threes. The first tenth
    is left out. ``None`` if there is no such rise.
    """
    trend = curve.trend
    start = len(trend) // round(1 / _SETTLED)
    calm = calmed(trend.values)[start:]
    if float((calm - np.minimum.accumulate(calm)).max()) < lowest:
        return None
    turns = turning_points(calm, lowest)
    # The last point is no turn: a rise counts if the curve fell as far again after it.
    rises = [(i, j) for i, j in pairwise(turns[:-1]) if calm[j] - calm[i] >= lowest]
    if not rises:
        return None
    heights = [float(calm[j] - calm[i]) for i, j in rises]
    return Swings(
        len(rises),
        float(np.median(heights)),
        int(trend.steps[start + rises[0][0]]),
        int(trend.steps[start + rises[-1][1]]),
    )


def scatter(curve: Curve) -> float:
    """Return the standard deviation of one median of a trend, from what changes point by point.

    Second differences (Gasser et al. 1986) see neither a level nor a slope, and little of a
    wave that is many points long.
    """
    return float(robust_sd(np.diff(curve.trend.values, 2)) / 6.0**0.5)


def wanders(curve: Curve) -> bool:
    """Tell whether the points of a curve do not scatter each by itself, as if they were averages.

    Such a curve wanders far from point to point: ``scatter`` is too small a measure for it.
    """
    if len(curve) <= LEAST:
        return False
    changes = _changes(curve.values)
    power = float(changes @ changes)
    return power > 0 and float(changes[1:] @ changes[:-1]) > _ALONE * power


def together(curve: Curve, other: Curve) -> float:
    """Return how far two curves rise and fall together: the correlation of their changes, -1 to 1.

    Taken over the later nine tenths, between the points of the sparser curve; changes are
    clipped at three robust standard deviations, so that no single jump decides.
    """
    places = curve.fractions_at(other, other.trend.steps)
    later = places >= _SETTLED
    if later.sum() < 3:
        return 0.0
    mine = np.interp(places[later], curve.trend.at, curve.trend.values)
    changes, others = _changes(mine), _changes(other.trend.values[later])
    power = float(np.sqrt((changes @ changes) * (others @ others)))
    return float(changes @ others) / power if power > 0 else 0.0


def _changes(values: Floats) -> Floats:
    changes = np.diff(values)
    changes = changes - np.median(changes)
    sd = robust_sd(changes)
    return np.clip(changes / sd, -3.0, 3.0) if sd > 0 else np.zeros(len(changes))


def calmed(values: Floats) -> Floats:
    """Return the running median of three: ``float64[n]``, the ends as their neighbours."""
    if len(values) < 3:
        return values
    before, here, after = values[:-2], values[1:-1], values[2:]
    inner = np.maximum(np.minimum(before, here), np.minimum(np.maximum(before, here), after))
    return np.concatenate((inner[:1], inner, inner[-1:]))


def turning_points(values: Floats, apart: float) -> list[int]:
    """Return the indices of turning points that differ by at least ``apart`` from the next."""
    turns = [0]
    at, direction = 0, 0
    for index, value in enumerate(values.tolist()):
        ahead = (value - float(values[at])) * (direction or 1)
        if ahead > 0 and direction:
            at = index
        elif abs(value - float(values[at])) >= apart:
            if direction:
                turns.append(at)
            direction = 1 if value > float(values[at]) else -1
            at = index
    return [*turns, at]
