"""Reducing a series to what can be drawn: buckets with their mean and range.

The mean draws the line and the range a pale band, so that a spike of a single step is never
hidden, and the size of a report does not depend on the length of a log.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from advisor.drawing.drawn import Curve
from advisor.run import Floats, Series

DIGITS = 6
"""Significant digits of a drawn value: more cannot be seen, and they double the file."""


def reduce(series: Series, buckets: int) -> Curve:
    """Reduce a series to at most ``buckets`` buckets of equally many rows, in step order."""
    shown = series.effective()
    count = len(shown)
    starts, ends = _edges(count, buckets)
    mean, low, high = rounded(*statistics(shown.values, starts, ends))
    single = count <= buckets
    return Curve(
        series=shown.tag,
        axis=shown.axis,
        steps=_steps(shown.steps[(starts + ends - 1) // 2].tobytes()),
        mean=mean,
        low=None if single else low,
        high=None if single else high,
    )


@lru_cache(maxsize=64)  # the series of a run, and the runs of a study, are alike
def _steps(held: bytes) -> tuple[int, ...]:
    return tuple(np.frombuffer(held, dtype=np.int64).tolist())


@lru_cache(maxsize=64)
def _edges(count: int, buckets: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    edges = np.unique(np.linspace(0, count, min(buckets, count) + 1).astype(np.intp))
    return edges[:-1], edges[1:]


def statistics(
    values: Floats, starts: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]
) -> tuple[Floats, Floats, Floats]:
    """Return mean, minimum and maximum of the finite values of each bucket; NaN where none.

    ``values`` is ``float64[n]``; the buckets, none of them empty, begin at ``starts`` and end
    before ``ends``, and share all of it in order.
    """
    if not len(starts):
        return values[:0], values[:0], values[:0]
    finite = np.isfinite(values)
    if finite.all():
        sizes = size = ends - starts
        added, lowest, highest = values, values, values
    else:
        sizes, size = ends - starts, np.add.reduceat(finite, starts, dtype=np.intp)
        added, lowest, highest = (np.where(finite, values, x) for x in (0.0, np.inf, -np.inf))
    # Dividing first keeps the sum of values near the largest float from overflowing.
    share = np.add.reduceat(added / sizes.repeat(sizes), starts)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = share * (sizes / size)
    low, high = np.minimum.reduceat(lowest, starts), np.maximum.reduceat(highest, starts)
    if size is not sizes:
        mean[size == 0] = low[size == 0] = high[size == 0] = np.nan
    return mean, low, high


def rounded(*columns: Floats) -> tuple[tuple[float | None, ...], ...]:
    """Round columns of one length to ``DIGITS`` digits, what is not finite to ``None``."""
    found = _numbers(np.concatenate(columns))
    length = len(columns[0])
    return tuple(found[place * length : (place + 1) * length] for place in range(len(columns)))


def _numbers(values: Floats) -> tuple[float | None, ...]:
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
