"""Fit as a run's summary shows it, for rules across runs, which see no whole series."""

from __future__ import annotations

import numpy as np

from advisor.curve.trend import Trend
from advisor.drawing.drawn import Curve
from advisor.run import Floats, Steps
from advisor.summary import RunSummary

_POINTS = 10
"""Fewer buckets do not show a turn."""
_BEST_BEFORE = 0.85
"""A best point later than this share of the run is its end."""
_RISE, _NOISES = 0.1, 4.0
"""A rise counts from this share of the fall, and from so many standard errors (as the rule
``overfitting`` asks of whole series, here on buckets)."""


def overfitted(run: RunSummary) -> bool:
    """Tell whether the validation loss rose well above its minimum while the training loss fell."""
    val, train = level_curve(run, "val/loss"), level_curve(run, "train/loss")
    if val is None or train is None:
        return False
    best, end = val.around(val.best), val.tail()
    rise = end.value - best.value
    error = max(float(np.hypot(best.error, end.error)), 1e-300)
    turned = val.best.at < _BEST_BEFORE and rise > max(_RISE * val.gain, _NOISES * error)
    return turned and train.tail().value < train.level(val.best.at - 0.05, val.best.at + 0.05).value


def end_level(run: RunSummary, key: str) -> float | None:
    """Return the level at the end of a role's curve, oriented so that lower is better."""
    curve = level_curve(run, key)
    return None if curve is None else curve.tail().value


def level_curve(run: RunSummary, key: str) -> Trend | None:
    """Return the trend of a role's curve; ``None`` if it has too few finite buckets."""
    role = run.understanding.primary(key)
    curve = run.curves.get(role.series) if role else None
    if role is None or curve is None:
        return None
    steps, values = _finite(curve)
    sign = -1 if role.direction == "max" else 1
    return Trend(steps, values, sign) if len(values) >= _POINTS else None


def _finite(curve: Curve) -> tuple[Steps, Floats]:
    mean = np.array([np.nan if m is None else m for m in curve.mean], dtype=np.float64)
    kept = np.flatnonzero(np.isfinite(mean))
    return np.array(curve.steps, dtype=np.int64)[kept], mean[kept]
