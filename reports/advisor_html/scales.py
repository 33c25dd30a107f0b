"""From values to places on a chart, and the numbers written along its edges."""

from __future__ import annotations

import math
from dataclasses import dataclass

from advisor.text import number

LONG = 1e6
"""From here on a number is written with an exponent: there is little room beside a chart."""
FAR = 3
"""How many times its own size a value may lie outside the frame; it is clipped there."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A map from ``low`` … ``high`` to the whole numbers ``start`` … ``end``.

    It is straight, or goes by powers of ten; then all values are above zero.
    """

    low: float
    high: float
    start: int
    end: int
    powers: bool = False

    def __call__(self, value: float) -> int:
        """Return the place of a value; far outside, a place that is outside too."""
        share = min(max(self.share(value), -FAR), 1 + FAR)
        return round(self.start + share * (self.end - self.start))

    def share(self, value: float) -> float:
        """Return how far along the scale a value lies: 0 at ``low``, 1 at ``high``."""
        low, high = self._straight(self.low), self._straight(self.high)
        return (self._straight(value) - low) / (high - low) if high > low else 0.5

    def _straight(self, value: float) -> float:
        # Halves, because the span of two huge numbers is no float.
        return math.log10(value) if self.powers else value / 2


def ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Return up to about ``count`` round numbers between ``low`` and ``high``."""
    step = _round_step((high / count) - (low / count))
    if not (step > 0 and math.isfinite(step)):
        return (low,)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(index * step for index in range(first, last + 1))


def power_ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Return up to about ``count`` powers of ten between ``low`` and ``high``, both positive."""
    first, last = math.ceil(math.log10(low)), math.floor(math.log10(high))
    every = max(-(-(last - first + 1) // count), 1)
    return tuple(10.0**power for power in range(first, last + 1, every)) or (low,)


def whole_ticks(low: int, high: int, count: int = 5) -> tuple[float, ...]:
    """Return round whole numbers between ``low`` and ``high``: steps are counted."""
    return tuple(tick for tick in ticks(low, high, count) if tick == round(tick)) or (low,)


def tick_labels(values: tuple[float, ...]) -> tuple[str, ...]:
    """Write ticks with the digits that tell them apart."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest >= LONG or 0 < largest < 1e-2:
        return power_labels(values)
    gap = values[1] - values[0] if len(values) > 1 else largest
    places = next((p for p in range(7) if _is_whole(gap * 10**p)), 7) if gap else 0
    return tuple(f"{abs(value) if value == 0 else value:,.{places}f}" for value in values)


def power_labels(values: tuple[float, ...]) -> tuple[str, ...]:
    """Write ticks that lie powers of ten apart, each with the digits that it needs."""
    return tuple(_exponent(v) if abs(v) >= LONG else number(v, 4) for v in values)


def _exponent(value: float) -> str:
    mantissa, exponent = f"{value:.3e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _round_step(raw: float) -> float:
    if not (raw > 0 and math.isfinite(raw)):
        return 0.0
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if raw <= factor * power * 1.0001)


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) < 1e-6 * max(1.0, abs(value))
