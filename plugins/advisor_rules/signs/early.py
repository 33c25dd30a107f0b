"""A spike at the start of a curve: a rise that begins, peaks and is recovered from early."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median, robust_sd
from advisor_rules.signs.swings import calmed

_BACK = 0.33
"""The share of the curve within which a spike must be recovered from (chosen by eye)."""
_LASTING = 3
"""The fewest points above half the height of a spike: fewer are outliers (chosen by eye)."""


class Spike(NamedTuple):
    """A rise at the start of a curve, in the unit of the series."""

    first_step: int
    """The low point before it."""
    step: int
    """Its peak."""
    last_step: int
    """Where the curve was back at the low point."""
    low: float
    peak: float
    scatter: float
    """Standard deviation of one point around the spike."""
    later: float
    """Median of what follows the recovery."""

    @property
    def rise(self) -> float:
        """Peak minus low point."""
        return self.peak - self.low


def early_spike(curve: Curve, early: float) -> Spike | None:
    """Return the highest spike within the first ``early`` of a curve's points, if there is one.

    The points are taken as running medians of three, so that no single value makes a spike.
    """
    values = calmed(curve.values[: math.ceil(_BACK * len(curve))])
    head = values[: max(math.ceil(early * len(curve)), 2)]
    rises = head - np.minimum.accumulate(head)
    top = int(np.argmax(rises))
    start = int(np.argmin(head[: top + 1]))
    low, peak = float(head[start]), float(head[top])
    back = np.flatnonzero(values[top:] <= low)
    if not rises[top] > 0 or not len(back):
        return None
    end = top + int(back[0])
    if int((curve.values[start:end] > (low + peak) / 2).sum()) < _LASTING:
        return None
    first, step, last = (int(curve.steps[index]) for index in (start, top, end))
    return Spike(
        first,
        step,
        last,
        low=low,
        peak=peak,
        scatter=robust_sd(np.diff(curve.values[: len(head) + 20])) / math.sqrt(2.0),
        later=median(curve.values[end:]),
    )
