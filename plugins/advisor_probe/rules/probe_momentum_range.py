"""The rule ``probe-momentum-range``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from advisor.finding import Change, Citation
from advisor.model import Value
from advisor.rule import Stage
from advisor.view import RunView
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import fact, of, wandb


class ProbeMomentumRange(ComparedRule):
    """SGD with momentum does better than without.

    ## What it checks
    Five seeds trained with the user's SGD and with Nesterov momentum of 0.9, each at the best
    of five rates, judged on held-out data. The rule fires where momentum is better beyond
    seed noise (paired t, 95%).

    ## Why it matters
    Momentum carries on where gradients are tiny and averages where they swing.

    ## What to do
    Momentum 0.9, nearer to 1 for large data sets, with a rate that is tuned for it.

    ## When to ignore it
    Short trainings: compare again over your own number of steps, with at least two seeds.
    """

    name = "probe-momentum-range"
    stage = Stage.OPTIMIZER
    requires = of("optimizers", "user", "momentum")
    probe = "optimizers"
    before = "user"
    after = ("momentum",)
    symptoms = ("the momentum is unusual",)
    facts: ClassVar[Mapping[str, Value]] = {"optimizers.own": "SGD"}
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(3, "Momentum close to 1: 0.9 for smaller data, towards 0.999 for larger."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Train with a momentum of 0.9",
        "observed": "Momentum is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Set `momentum=0.9, nesterov=True` at about the rate that the probe found for it.",
        "why": "Momentum adds up what gradients agree on.",
        "check": "The loss falls faster at the same cost.",
        "unless": UNLESS,
    }

    def applies(self, run: RunView) -> bool:
        """Tell whether the user trains with SGD."""
        return fact(run, "optimizers.own") == "SGD"

    def changes(self, run: RunView, name: str) -> Sequence[Change]:
        """Propose the usual momentum, at its rate."""
        return self.at_its_rate(run, name, momentum=0.9)
