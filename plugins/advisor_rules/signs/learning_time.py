"""Curves over the learning rate that was spent, instead of over steps.

Updates scale with the rate. A loss that falls along a line over the sum of all rates so far falls
as fast at the end as at the start, for the same sum of steps; over plain steps a schedule that
lowers the rate bends it as convergence does. (For gradient descent with small rates the sum of
the rates is the time of the gradient flow that it follows.)
"""

from __future__ import annotations

import re

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median
from advisor.curve.trend import Trend
from advisor.model import Value
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.signs import schedule

_COSINE = re.compile(r"cosine")
_RESTARTS = re.compile(r"restart")
_LINEAR = re.compile(r"^linear(_with_warmup|_decay)?$")
"""What frameworks call schedules that end at a rate near 0 (PyTorch, Hugging Face)."""
_CONSTANT = frozenset(
    {"constant", "constant_with_warmup", "constantlr", "fixed", "none", "off", "false"}
)
"""What frameworks call a rate that is not lowered (Hugging Face, PyTorch, Caffe)."""
HIGH = 0.3
"""Share of its peak from which a rate is high (chosen by eye)."""
_SEEN = 8
"""The fewest medians in which a curve can be seen to level off (chosen by eye)."""


def spent(rate: Curve) -> Floats:
    """Return the share of all rates that was spent by each logged one: ``float64[n]``, 0 to 1."""
    between = (rate.values[1:] + rate.values[:-1]) / 2 * np.diff(rate.steps)
    total = np.concatenate(([0.0], np.cumsum(between)))
    return np.asarray(total / total[-1])


def over_learning_time(run: RunView, curve: Curve) -> Trend:
    """Return the trend of a curve with its places counted in spent learning rate.

    Where no rate is logged, a recorded cosine or linear schedule is taken to end with the run.
    Else, and where the rate was the same all the time, places stay shares of the steps. The rule
    must declare ``lr``.
    """
    trend, rate = curve.trend, run.get("lr")
    if rate is None:
        return _as_recorded(run, trend)
    if not schedule.readable(rate) or rate.steps[-1] == rate.steps[0]:
        return trend
    first, last = (rate.fraction_at(curve, int(step)) for step in trend.steps[[0, -1]])
    shares = np.asarray((rate.steps - rate.steps[0]) / float(rate.steps[-1] - rate.steps[0]))
    places = np.interp(first + trend.at * (last - first), shares, spent(rate))
    span = float(places[-1] - places[0])
    return trend.placed((places - places[0]) / span) if span > 0 else trend


def schedule_ended(run: RunView, share: float = 0.1) -> bool:
    """Tell whether the rate ended below a share of its peak, as logged or else as recorded.

    The rule must declare ``lr``.
    """
    rate = run.get("lr")
    if rate is None:
        return bool(recorded_shape(run))
    return schedule.readable(rate) and bool(rate.values[-1] < share * schedule.peak(rate))


def held(run: RunView) -> bool:
    """Tell whether nothing says that the rate was lowered. The rule must declare ``lr``."""
    rate = run.get("lr")
    if rate is None:
        return run.settings.get("lr_schedule") is None
    return not schedule.readable(rate) or schedule.never_moved(rate)


def known_held(run: RunView) -> bool:
    """Tell whether the log says that the rate was not lowered. The rule must declare ``lr``."""
    setting = run.settings.get("lr_schedule")
    recorded = setting is not None and says_constant(setting.value)
    return held(run) if run.get("lr") is not None else recorded


def says_constant(schedule_name: Value) -> bool:
    """Tell whether a recorded schedule is none."""
    return str(schedule_name).strip().lower() in _CONSTANT


def named_decay(run: RunView) -> str:
    """Return the name of a recorded schedule that lowers the rate; empty if there is none."""
    setting = run.settings.get("lr_schedule")
    value = setting.value if setting is not None else None
    return value if isinstance(value, str) and not says_constant(value) else ""


def rate_at(run: RunView, curve: Curve) -> Floats | None:
    """Return the rate at each point of a curve, as a share of its peak: ``float64[n]``.

    As logged, else as a recorded schedule has it, for a curve with a point for each of the
    recorded epochs: one that was stopped ends at a higher rate. ``None`` if neither is known. The
    rule must declare ``lr``.
    """
    rate = run.get("lr")
    if rate is None:
        if len(curve) < (run.settings.number("epochs") or np.inf):
            return None
        steps = curve.steps - float(curve.steps[0])
        at = steps / max(float(steps[-1]), 1.0)
        shapes = {"cosine": (1.0 + np.cos(np.pi * at)) / 2.0, "linear": 1.0 - at}
        return shapes.get(recorded_shape(run))
    if not schedule.readable(rate) or rate.axis is not curve.axis:
        return None
    return np.asarray(np.interp(curve.steps, rate.steps, rate.values) / schedule.peak(rate))


def known_rate_at(run: RunView, curve: Curve) -> Floats | None:
    """Return what ``rate_at`` does, and 1 throughout where the log says that it was not lowered."""
    return np.ones(len(curve)) if known_held(run) else rate_at(run, curve)


def came_down(run: RunView, curve: Curve) -> bool:
    """Tell whether it is known that the rate had come down when a curve ended.

    The rule must declare ``lr``.
    """
    rate = rate_at(run, curve) if len(curve) else None
    return rate is not None and bool(rate[-1] < HIGH)


def last_high(rate: Floats | None) -> int | None:
    """Return the last place at which a rate, as a share of its peak, was high; ``None`` if none."""
    if rate is None or not np.any(rate >= HIGH):
        return None
    return int(np.flatnonzero(rate >= HIGH)[-1])


def _over_cosine(trend: Trend) -> Trend:
    return trend.placed(trend.at + np.sin(np.pi * trend.at) / np.pi)


def _as_recorded(run: RunView, trend: Trend) -> Trend:
    match recorded_shape(run):
        case "cosine":
            return _over_cosine(trend)
        case "linear":
            return trend.placed(2.0 * trend.at - trend.at**2)
        case _:
            return trend


def recorded_shape(run: RunView) -> str:
    """Return the shape of a recorded schedule that ends at a rate near 0; empty if it has none."""
    setting = run.settings.get("lr_schedule")
    named = str(setting.value).lower() if setting is not None else ""
    if _COSINE.search(named) and not _RESTARTS.search(named):
        return "cosine"
    return "linear" if _LINEAR.search(named) else ""


def fell_last(spent: Trend, gone: int, share: float) -> bool | None:
    """Tell whether a loss was still falling when the rate was gone after the step ``gone``.

    That is: the last third of what had been spent by then brought ``share`` of all progress,
    and what came after is little against it. ``None`` where too few medians were logged in that
    third, or their noise hides such a fall.
    """
    last = int(np.searchsorted(spent.steps, gone, side="right")) - 1
    if last < _SEEN:
        return None
    third = int(np.searchsorted(spent.at, spent.at[last] * 2 / 3))
    if last - third < _SEEN // 2 or third < 1:
        return None
    there = median(spent.values[third - 1 : third + 2])
    end = median(spent.values[last - 1 : last + 2])
    fell, after = there - end, end - spent.tail().value
    if 2.5 * spent.noise > share * spent.gain and fell < 2.5 * spent.noise:
        return None
    return fell >= share * spent.gain and after <= fell / 4
