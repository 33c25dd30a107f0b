"""What is true of a log whatever its training did, and what can be known from the log alone."""

from __future__ import annotations

from benchmarks.diagnosis.forms import Form
from benchmarks.diagnosis.healthy import NUMBERS, TEXTS
from benchmarks.diagnosis.setup import Setup

FEW = 10
"""Values below which nobody reads a curve."""
ROUNDED_FROM = 20
"""Values from which it can be no chance that all of them are tenths."""
TRUE_OF: dict[str, tuple[str, ...]] = {
    "without-validation": ("no-validation",),
    "sampled": ("telemetry-sampled", "telemetry-too-few-points"),
    "rounded": ("telemetry-rounded",),
    "few-points": ("telemetry-too-few-points", "telemetry-sampled"),
    "restarted": ("telemetry-restarted",),
}
"""By damage: what is true of the log, whether or not it can be known."""


def knowable(form: Form, setup: Setup, points: int) -> bool:
    """Tell whether somebody who has nothing but the log can know of its damage.

    ``points`` is the number of finite training losses. A sample looks like a log that was
    written now and then; a classifier is one only where its loss function is recorded.
    """
    if form.damage == "without-metric":
        return form.config and setup.problem not in (*NUMBERS, *TEXTS)
    if form.damage == "rounded":
        return points >= ROUNDED_FROM
    return form.damage not in ("", "sampled")


def log_facts(form: Form, setup: Setup, points: int) -> set[str]:
    """Return the rules whose findings are true of a log with ``points`` finite losses."""
    facts = {"telemetry-no-config", "config-not-recorded"} if not form.config else set()
    if not form.rate:
        facts.add("telemetry-no-learning-rate")
    without = "without-validation", "without-metric"
    if (not form.metric or form.damage in without) and setup.problem not in NUMBERS:
        facts.add("metric-not-logged")
    if points < FEW:
        facts.add("telemetry-too-few-points")
    return facts | set(TRUE_OF.get(form.damage, ()))
