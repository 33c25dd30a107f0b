"""Trainings that only sweeps need: what else somebody would try who tunes a base."""

from __future__ import annotations

from benchmarks.diagnosis.healthy import COSTLY
from benchmarks.diagnosis.setup import Setup

RATES = (1 / 3, 1.0, 3.0)
WIDTHS = (0.5, 1.0, 2.0)
DECAYS = (0.1, 1.0, 10.0)
BATCHES = (0.25, 1.0, 4.0, 16.0)
STEPS = (0.5, 1.0, 1.5, 2.0, 2.5)
"""Factors of the base's rate, width, weight decay, batch size, and rate in equal steps."""


def trials(base: Setup) -> dict[str, Setup]:
    """Return every run that a sweep of ``sweeps`` holds, by name; none of a costly base."""
    if base.model in COSTLY:
        return {}
    found = {f"rate {rate:.2g}": rated(base, rate) for rate in (*STEPS, *RATES)}
    for rate in RATES:
        for width in WIDTHS:
            found[f"rate {rate:.2g} width {width}"] = wide(rated(base, rate), width)
        for decay in DECAYS:
            found[f"rate {rate:.2g} decay {decay}"] = decayed(rated(base, rate), decay)
    for batch in BATCHES:
        found[f"batch {batch}"] = batched(base, batch)
    return found


def rated(setup: Setup, factor: float) -> Setup:
    """Return a setup at another rate."""
    return setup.changed(learning_rate=setup.learning_rate * factor)


def wide(setup: Setup, factor: float) -> Setup:
    """Return a setup of another width."""
    return setup.changed(hidden=max(1, round(setup.hidden * factor)))


def decayed(setup: Setup, factor: float) -> Setup:
    """Return a setup of another weight decay."""
    return setup.changed(weight_decay=setup.weight_decay * factor)


def batched(setup: Setup, factor: float) -> Setup:
    """Return a setup of another batch size."""
    return setup.changed(batch_size=max(1, round(setup.batch_size * factor)))
