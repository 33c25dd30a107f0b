"""The range test: one training whose rate grows from step to step, and what its curve says."""

from __future__ import annotations

import math

import numpy as np

from advisor.run import Floats
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject

LOWEST, HIGHEST, TESTED = 1e-6, 10.0, 100
SMOOTHED = 0.98
"""Weight of the past in the moving average, as in fastai."""
BEYOND = 4.0
"""The test ends where the smoothed loss is this many times its best."""


def range_test(subject: Subject, record: Record) -> tuple[Floats, Floats]:
    """Train once with rates from 1e-6 to 10; return rates and smoothed losses, ``float64[n]``.

    It ends early where the loss diverges, so that ``n`` is at most 100.
    """
    model = subject.model()
    optimizer = subject.optimizer(model)
    rates = np.geomspace(LOWEST, HIGHEST, TESTED)
    smoothed: list[float] = []
    average, best = 0.0, math.inf
    for step, (rate, batch) in enumerate(zip(rates, subject.train(TESTED), strict=True)):
        for group in optimizer.param_groups:
            group["lr"] = float(rate)
        loss = subject.plain_step(model, optimizer, batch)
        average = SMOOTHED * average + (1 - SMOOTHED) * loss
        smoothed.append(average / (1 - SMOOTHED ** (step + 1)))
        best = min(best, smoothed[-1])
        if step % 20 == 0:
            record.progress(step)
        if not math.isfinite(smoothed[-1]) or _far(smoothed[-1], best, smoothed[0]):
            break
    return rates[: len(smoothed)], np.array(smoothed)


def _far(loss: float, best: float, first: float) -> bool:
    """Tell whether a loss has diverged; losses may be negative."""
    return loss - best > (BEYOND - 1) * max(abs(best), 0.1 * abs(first), 1e-12)


def valley(rates: Floats, losses: Floats) -> float:
    """Return fastai's suggestion: within the longest stretch of falling losses, two thirds on.

    The first tenth and the last five points do not count. NaN for fewer than twelve points.
    """
    first, last = TESTED // 10, len(losses) - 5
    kept = losses[first:last]
    if len(kept) < 2 or not np.isfinite(kept).all():
        return math.nan
    start, end = _longest_fall(kept)
    third = (end - start) / 3
    return float(rates[first + start + int(third) + int(third / 2)])


def _longest_fall(losses: Floats) -> tuple[int, int]:
    """Return the ends of the longest decreasing subsequence (it need not be connected)."""
    count = len(losses)
    length = np.ones(count, dtype=int)
    for here in range(1, count):
        higher = np.flatnonzero(losses[:here] > losses[here])
        if len(higher):
            length[here] = length[higher].max() + 1
    end = int(np.argmax(length))
    return end - int(length[end]) + 1, end


def diverged_at(rates: Floats) -> float:
    """Return the rate at which the test ended early; the highest one where it did not."""
    return float(rates[-1]) if len(rates) < TESTED else HIGHEST
