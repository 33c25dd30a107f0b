"""What ``rate-choice`` measured: rates that were trained beside the user's own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from advisor.run import Floats
from advisor.view import RunView
from advisor_probe.rules.measured import fact, of
from advisor_probe.statistics import gain

USER, FIRST = of("rate-choice", "user", "first_loss")
NAMES = ("valley", "hundredth", "tenth", "tenfold", "hundredfold", "lower", "higher")
TRIED = of("rate-choice", *NAMES)


class Tried(NamedTuple):
    """A rate, and by what share its held-out loss is lower than that of the user's."""

    rate: float
    decades: float
    """Above the user's rate; below zero for lower ones."""
    share: float
    low: float
    """The least share for any plausible mean (95 %, corrected for the rates tried)."""
    losses: Floats
    """``float64[seeds]``."""


def compared(run: RunView) -> bool:
    """Tell whether a candidate was trained beside the user's rate, or none came near it at first.

    Neither holds where the probe ran out of time in between.
    """
    first = run.get(FIRST)
    return run.get(USER) is not None or (first is not None and not first.values.argmin())


def tried_rates(run: RunView, rate: float) -> list[Tried]:
    """Return the rates that were trained beside the user's and did not diverge."""
    after = {
        float(other): curve.effective.values
        for name, key in zip(NAMES, TRIED, strict=True)
        if (curve := run.get(key)) and isinstance(other := _rate(run, name), int | float)
        if 0 < other < math.inf
    }
    user = run.get(USER)
    before = np.array([]) if user is None else user.effective.values
    return [
        _compared(other, math.log10(other / rate), before, losses, len(after))
        for other, losses in after.items()
        if len(before) == len(losses) > 0 and np.isfinite(losses).all()
    ]


def _rate(run: RunView, name: str) -> object:
    return fact(run, f"rate-choice.{name}_rate")


def _compared(
    rate: float, decades: float, before: Floats, losses: Floats, comparisons: int
) -> Tried:
    measured = gain(before, losses, comparisons)
    if measured is None:  # the user's own rate diverged
        return Tried(rate, decades, 1.0, 1.0, losses)
    return Tried(rate, decades, measured.mean, measured.low, losses)


def lowest_of_the_best(tried: Sequence[Tried]) -> Tried | None:
    """Return the lowest rate among those that cannot be told from the best one.

    The lowest, for trainings shorter than the real one favour high rates.
    """
    best = max(tried, key=lambda one: one.share, default=None)
    alike = [one for one in tried if best and not _better(best.losses, one.losses)]
    return min(alike, key=lambda one: one.rate, default=None)


def _better(one: Floats, other: Floats) -> bool:
    """Tell whether losses are lower than others for every plausible mean."""
    measured = gain(other, one)
    return measured is not None and measured.low > 0
