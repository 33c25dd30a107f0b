"""The rule ``probe-hidden-size``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from advisor.finding import Citation
from advisor.model import Value
from advisor.rule import Stage
from advisor_probe.rules.compared import EVIDENCE, UNLESS
from advisor_probe.rules.measured import of, overview, wandb
from advisor_probe.rules.varied import VariedRule, example_facts


class ProbeHiddenSize(VariedRule):
    """Another width or depth does better.

    ## What it checks
    The target's settings of width and depth (`hidden_size`, `num_layers` and what else they are
    called), each halved and doubled by itself: five seeds each at the best of five rates, for as
    many steps on the same batches, judged on held-out data. The rule fires where another is better
    beyond seed noise (paired t, 95%, corrected for the comparisons).

    ## Why it matters
    Too small a model cannot learn the pattern; a larger one than needed costs time and overfits.

    ## What to do
    Go on in the direction that was better, one of the two at a time, until it brings no more.

    ## When to ignore it
    A larger model costs more per step, which the comparison does not count. Short trainings:
    compare again over your own number of steps, with at least two seeds.
    """

    name = "probe-hidden-size"
    stage = Stage.FIT
    after = ("narrower", "wider", "shallower", "deeper")
    uses = of("settings", *after)
    facts: ClassVar[Mapping[str, Value]] = example_facts(after, "hidden_size", 32, 64)
    symptoms = ("the size of the model does not fit",)
    citations: ClassVar[tuple[Citation, ...]] = (
        overview("Layers and neurons are tuned: too few cannot learn, too many overfit."),
        wandb(1, "One to five hidden layers do for most; grow until the model overfits."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try another size of the model",
        "observed": "{after:name} is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Set {after:name}, and go on in that direction until it brings no more.",
        "why": "The size says how complex a pattern the model can hold.",
        "check": "Validation is better at the end of a full training.",
        "unless": UNLESS,
    }
