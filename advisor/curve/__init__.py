"""One series prepared for judging: cleaned once, smoothed, and what it does beyond its noise."""

from __future__ import annotations

from advisor.curve.prepared import (
    Curve,
)

__all__ = [
    "Curve",
]
