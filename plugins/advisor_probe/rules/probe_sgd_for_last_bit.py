"""The rule ``probe-sgd-for-last-bit``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from advisor.finding import Change, Citation
from advisor.model import Value
from advisor.rule import Stage
from advisor.view import RunView
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import fact, of, wandb


class ProbeSgdForLastBit(ComparedRule):
    """SGD with momentum does better than the user's adaptive optimizer.

    ## What it checks
    Five seeds trained with the user's optimizer and with SGD with Nesterov momentum, each at
    the best of five rates, judged on held-out data. The rule fires where SGD is better beyond
    seed noise (paired t, 95%).

    ## Why it matters
    Well-tuned, SGD often ends slightly better, above all for convolutional nets.

    ## What to do
    Compare over full trainings, with the rate tuned for each.

    ## When to ignore it
    Short trainings: compare again over your own number of steps, with at least two seeds.
    """

    name = "probe-sgd-for-last-bit"
    stage = Stage.OPTIMIZER
    requires = of("optimizers", "user", "momentum")
    probe = "optimizers"
    before = "user"
    after = ("momentum",)
    symptoms = ("the run ends just short of its goal",)
    facts: ClassVar[Mapping[str, Value]] = {"optimizers.own": "AdamW"}
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(6, "SGD when convergence quality matters and time does not."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Compare with SGD and momentum",
        "observed": "SGD is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Try SGD with Nesterov momentum 0.9, at about the rate that the probe found for it.",
        "why": "SGD takes the gradient as it is, which often generalizes slightly better.",
        "check": "Validation is better at the end of a full training.",
        "unless": UNLESS,
    }

    def applies(self, run: RunView) -> bool:
        """Tell whether the user trains with something else than SGD."""
        return fact(run, "optimizers.own") not in ("SGD", None)

    def changes(self, run: RunView, name: str) -> Sequence[Change]:
        """Propose the other optimizer, at its rate."""
        return self.at_its_rate(run, name, optimizer="sgd", momentum=0.9)
