"""Curves made by hand, for reports that are made by hand: formulas, no chance."""

from __future__ import annotations

import math
from collections.abc import Callable

from advisor.drawing.drawn import Curve
from advisor.run import Axis

Formula = Callable[[float], float]


def wobble(step: float, size: float) -> float:
    """Something like noise that is the same on every machine, within ±``size``."""
    return size * (math.sin(step * 12.9898) + math.sin(step * 78.233)) / 2


def epochs(series: str, formula: Formula, count: int = 90) -> Curve:
    """One value an epoch: too few to be put into buckets, so without a range."""
    steps = tuple(range(1, count + 1))
    return Curve(
        series=series,
        axis=Axis.EPOCH,
        steps=steps,
        mean=tuple(_short(formula(step)) for step in steps),
    )


def steps(
    series: str,
    formula: Formula,
    *,
    last: int = 12_000,
    first: int = 0,
    buckets: int = 240,
    spread: float = 0.1,
    gap: tuple[int, int] | None = None,
) -> Curve:
    """Many values put into buckets, with their range, and without values inside ``gap``."""
    at = tuple(first + (last - first) * (i + 1) // buckets for i in range(buckets))
    mean = tuple(None if _inside(step, gap) else _short(formula(step)) for step in at)
    return Curve(
        series=series,
        axis=Axis.STEP,
        steps=at,
        mean=mean,
        low=tuple(None if m is None else _short(m - spread * abs(m)) for m in mean),
        high=tuple(None if m is None else _short(m + spread * abs(m)) for m in mean),
    )


def _inside(step: int, gap: tuple[int, int] | None) -> bool:
    return gap is not None and gap[0] <= step <= gap[1]


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def diverging_loss(step: float) -> float:
    """Fall to about 3.4, jump at step 8,400, stay near 7.4."""
    if step < 8_400:
        return 3.4 + 4.2 * math.exp(-step / 900) + wobble(step, 0.08)
    return 7.4 - 3.6 * math.exp(-(step - 8_400) / 60) + wobble(step, 0.12)


def bursting_norm(step: float) -> float:
    """Stay near 2.6, rise to about 60 around step 8,400."""
    return 2.6 + wobble(step, 0.4) + 58 * math.exp(-(((step - 8_420) / 90) ** 2))


def falling_loss(step: float) -> float:
    """Fall smoothly from about 3.6 towards 1.1, with small noise."""
    return 1.1 + 2.5 * math.exp(-step / 1_800) + wobble(step, 0.02)


def straight_loss(step: float) -> float:
    """Fall along a line by less than a tenth in 12,000 steps."""
    return 3.91 - 2.4e-5 * step + wobble(step, 0.01)


def fitted_loss(epoch: float) -> float:
    """Fall from about 3.6 to 0.03 in 90 epochs."""
    return 0.02 + 3.9 * math.exp(-epoch / 11) + abs(wobble(epoch, 0.012))


def rising_loss(epoch: float) -> float:
    """Fall until epoch 31, then rise by about 0.01 an epoch."""
    return 1.21 + 2.9 * math.exp(-epoch / 8.2) + max(epoch - 31, 0) * 0.0105 + wobble(epoch, 0.01)
