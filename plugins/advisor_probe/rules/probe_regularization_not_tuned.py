"""The rule ``probe-regularization-not-tuned``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from advisor.finding import Citation
from advisor.model import Value
from advisor.rule import Stage
from advisor_probe.rules.compared import EVIDENCE, UNLESS
from advisor_probe.rules.measured import notes, of, wandb
from advisor_probe.rules.varied import VariedRule, example_facts


class ProbeRegularizationNotTuned(VariedRule):
    """Less or more of a regularizer in the settings does better.

    ## What it checks
    The first of the target's settings that is a dropout or a weight decay, off and twice as large,
    or at a usual value where it is off: five seeds each at the best of five rates, on the same
    batches, judged on held-out data. The rule fires where another value is better beyond seed noise
    (paired t, 95%, corrected for the comparisons).

    ## Why it matters
    Regularizers are hyperparameters: how much of one helps depends on model and data.

    ## What to do
    Try several values over full trainings, in the earlier layers first.

    ## When to ignore it
    Short trainings hardly overfit, and so favour less of it.
    """

    name = "probe-regularization-not-tuned"
    stage = Stage.FIT
    after = ("weaker", "stronger")
    uses = of("settings", *after)
    facts: ClassVar[Mapping[str, Value]] = example_facts(after, "dropout", 0.5, 0.0)
    symptoms = ("the regularization does not fit",)
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("Dropout and other regularizers are hyperparameters to tune."),
        wandb(5, "Try several rates of dropout, in the earlier layers."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Tune the regularization",
        "observed": "{after:name} is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Try {after:name} and values around it, over full trainings.",
        "why": "How much a model is to be kept from fitting depends on model and data.",
        "check": "Validation is better at the end of a full training.",
        "unless": UNLESS,
    }
