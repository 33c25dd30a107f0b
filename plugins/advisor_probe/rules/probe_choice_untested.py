"""The rule ``probe-choice-untested``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from advisor.finding import Citation
from advisor.model import Value
from advisor.rule import Stage
from advisor_probe.rules.compared import EVIDENCE, UNLESS
from advisor_probe.rules.measured import bullettech, of, overview, wandb
from advisor_probe.rules.varied import VariedRule, example_facts


class ProbeChoiceUntested(VariedRule):
    """A setting of the program's own does better at another value.

    ## What it checks
    The first of the target's settings under a name of its own that is a switch or a positive
    number, switched, or halved and doubled: five seeds each at the best of five rates, on the same
    batches, judged on held-out data. The rule fires where another value is better beyond seed noise
    (paired t, 95%, corrected for the comparisons). Other probes compare optimizers, schedules,
    activations, dropout, clipping and sizes.

    ## Why it matters
    Which choice is best depends on model and data: only a measured comparison settles it.

    ## What to do
    Compare the two over full trainings, with at least two seeds.

    ## When to ignore it
    The setting changes what the loss measures, or what a step costs.
    """

    name = "probe-choice-untested"
    stage = Stage.SEARCH
    after = ("other-1", "other-2")
    uses = of("settings", *after)
    facts: ClassVar[Mapping[str, Value]] = example_facts(after, "heads", 2, 4)
    symptoms = ("a choice was never compared",)
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(1, "Layers, neurons and rates are settled by trying several."),
        wandb(4, "Clipping thresholds and activations are settled by trying several."),
        wandb(6, "Optimizers are settled by trying several."),
        bullettech(7, "Activations are settled by measuring."),
        overview("Values are found by comparing trainings."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Compare a choice that was never measured",
        "observed": "{after:name} is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Compare {after:name} with {before:name} over full trainings, with several seeds.",
        "why": "Which value is best depends on model and data.",
        "check": "Validation is better at the end of a full training, from each seed.",
        "unless": UNLESS,
    }
