"""Whether any validation series still gets better at the end of a run.

The scatter of a training loss may be drawn anew at every step, as noise levels and masks are, and
hide what a validation shows, the more so that of averaged weights.
"""

from __future__ import annotations

from advisor.curve import Curve
from advisor.view import RunView
from advisor_rules.signs.measure import has_direction

_FEWEST = 5
"""The fewest points of a series that is asked (chosen by eye)."""
_SURE = 4.0
"""Improvement in the last half, in standard errors: twice the usual two, as several are asked. Of
small trainings of 57 data sets and models, plateaus beside such a validation were of healthy runs
and of rates that were too low, and none of a constant rate that did harm."""
_SINCE = 0.7
"""The share of a run from which it must go on, by one standard error (the stretch that
``lr-decay-on-plateau`` calls flat)."""


def still_better(run: RunView) -> bool:
    """Tell whether any validation loss or metric surely improved in the last half, and goes on.

    The rule must declare ``val/loss`` and ``val/metric``.
    """
    curves = (*run.every("val/loss"), *run.every("val/metric"))
    return any(_improves(one) for one in curves if len(one) >= _FEWEST and has_direction(one))


def _improves(curve: Curve) -> bool:
    trend = curve.trend
    return trend.slope(0.5).t <= -_SURE and trend.slope(_SINCE).t <= -1.0
