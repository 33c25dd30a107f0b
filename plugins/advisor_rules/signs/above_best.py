"""How long a curve stood above the best level that it had reached before."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.trend import Trend
from advisor.view import RunView
from advisor_rules.signs.measure import relative, worse_before

_NOISES = 2.0
"""Standard deviations of one median that a smoothed curve must stand above (chosen by eye)."""

_LITTLE = 0.25
"""The smallest gain, as a share of the best level, that a rise is held against (chosen by eye)."""

_VISIBLE, _CLEAR = 0.02, 0.05
"""The least that a loss rose, as a share of its best level, for one rise of several, and for all of
the time above the best. Measured on small trainings of 33 data sets and models: two of 205 right
findings rose by less than the latter, and six of 39 wrong ones."""


_HIGHEST = 0.8
"""Share of the highest rise since its best that a loss still has at the end, where it rose all the
way (chosen by eye)."""
_SURE = -4.0
"""The t value of a validation loss that surely fell while training rose. Measured on small
trainings of 65 data sets and models: none of 98 logs that stood above their best is so."""


class Above(NamedTuple):
    """The stretches in which a curve stood above its best level before."""

    share: float
    """Of the span."""
    height: float
    """The most that it stood above it, in the oriented unit."""
    first: int
    last: int
    """Steps of the first and last such medians."""


def above_best(trend: Trend, height: float) -> Above | None:
    """Return where the smoothed curve was above its lowest point so far.

    By ``height`` of all that had been gained by then, so that what a late spike gives up counts
    against the whole fall, and an early rise against little. ``None`` if it never was.
    """
    best = np.minimum.accumulate(trend.smooth)
    rises = trend.smooth - best
    gained = np.maximum(trend.start - best, 0.0)
    there = np.flatnonzero(rises >= np.maximum(height * gained, _NOISES * trend.noise))
    there = there[rises[there] > 0]
    if not len(there):
        return None
    widths = np.diff(trend.at, prepend=0.0)
    first, last = int(trend.steps[there[0]]), int(trend.steps[there[-1]])
    return Above(float(widths[there].sum()), float(rises[there].max()), first, last)


def yardstick(curve: Curve) -> float:
    """Return what a grave rise is as large as: the best level, or all that was gained, if less.

    A loss that gained hardly anything is held against a quarter of its level; one that may be
    negative, against its gain alone.
    """
    best, gain = curve.trend.best.value, curve.trend.gain
    return gain if curve.values.min() <= 0 else min(best, max(gain, _LITTLE * best))


def visible(curve: Curve, rise: float, least: float = _VISIBLE) -> bool:
    """Tell whether a rise is a share of the best level or more: less is nothing."""
    return relative(curve, rise, curve.trend.around(curve.trend.best)) >= least


def stands_out(run: RunView, curve: Curve, above: Above) -> bool:
    """Tell whether a loss rose enough, and not only after validation had got worse for a while.

    Unless it rose by its best level: then more came than what made validation worse. Nor where it
    was made harder. The rule must declare ``val/loss`` and what ``judged_validation`` needs.
    """
    if not visible(curve, above.height, _CLEAR) or _has_harder_data(curve, run.get("val/loss")):
        return False
    grave = above.height >= curve.trend.best.value
    return grave or not worse_before(run, curve.fraction(above.first))


def _has_harder_data(curve: Curve, val: Curve | None) -> bool:
    """Tell whether training rose to the end while validation fell to its best: harder data do that.

    A curriculum, or stronger augmentation; steps that are too long make both rise.
    """
    rises = curve.trend.smooth[curve.trend.best.bucket :] - curve.trend.best.value
    if val is None or not len(val) or rises[-1] <= _HIGHEST * rises.max():
        return False
    began = curve.trend.best.at
    if val.trend.best.at < 1.0 - (1.0 - began) / 4:
        return False
    return val.trend.smooth[-1] < val.trend.smooth[0] and val.trend.slope(began, 1.0).t <= _SURE
