"""What logs do to a run, and what can be known of it from the log alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from benchmarks.diagnosis.forms import Form
from benchmarks.diagnosis.healthy import NUMBERS, TEXTS
from benchmarks.diagnosis.setup import Setup

Point = tuple[int, int, float]
"""Step, epoch and value."""
Series = dict[str, list[Point]]
Damage = Callable[[Series], Series]

FEW = 10
"""Values below which nobody reads a curve."""
ROUNDED_FROM = 20
"""Values from which it can be no chance that all of them are tenths."""


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


def knowable(form: Form, setup: Setup, points: int) -> bool:
    """Tell whether somebody who has nothing but the log can know of its damage.

    ``points`` is the number of training losses. A sample looks like a log that was written
    now and then; a classifier is one only where its loss function is recorded.
    """
    if form.damage == "without-metric":
        return form.config and setup.problem not in (*NUMBERS, *TEXTS)
    if form.damage == "rounded":
        return points >= ROUNDED_FROM
    return form.damage not in ("", "sampled")


def log_facts(form: Form, setup: Setup, points: int) -> set[str]:
    """Return the rules whose findings are true of a log whatever its training did."""
    facts = {"telemetry-no-config", "config-not-recorded"} if not form.config else set()
    if setup.patience and not form.config:
        # Early stopping that a log hides looks like none.
        facts |= {"early-stopping-missing", "best-checkpoint-not-kept"}
    if not form.rate:
        facts.add("telemetry-no-learning-rate")
    without = "without-validation", "without-metric"
    if (not form.metric or form.damage in without) and setup.problem not in NUMBERS:
        facts.add("metric-not-logged")
    if points < FEW:
        facts.add("telemetry-too-few-points")
    return facts | set(TRUE_OF.get(form.damage, ()))


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
TRUE_OF: dict[str, tuple[str, ...]] = {
    "without-validation": ("no-validation",),
    "sampled": ("telemetry-sampled", "telemetry-too-few-points"),
    "rounded": ("telemetry-rounded",),
    "few-points": ("telemetry-too-few-points", "telemetry-sampled"),
    "restarted": ("telemetry-restarted",),
}
"""By damage: what is true of the log, whether or not it can be known."""
