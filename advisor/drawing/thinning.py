"""Drawing a curve with fewer buckets, once it is reduced already."""

from __future__ import annotations

import numpy as np

from advisor.drawing.buckets import rounded, statistics
from advisor.drawing.drawn import Curve
from advisor.run import Floats

Cells = tuple[float | None, ...]


def coarsen(curve: Curve, buckets: int) -> Curve:
    """Return the curve with at most ``buckets`` buckets; its extremes stay within the range."""
    count = len(curve.steps)
    if count <= buckets:
        return curve
    edges = np.arange(buckets + 1) * count // buckets
    starts, ends = edges[:-1], edges[1:]
    middles = ((starts + ends - 1) // 2).tolist()
    mean, _, _ = statistics(_values(curve.mean), starts, ends)
    _, low, _ = statistics(_values(curve.low or curve.mean), starts, ends)
    _, _, high = statistics(_values(curve.high or curve.mean), starts, ends)
    drawn = dict(zip(("mean", "low", "high"), rounded(mean, low, high), strict=True))
    return curve.model_copy(update={"steps": tuple(curve.steps[row] for row in middles)} | drawn)


def _values(cells: Cells) -> Floats:
    """Return cells as numbers, those without a value as NaN."""
    return np.array(cells, dtype=np.float64)
