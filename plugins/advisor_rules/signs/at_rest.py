"""Whether two losses came to rest together in the last half of a run, in units of their level."""

from __future__ import annotations

from advisor.curve import Curve
from advisor_rules.signs.measure import END, relative, turn


def apart(train: Curve, val: Curve) -> float:
    """Return how far validation ended above training; below 0, training was made harder."""
    end = val.trend.tail(END)
    return relative(val, end.value - train.trend.tail(END).value, end)


def opened(train: Curve, val: Curve) -> float:
    """Return by how much training left validation behind in the last half."""
    grown = val.trend.slope(0.5).change - train.trend.slope(0.5).change
    return relative(val, grown, val.trend.tail())


def moved(curve: Curve) -> float:
    """Return the change of a curve over the last half, whichever way it went."""
    return abs(relative(curve, curve.trend.slope(0.5).change, curve.trend.tail()))


def worsens(curve: Curve, least: float = 0.02) -> bool:
    """Tell whether a curve ended clearly above its best level, by more than ``least`` of it."""
    turned = turn(curve)
    return turned.t > 3 and turned.relative > least
