"""What a logged learning rate did: its peak, its ramp, and whether it ever moved."""

from __future__ import annotations

import numpy as np

from advisor.curve import Curve

ENOUGH = 3
"""The fewest logged rates from which a schedule can be read (chosen by eye)."""
_HELD = 0.05
"""A rate that stays within this share of itself is held constant (chosen by eye)."""
_MIDDLE = 0.2
"""Share of its peak that a rate has passed half-way up: a line is at a half there, a cosine at a
quarter or more; a range test, that multiplies its rate by hundreds, is at a tenth or less."""

_BENT = 0.2
"""Distance of rates from a straight line, as a share of that of an exponential with the same ends,
up to which they fall along one (chosen by eye: a polynomial of power 2, which is nearest to a line
of what may have no end, is 0.5 away, of power 0.9 about 0.1)."""


def peak(rate: Curve) -> float:
    """Return the highest logged rate."""
    return float(rate.values.max())


def readable(rate: Curve | None, least: int = ENOUGH) -> bool:
    """Tell whether a schedule can be read from a logged rate: positive, and ``least`` points."""
    return rate is not None and len(rate) >= least and peak(rate) > 0 and rate.values.min() >= 0


def never_moved(rate: Curve) -> bool:
    """Tell whether a rate was held from the first tenth of its span to the end, at its peak."""
    later = rate.values[_reached(rate, 0.1) :]
    return float(later.min()) >= (1.0 - _HELD) * peak(rate)


def ramped(rate: Curve, early: float = 0.2, start: float = 0.7) -> bool:
    """Tell whether a rate began below ``start`` times its highest value of the first fifth."""
    head = rate.values[: max(_reached(rate, early), ENOUGH)]
    return float(rate.values[0]) < start * float(head.max())


def rise(rate: Curve) -> float:
    """Return for what share of its span a rate only rose before its peak, from 0 to 1.

    Where nobody knows when it rose between two logged rates, it did by the first of them. A rate
    that was not on its way half-way up, or was tried from the smallest to the largest, rose for 0.
    """
    values, top = rate.values, int(np.argmax(rate.values))
    if top < ENOUGH or np.diff(values[: top + 1]).min() < 0:
        return 0.0
    steps = rate.steps.astype(float)
    middle = float(np.interp((steps[0] + steps[top]) / 2, steps, values))
    if not max(_MIDDLE * float(values[top]), float(values[0])) < middle < values[top]:
        return 0.0
    until = top if top == len(values) - 1 else top - 1
    return float((steps[until] - steps[0]) / (steps[-1] - steps[0]))


def restarted(rate: Curve, factor: float = 2.0) -> bool:
    """Tell whether a rate, once ``factor`` below its peak, rose by as much again."""
    values = rate.values
    fallen = np.flatnonzero(values * factor <= np.maximum.accumulate(values))
    if not len(fallen):
        return False
    rest = values[fallen[0] :]
    lowest = np.minimum.accumulate(rest)
    return bool(np.any((rest >= factor * lowest) & (rest >= 0.01 * peak(rate)) & (rest > lowest)))


def fell_evenly(rate: Curve) -> bool:
    """Tell whether a rate fell by the same amount in each step from its peak on, to the end.

    It was not held at its peak, which is not asked itself, as a warm-up may have ended between two
    logged rates. A small fall along an exponential is an eighth of itself, as a share of itself,
    away from a line.
    """
    highest = np.flatnonzero(rate.values >= peak(rate))
    since = int(highest[-1]) + 1
    steps, values = rate.steps[since:].astype(float), rate.values[since:]
    if len(highest) >= ENOUGH or len(values) < ENOUGH or values[0] <= 0:
        return False
    at = (steps - steps[0]) / max(steps[-1] - steps[0], 1.0)
    left = values / values[0]
    fall = 1.0 - float(left[-1])
    return fall > 0 and bool(np.abs(left - (1.0 - fall * at)).max() <= _BENT * fall**2 / 8.0)


def last_above(rate: Curve, share: float) -> int:
    """Return the last step at which a rate was above a share of its peak."""
    above = np.flatnonzero(rate.values > share * peak(rate))
    return int(rate.steps[above[-1]]) if len(above) else int(rate.steps[0])


def fell_below(rate: Curve, share: float) -> float:
    """Return the step at which a rate fell below a share of its peak for good.

    It lies on the line between two logged rates: epochs may pass between them. The last step where
    the rate did not end below it.
    """
    values, least = rate.values, share * peak(rate)
    above = np.flatnonzero(values > least)
    last = int(above[-1]) if len(above) else 0
    if last == len(values) - 1 or values[last] <= least:
        return float(rate.steps[last])
    falling = slice(last + 1, last - 1 if last else None, -1)
    return float(np.interp(least, values[falling], rate.steps[falling]))


def _reached(rate: Curve, share: float) -> int:
    """Return the index of the first point after a share of the span, and never beyond the last."""
    at = rate.steps[0] + share * float(rate.steps[-1] - rate.steps[0])
    return min(int(np.searchsorted(rate.steps, at, side="right")), len(rate) - 1)
