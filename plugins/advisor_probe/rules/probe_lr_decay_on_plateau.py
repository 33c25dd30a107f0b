"""The rule ``probe-lr-decay-on-plateau``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.rule import Stage
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import of, wandb


class ProbeLrDecayOnPlateau(ComparedRule):
    """A rate that decays does better than a constant one.

    ## What it checks
    Five seeds trained at a constant rate and under a cosine decay to zero, each at the best
    of five rates, judged on held-out data. The rule fires where the decay is better beyond
    seed noise (paired t, 95%).

    ## Why it matters
    At a constant rate the weights keep wandering around the minimum.

    ## What to do
    Let the rate fall to nothing towards the end, once everything else is settled.

    ## When to ignore it
    The target's training decays the rate already; the probe does not see schedules. Short
    trainings: compare again over your own number of steps, with at least two seeds.
    """

    name = "probe-lr-decay-on-plateau"
    stage = Stage.DECAY
    requires = of("schedules", "constant", "cosine")
    probe = "schedules"
    before = "constant"
    after = ("cosine",)
    symptoms = ("the loss no longer falls",)
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(7, "Decay the rate, and compare several schedules."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Let the learning rate decay",
        "observed": "A decay is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Use `CosineAnnealingLR` over the whole training.",
        "why": "Smaller steps at the end settle closer to the minimum.",
        "check": "The loss falls once more as the rate does.",
        "unless": UNLESS,
    }
