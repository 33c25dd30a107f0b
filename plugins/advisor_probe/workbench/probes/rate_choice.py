"""Candidates for the learning rate, each trained in earnest beside the user's own.

A short look at all of them finds the likeliest. That one is trained beside the user's rate, from
other seeds and for longer, and where it is better, rates a factor of 3 from it are as well. Every
training decays its rate to nothing, as real ones do: at a constant rate low ones look better.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from advisor.run import Floats
from advisor_probe.statistics import gain
from advisor_probe.target import Batch
from advisor_probe.workbench.comparison import cosine, held_out
from advisor_probe.workbench.ensemble import Member, train_together
from advisor_probe.workbench.ranges import range_test, valley
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject

FIRST_STEPS, STEPS = 150, 300
"""Of the short look, and of the trainings that decide; no more than the real training has."""
FIRST_SEEDS, SEEDS = range(3), range(3, 8)
FACTORS = {"hundredth": 0.01, "tenth": 0.1, "tenfold": 10.0, "hundredfold": 100.0}
"""Candidates in relation to the user's rate."""
NEAR = {"lower": 10**-0.5, "higher": 10**0.5}
"""Candidates in relation to the one that was better."""
APART = 10.0
"""The valley of the range test is a candidate beyond this factor: a nearer one is no finding."""


class _Bench(NamedTuple):
    """What all trainings of a comparison share."""

    subject: Subject
    held: Sequence[Batch]
    rate: float
    """The user's."""

    def trained(self, factors: Iterable[float], seeds: range, steps: int) -> Floats:
        """Return ``float64[factors, seeds]``, the held-out losses of trainings at some rates."""
        members = [Member(seed, factor) for factor in factors for seed in seeds]
        ensemble = train_together(self.subject, members, self.subject.optimizer)
        for step, batch in enumerate(self.subject.train(steps)):
            ensemble.step(batch, cosine(step / steps))
        losses = ensemble.evaluate(self.held).double().numpy()
        return np.asarray(losses.reshape(-1, len(seeds)))

    def compared(self, record: Record, factors: Mapping[str, float], steps: int) -> Floats:
        """Train at some rates from each seed, and report what that came to."""
        losses = self.trained(factors.values(), SEEDS, steps)
        for (name, factor), row in zip(factors.items(), losses.tolist(), strict=True):
            record.curve(name, row)
            record.fact(f"{name}_rate", self.rate * factor)
        return losses


def measure(subject: Subject, record: Record) -> None:
    """Report the losses on held-out data of the user's rate and of candidates, seed by seed.

    All train on the same batches; seed by seed they start from the same weights.
    """
    rate = float(subject.optimizer(subject.model()).param_groups[0]["lr"])
    bench = _Bench(subject, held_out(subject), rate)
    steps = min(STEPS, subject.target.steps or STEPS)
    record.fact("rate", rate)
    record.fact("steps", steps)
    candidates = _candidates(subject, record, rate)
    likeliest = _likeliest(bench, record, candidates, min(FIRST_STEPS, steps))
    if likeliest == "user":
        return
    pair = {"user": 1.0, likeliest: candidates[likeliest]}
    user, other = bench.compared(record, pair, steps)
    if _gains(user, other):
        near = {name: candidates[likeliest] * factor for name, factor in NEAR.items()}
        bench.compared(record, near, steps)


def _candidates(subject: Subject, record: Record, rate: float) -> dict[str, float]:
    """Return the user's rate and others in relation to it, by name."""
    candidates = {"user": 1.0, **FACTORS}
    suggested = valley(*range_test(subject, record)) / rate
    if math.isfinite(suggested) and not 1 / APART <= suggested <= APART:
        candidates["valley"] = suggested
    return candidates


def _likeliest(bench: _Bench, record: Record, candidates: Mapping[str, float], steps: int) -> str:
    """Return which candidate has the lowest median loss after a short look, and report it."""
    losses = bench.trained(candidates.values(), FIRST_SEEDS, steps)
    medians = np.median(np.nan_to_num(losses, nan=np.inf, neginf=np.inf), axis=1)
    record.curve("first_rate", [bench.rate * factor for factor in candidates.values()])
    record.curve("first_loss", medians.tolist())
    return list(candidates)[int(medians.argmin())]


def _gains(user: Floats, other: Floats) -> bool:
    """Tell whether a rate is better than the user's for every plausible mean."""
    measured = gain(user, other)
    return bool(np.isfinite(other).all()) and (measured is None or measured.low > 0)
