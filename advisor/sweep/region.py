"""Which values of a hyperparameter to try next: around the best, and beyond an end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from advisor.sweep.factor import Factor, Scale, position
from advisor.sweep.importance import importance
from advisor.sweep.profile import Edge, Profile, profile, tied
from advisor.sweep.search import Design, Search

BEST = 0.25
"""The share of the runs of a random search whose values span the region (chosen by eye)."""
LENGTHS = ("epochs", "steps")
"""Training for longer is hardly ever worse, and says nothing of where to search."""
FEWEST = 12
"""Fewer drawn runs do not show a region: a quarter of them are fewer than three."""


@dataclass(frozen=True, slots=True)
class Region:
    """A range of values on the factor's own scale."""

    low: float
    high: float
    edge: Edge
    """The end of what was tried at which the best lies: the range reaches beyond it."""


def region(search: Search, factor: Factor) -> Region | None:
    """Return the range to search next; ``None`` where the runs do not show one."""
    if factor.name in LENGTHS:
        return None
    along = profile(search, factor)
    if along is not None and along.controlled:
        return _around(search, factor, along)
    share = importance(search, factor)
    if share is None or not share.told:
        return None
    if search.design is Design.RANDOM and len(search.trials) >= FEWEST:
        return _spanned(search, factor)
    return _around(search, factor, along) if along else None


def _around(search: Search, factor: Factor, along: Profile) -> Region | None:
    """Return the range of the values that are as good as the best; of one, up to its neighbours.

    At an end of what was tried, it reaches one step further if the costs fall towards there.
    """
    equal = tied(search, along)
    if len(equal) == len(along.values):
        return None
    values, first, last = along.values, equal[0], equal[-1]
    if last > first:
        return _bounded(factor, values[first], values[last], "")
    step = _step(factor, values)
    low = values[first - 1] if first else values[first]
    high = values[last + 1] if last + 1 < len(values) else values[last]
    if along.edge == "low":
        low = _moved(factor, low, -step)
    elif along.edge == "high":
        high = _moved(factor, high, step)
    return _bounded(factor, low, high, along.edge)


def _spanned(search: Search, factor: Factor) -> Region | None:
    """Return the range that the best runs of a random search span, if it is narrower than all."""
    numbers = factor.numbers
    tried = [numbers[level] for level in factor.index if level >= 0] if numbers else []
    if not tried or factor.scale is Scale.CATEGORY:
        return None
    kept = [numbers[level] for level in factor.index[: max(3, round(BEST * len(search.trials)))]]
    low, high = min(kept), max(kept)
    whole = position(factor, max(tried)) - position(factor, min(tried))
    width = position(factor, high) - position(factor, low)
    if not math.isfinite(whole) or whole <= 0 or width > 0.5 * whole:
        return None
    step = max(width / 3.0, 0.05 * whole)
    edge: Edge = "low" if low == min(tried) else "high" if high == max(tried) else ""
    lower = _moved(factor, low, -step) if edge == "low" else low
    upper = _moved(factor, high, step) if edge == "high" else high
    return _bounded(factor, lower, upper, edge)


def _step(factor: Factor, values: tuple[float, ...]) -> float:
    """Return the usual distance of neighbours, on the factor's scale."""
    places = [position(factor, value) for value in values]
    gaps = [b - a for a, b in pairwise(places) if math.isfinite(b - a)]
    return median(gaps) if gaps else 0.0


def _moved(factor: Factor, value: float, step: float) -> float:
    if factor.scale is not Scale.LOG:
        return value + step
    return float(value * 10.0**step)


def _bounded(factor: Factor, low: float, high: float, edge: Edge) -> Region:
    """Keep shares below 1 and counts whole, as the values that were tried are."""
    numbers = factor.numbers
    if min(numbers) >= 0:
        low = max(low, 0.0)
    if max(numbers) < 1 and factor.scale is Scale.LINEAR:
        high = min(high, (1.0 + max(numbers)) / 2.0)
    if all(number == int(number) for number in numbers) and max(numbers) > 1:
        return Region(max(float(round(low)), min(1.0, *numbers)), float(round(high)), edge)
    return Region(float(f"{low:.3g}"), float(f"{high:.3g}"), edge)
