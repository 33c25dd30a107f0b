"""A series as a report draws it: few buckets, and no spike hidden."""

from __future__ import annotations

from advisor.model import Document
from advisor.run import Axis


class Curve(Document):
    """A series as it is drawn: at most 240 buckets, each with its mean and its range.

    The lists are of equal length. ``low`` and ``high`` are ``None`` where every bucket holds
    one value. A bucket without a finite value has the mean ``None``: a gap in the line.
    """

    series: str
    axis: Axis
    steps: tuple[int, ...]
    mean: tuple[float | None, ...]
    low: tuple[float | None, ...] | None = None
    high: tuple[float | None, ...] | None = None


class EvidenceWindow(Document):
    """A finding's stretch of a series, drawn finer than the whole: at most 120 buckets."""

    finding: str
    curve: Curve
