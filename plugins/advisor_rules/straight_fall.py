"""What tells a loss that falls along a line from one that falls fast and levels off."""

from __future__ import annotations

import numpy as np

from advisor.curve import Curve
from advisor.trend import Trend
from advisor_rules.measure import ratio, relative


def share_left(curve: Curve, trend: Trend) -> float:
    """Return the share of the loss that is left at the end of the line."""
    return 1.0 - relative(curve, -trend.slope(0.0, 1.0).change, trend.level(0.0, 0.05))


def late_share(trend: Trend) -> float:
    """Return the share of the whole fall that the last third made."""
    return ratio(-trend.slope(0.67).change, trend.gain)


def largest_climb(trend: Trend) -> float:
    """Return the largest rise of the smoothed loss over its lowest level before."""
    return float((trend.smooth - np.minimum.accumulate(trend.smooth)).max())


def first_value(curve: Curve) -> float:
    """Return the first value as logged: before a restart, where the file holds what was before."""
    return float(curve.logged.finite().values[0])
