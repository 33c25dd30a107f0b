"""Drawing a curve with fewer buckets, once it is reduced already."""

from __future__ import annotations

from itertools import pairwise

from advisor.report import Curve

Cells = tuple[float | None, ...]


def coarsen(curve: Curve, buckets: int) -> Curve:
    """Return the curve with at most ``buckets`` buckets; its extremes stay within the range."""
    count = len(curve.steps)
    if count <= buckets:
        return curve
    edges = [index * count // buckets for index in range(buckets + 1)]
    pairs = list(pairwise(edges))
    low, high = curve.low or curve.mean, curve.high or curve.mean
    return curve.model_copy(
        update={
            "steps": tuple(curve.steps[(start + end - 1) // 2] for start, end in pairs),
            "mean": tuple(_mean(curve.mean[start:end]) for start, end in pairs),
            "low": tuple(min(_known(low[start:end]), default=None) for start, end in pairs),
            "high": tuple(max(_known(high[start:end]), default=None) for start, end in pairs),
        }
    )


def _known(cells: Cells) -> list[float]:
    return [cell for cell in cells if cell is not None]


def _mean(cells: Cells) -> float | None:
    known = _known(cells)
    return float(f"{sum(known) / len(known):.6g}") if known else None
