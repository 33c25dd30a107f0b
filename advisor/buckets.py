"""Reducing a series to what can be drawn: buckets with their mean and range.

The mean draws the line and the range a pale band, so that a spike of a single step is never
hidden, and the size of a report does not depend on the length of a log.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from advisor.report import Curve
from advisor.run import Floats, Series

DIGITS = 6
"""Significant digits of a drawn value: more cannot be seen, and they double the file."""


def reduce(series: Series, buckets: int) -> Curve:
    """Reduce a series to at most ``buckets`` buckets of equally many rows, in step order."""
    shown = series.effective()
    count = len(shown)
    edges = np.unique(np.linspace(0, count, min(buckets, count) + 1).astype(np.intp))
    starts, ends = edges[:-1], edges[1:]
    mean, low, high = statistics(shown.values, starts, ends)
    single = count <= buckets
    return Curve(
        series=shown.tag,
        axis=shown.axis,
        steps=tuple(shown.steps[(starts + ends - 1) // 2].tolist()),
        mean=numbers(mean),
        low=None if single else numbers(low),
        high=None if single else numbers(high),
    )


def statistics(
    values: Floats, starts: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]
) -> tuple[Floats, Floats, Floats]:
    """Return mean, minimum and maximum of the finite values of each bucket; NaN where none."""
    if not len(starts):
        return values[:0], values[:0], values[:0]
    finite = np.isfinite(values)
    size = np.add.reduceat(finite, starts, dtype=np.intp)
    # Halving first keeps the sum of values near the largest float from overflowing.
    scale = np.maximum(ends - starts, 1).astype(np.float64).repeat(ends - starts)
    share = np.add.reduceat(np.where(finite, values, 0.0) / scale, starts)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = share * ((ends - starts) / size)
    low = np.minimum.reduceat(np.where(finite, values, np.inf), starts)
    high = np.maximum.reduceat(np.where(finite, values, -np.inf), starts)
    empty = size == 0
    return tuple(np.where(empty, np.nan, array) for array in (mean, low, high))  # type: ignore[return-value]  # a generator of three


def numbers(values: Floats) -> tuple[float | None, ...]:
    """Round to ``DIGITS`` significant digits; what is not finite becomes ``None``.

    A whole number over a power of ten, both exact, is the double nearest to that decimal. Beyond
    the powers that are exact the number is written and read.
    """
    size = np.abs(values)
    usual = (size >= 1e-15) & (size <= 1e15)
    places = DIGITS - 1 - np.floor(np.log10(np.where(usual, size, 1.0))).astype(np.int64)
    up, down = 10.0 ** np.maximum(places, 0), 10.0 ** np.maximum(-places, 0)
    rounded = np.where(usual, np.rint(np.where(usual, values, 0.0) * up / down) / up * down, values)
    found: list[float | None] = rounded.tolist()
    for row in np.flatnonzero(~usual):
        value = found[row]
        found[row] = float(f"{value:.{DIGITS}g}") if np.isfinite(values[row]) else None
    return tuple(found)
