"""The rule ``lr-onecycle``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.rule import Stage
from advisor.view import RunView
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import of, wandb


class LrOnecycle(ComparedRule):
    """1cycle does better than a constant rate and than a cosine decay.

    ## What it checks
    Five seeds trained under a cosine decay and under 1cycle, each at the best of five rates,
    judged on held-out data. The rule fires where 1cycle is better than both a cosine decay
    and a constant rate, beyond seed noise (paired t, 95%).

    ## Why it matters
    A rate that rises first and then falls to nothing allows larger steps in between.

    ## What to do
    Try 1cycle over your full number of steps, with the rate that it was best at as its peak.

    ## When to ignore it
    Short trainings: compare again over your own number of steps, with at least two seeds.
    """

    name = "lr-onecycle"
    stage = Stage.DECAY
    requires = of("schedules", "cosine", "onecycle", "constant")
    probe = "schedules"
    before = "cosine"
    after = ("onecycle",)
    symptoms = ("the loss no longer falls",)
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(7, "1cycle is worth trying; compare several schedules."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try 1cycle",
        "observed": "1cycle is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Use `OneCycleLR` with a peak of about the rate that it was best at.",
        "why": "Large steps in the middle of a training, and small ones at its end.",
        "check": "Validation is better at the end of a full training.",
        "unless": UNLESS,
    }

    def applies(self, run: RunView) -> bool:
        """Tell whether 1cycle beats a constant rate, too."""
        constant, cycle = (
            run[key].values.mean() for key in of("schedules", "constant", "onecycle")
        )
        return bool(cycle < constant)
