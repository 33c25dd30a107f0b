"""The rule ``probe-dropout-range``."""

from __future__ import annotations

from typing import ClassVar

from advisor.finding import Citation
from advisor.rule import Stage
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import of, wandb


class ProbeDropoutRange(ComparedRule):
    """Another dropout does better than the one in use.

    ## What it checks
    Five seeds trained with the model's dropout, without, and with twice as much, each at the
    best of five rates, judged on held-out data. The rule fires where another is better beyond
    seed noise (paired t, 95%, corrected for two comparisons).

    ## Why it matters
    Too little dropout lets a model overfit, too much keeps it from learning.

    ## What to do
    Move dropout in that direction, in steps, over full trainings.

    ## When to ignore it
    Short trainings hardly overfit, and so favour less dropout. Short trainings: compare again
    over your own number of steps, with at least two seeds.
    """

    name = "probe-dropout-range"
    stage = Stage.FIT
    requires = of("dropout", "user", "none", "double")
    probe = "dropout"
    before = "user"
    after = ("none", "double")
    symptoms = ("the dropout is unusual",)
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(5, "Dropout of 0.1 to 0.5: raise it when overfitting, lower it when underfitting."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try another dropout",
        "observed": "Dropout {after:text}: {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Try dropout {after:text} of what it is, over full trainings.",
        "why": "How much a model is to be kept from fitting depends on model and data.",
        "check": "Validation is better at the end of a full training.",
        "unless": UNLESS,
    }
