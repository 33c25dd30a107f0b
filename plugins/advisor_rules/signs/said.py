"""Values of a curve as findings say them: as logged, or called smoothed.

Rules judge levels, which no single value decides. A reader holds what is said against the log, and
against a chart that shows up to 200 points as they were logged. So the logged value is said where
that is so, and the level, called smoothed, where single values say little.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.text import Message, message, number
from advisor_rules.signs.measure import END

_TELLS = 0.5
"""The least share of the change between two levels that the logged values must show to be said
instead: with less, scatter is most of what they show (chosen by eye)."""

Value = float | Message


class At(NamedTuple):
    """A level of a curve, and the step that it stands for."""

    step: float
    level: float
    """In the unit of the series."""


def beginning(curve: Curve) -> At:
    """Return the level at the start of a curve."""
    return At(float(curve.steps[0]), curve.sign * curve.trend.start)


def ending(curve: Curve, cost: float | None = None) -> At:
    """Return a level at the end of a curve: a cost, where lower is better, or the usual one."""
    level = curve.trend.tail(END).value if cost is None else cost
    return At(float(curve.steps[-1]), curve.sign * level)


def later_half(curve: Curve) -> tuple[Value, Value]:
    """Return what to say of a curve half-way and at its end."""
    middle = curve.sign * curve.trend.level(0.45, 0.55).value
    return course(curve, At(float(curve.steps[[0, -1]].mean()), middle), ending(curve))


def said(curve: Curve, at: At) -> Value:
    """Return what to say of a curve at a step."""
    return _logged(curve, at) if _is_drawn(curve) else smoothed(curve, at)


def course(curve: Curve, first: At, last: At) -> tuple[Value, Value]:
    """Return what to say of a curve at two steps, between which it changed."""
    begun, ended = _logged(curve, first), _logged(curve, last)
    moved = last.level - first.level
    told = (ended - begun) * np.sign(moved) >= _TELLS * abs(moved)
    if _is_drawn(curve) and told:
        return begun, ended
    return smoothed(curve, first), smoothed(curve, last)


def smoothed(curve: Curve, at: At) -> Value:
    """Return a level, called smoothed unless the logged value reads the same."""
    if number(at.level) == number(_logged(curve, at)):
        return at.level
    return message("said.smoothed", "{value:number} (smoothed)", value=at.level)


def single_best(curve: Curve, chosen: float) -> At | None:
    """Return the best single value where it is better than the one that a rule chose.

    That one, as ``best_point``, has neighbours that are good as well.
    """
    row = len(curve) - 1 - curve.after_best
    value = float(curve.values[row])
    better = curve.sign * value < curve.sign * chosen
    return At(float(curve.steps[row]), value) if better else None


def _is_drawn(curve: Curve) -> bool:
    """Tell whether a chart shows each value of a curve."""
    return len(curve) == len(curve.trend)


def _logged(curve: Curve, at: At) -> float:
    """Return the last logged value up to a step, or the first one."""
    row = int(np.searchsorted(curve.steps, at.step, side="right")) - 1
    return float(curve.values[max(row, 0)])
