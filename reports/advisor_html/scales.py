"""From values to places on a chart, and the numbers written along its edges."""

from __future__ import annotations

import math
from dataclasses import dataclass

from advisor.text import number

FAR = 3
"""How many times its own size a value may lie outside the frame; it is clipped there."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight map from ``low`` … ``high`` to the whole numbers ``start`` … ``end``."""

    low: float
    high: float
    start: int
    end: int

    def __call__(self, value: float) -> int:
        """Return the place of a value; far outside, a place that is outside too."""
        share = min(max(self.share(value), -FAR), 1 + FAR)
        return round(self.start + share * (self.end - self.start))

    def share(self, value: float) -> float:
        """Return how far along the scale a value lies: 0 at ``low``, 1 at ``high``."""
        # Halves first: the span of two huge numbers is no float.
        span = self.high / 2 - self.low / 2
        return (value / 2 - self.low / 2) / span if span > 0 else 0.5


def ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Return up to about ``count`` round numbers between ``low`` and ``high``."""
    step = _round_step((high / count) - (low / count))
    if not (step > 0 and math.isfinite(step)):
        return (low,)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(index * step for index in range(first, last + 1))


def whole_ticks(low: int, high: int, count: int = 5) -> tuple[float, ...]:
    """Return round whole numbers between ``low`` and ``high``: steps are counted."""
    return tuple(tick for tick in ticks(low, high, count) if tick == round(tick)) or (low,)


def tick_labels(values: tuple[float, ...]) -> tuple[str, ...]:
    """Write ticks with the digits that tell them apart."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest >= 1e7 or 0 < largest < 1e-2:
        return tuple(number(value, 4) for value in values)
    gap = values[1] - values[0] if len(values) > 1 else largest
    places = next((p for p in range(7) if _is_whole(gap * 10**p)), 7) if gap else 0
    return tuple(
        f"{value:,.{places}f}".replace("-0", "0") if value == 0 else f"{value:,.{places}f}"
        for value in values
    )


def _round_step(raw: float) -> float:
    if not (raw > 0 and math.isfinite(raw)):
        return 0.0
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if raw <= factor * power * 1.0001)


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6 * max(1.0, abs(value))
