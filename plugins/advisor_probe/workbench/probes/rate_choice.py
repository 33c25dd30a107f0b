"""Candidates for the learning rate, each trained in earnest beside the user's own."""

from __future__ import annotations

import math

from advisor_probe.workbench.ensemble import Member, train_together
from advisor_probe.workbench.ranges import range_test, valley
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

SEEDS, STEPS, BATCHES = 5, 150, 8
FACTORS = {"hundredth": 0.01, "tenth": 0.1, "tenfold": 10.0, "hundredfold": 100.0}
"""Candidates in relation to the user's rate."""
APART = 2.0
"""A candidate nearer to the user's rate than this factor is the same rate."""


def measure(subject: Subject, record: Record) -> None:
    """Report the losses on held-out data of the user's rate and of candidates, seed by seed.

    All train on the same batches; seed by seed they start from the same weights.
    """
    held = subject.val(BATCHES)
    if not held:
        raise NotProbed("the target has no validation data to compare rates by")
    rate = float(subject.optimizer(subject.model()).param_groups[0]["lr"])
    suggested = valley(*range_test(subject, record))
    candidates = {"user": 1.0, **FACTORS}
    if math.isfinite(suggested) and abs(math.log(suggested / rate)) > math.log(APART):
        candidates["valley"] = suggested / rate
    members = [Member(s, f) for f in candidates.values() for s in range(SEEDS)]
    ensemble = train_together(subject, members, subject.optimizer)
    for step, batch in enumerate(subject.train(STEPS)):
        ensemble.step(batch, factor=0.5 * (1 + math.cos(math.pi * step / STEPS)))
        record.progress(step)
    losses = ensemble.evaluate(held).view(len(candidates), SEEDS)
    record.fact("rate", rate)
    record.fact("way", type(ensemble).__name__.lower())
    for (name, factor), row in zip(candidates.items(), losses.tolist(), strict=True):
        record.curve(name, row)
        record.fact(f"{name}_rate", rate * factor)
