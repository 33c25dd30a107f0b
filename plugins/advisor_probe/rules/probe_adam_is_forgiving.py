"""The rule ``probe-adam-is-forgiving``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from advisor.finding import Change, Citation
from advisor.model import Value
from advisor.rule import Stage
from advisor.view import RunView
from advisor_probe.rules.compared import EVIDENCE, UNLESS, ComparedRule
from advisor_probe.rules.measured import bullettech, fact, of


class ProbeAdamIsForgiving(ComparedRule):
    """Adam does better than the user's SGD.

    ## What it checks
    Five seeds trained with the user's SGD and with Adam, each at the best of five rates,
    judged on held-out data. The rule fires where Adam is better beyond seed noise (paired t,
    95%).

    ## Why it matters
    Adam adapts the step of each weight, so that it is robust to a poor choice of settings.

    ## What to do
    Start with Adam; return to SGD once the rest is settled, if the last bit counts.

    ## When to ignore it
    Short trainings: compare again over your own number of steps, with at least two seeds.
    """

    name = "probe-adam-is-forgiving"
    stage = Stage.OPTIMIZER
    requires = of("optimizers", "user", "adam")
    probe = "optimizers"
    before = "user"
    after = ("adam",)
    symptoms = ("SGD has trouble with its learning rate",)
    facts: ClassVar[Mapping[str, Value]] = {"optimizers.own": "SGD"}
    citations: ClassVar[tuple[Citation, ...]] = (
        bullettech(5, "Adam forgives poor settings and is a good start."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Start with Adam",
        "observed": "Adam is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Use Adam at about the rate that the probe found for it.",
        "why": "Adam scales the step of every weight by itself.",
        "check": "Validation is better at the end of a full training.",
        "unless": UNLESS,
    }

    def applies(self, run: RunView) -> bool:
        """Tell whether the user trains with SGD."""
        return fact(run, "optimizers.own") == "SGD"

    def changes(self, run: RunView, name: str) -> Sequence[Change]:
        """Propose the other optimizer, at its rate."""
        return self.at_its_rate(run, name, optimizer="adam")
