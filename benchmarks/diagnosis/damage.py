"""What logs do to a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.diagnosis.forms import Form

Point = tuple[int, int, float]
"""Step, epoch and value."""
Series = dict[str, list[Point]]
Damage = Callable[[Series], Series]


def copies(form: Form) -> list[Form]:
    """Return the copies of a form that are damaged."""
    return [replace(form, damage=damage) for damage in DAMAGES]


def parts(series: Series, form: Form) -> list[Series]:
    """Return what each process that wrote the log wrote: a restarted run has two."""
    if form.damage != "restarted":
        return [series]
    first = {key: points[: round(0.6 * len(points))] for key, points in series.items()}
    second = {key: points[round(0.4 * len(points)) :] for key, points in series.items()}
    return [first, second]


def _without(*keys: str) -> Damage:
    return lambda series: {key: p for key, p in series.items() if key not in keys}


def _sampled(series: Series) -> Series:
    """Keep a random third of the points, as a store with a bound does."""
    rng = np.random.default_rng(3)
    return {key: [p for p in points if rng.random() < 1 / 3] for key, points in series.items()}


def _rounded(series: Series) -> Series:
    return {k: [(s, e, round(v, 1)) for s, e, v in points] for k, points in series.items()}


def _few(series: Series) -> Series:
    return {key: points[:: max(1, len(points) // 4)] for key, points in series.items()}


DAMAGES: dict[str, Damage] = {
    "without-validation": _without("val_loss", "val_metric"),
    "without-metric": _without("metric", "val_metric"),
    "sampled": _sampled,
    "rounded": _rounded,
    "few-points": _few,
    "restarted": lambda series: series,
}
"""What logs do to a run, by the fault ``log-NAME`` in ``answers``."""
