"""What tells a loss that falls along a line from one that falls fast and levels off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.trend import Trend
from advisor_rules.signs.measure import ratio, relative

FEW, LONG = 5, 8
"""The fewest values that show how far a loss fell at last, and that show a shape. A run of so few
may have been cut short: ask whether its rate came down. A model that is fine-tuned for three epochs
looks as one whose rate is too low."""
_LEAST_LEFT = 0.1
"""Share of a loss below which it is gone, and cannot fall any faster (chosen by eye)."""
ENDS_AT = 0.85
"""Share of the run from which its best point counts as its end."""
_WHOLE = 0.7
"""Share of the whole fall, the first value included and what training shows of the time before the
first validation, that the line must make: a steep start before the line shows that the rate was not
too low (chosen by eye)."""
_CLIMB = 0.1
"""Largest rise on the way, as a share of the fall: small steps go down only, large ones go up and
down (chosen by eye)."""
_SCATTER = 0.2
"""Largest scatter about the trend, as a share of the fall (chosen by eye)."""


class Line(NamedTuple):
    """What a fall must be like to be a line: shares, described as options of ``lr-too-low``."""

    late: tuple[float, float]
    straightness: float
    perfect: float
    left: float

    def followed(self, curves: Sequence[Curve], trends: Sequence[Trend]) -> bool:
        """Tell whether the first loss falls in a line, and no other one denies it.

        ``trends`` are those of ``curves``, over the time that matters.
        """
        judged, trend = curves[0], trends[0]
        if not self._shows(trend) or not self._fits(judged, trend, _start(judged, curves)):
            return False
        # What is learned by heart, or as the rate falls, bends training alone: it must be perfect.
        if len(curves) < 2 and trend.straightness < self.perfect:
            return False
        if judged.trend.best.at < ENDS_AT or largest_climb(trend) > _CLIMB * trend.gain:
            return False
        pairs = zip(curves, trends, strict=True)
        return not any(self._denies(*pair, _start(pair[0], curves)) for pair in pairs)

    def _shows(self, trend: Trend) -> bool:
        """Tell whether a loss falls, and far enough above its scatter to have a shape."""
        slope = trend.slope(0.0, 1.0)
        # A curve without scatter that bends is no straight line, but it falls for certain.
        certain = slope.t <= -10 or trend.noise <= _SCATTER / 10 * -slope.change
        return certain and trend.noise <= _SCATTER * -slope.change

    def _denies(self, curve: Curve, trend: Trend, start: float) -> bool:
        """Tell whether a loss has another shape, or rises."""
        if self._shows(trend):
            return not self._fits(curve, trend, start)
        return trend.slope(0.0, 1.0).change > 0

    def _fits(self, curve: Curve, trend: Trend, start: float) -> bool:
        fall = -trend.slope(0.0, 1.0).change
        least, most = self.late
        return (
            least <= late_share(trend) <= most
            and trend.straightness >= self.straightness
            and fall >= _WHOLE * max(trend.gain, start - trend.best.value)
            and share_left(curve, trend)
            >= (self.left if trend.straightness < self.perfect else _LEAST_LEFT)
        )


def share_left(curve: Curve, trend: Trend) -> float:
    """Return the share of the loss that is left at the end of the line."""
    return 1.0 - relative(curve, -trend.slope(0.0, 1.0).change, trend.level(0.0, 0.05))


def late_share(trend: Trend) -> float:
    """Return the share of the whole fall that the last third made.

    Fewer values than ``LONG`` have no slope there, only the levels at its ends.
    """
    if len(trend) < LONG:
        return ratio(float(np.interp(2 / 3, trend.at, trend.values) - trend.values[-1]), trend.gain)
    return ratio(-trend.slope(0.67).change, trend.gain)


def largest_climb(trend: Trend) -> float:
    """Return the largest rise of the smoothed loss over its lowest level before."""
    return float((trend.smooth - np.minimum.accumulate(trend.smooth)).max())


def _start(curve: Curve, curves: Sequence[Curve]) -> float:
    """Return the level that a loss fell from: its first value, or that of the last of ``curves``.

    That is the training loss, which shows what was learned before the first validation if both are
    in the same unit. The first value is the first in the log: before a restart, where the file
    holds what was before.
    """
    first, train = float(curve.logged.finite().values[0]), curves[-1]
    return max(first, train.trend.start) if train.role.quantity == curve.role.quantity else first
