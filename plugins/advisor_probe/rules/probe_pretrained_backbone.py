"""The rule ``probe-pretrained-backbone``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from advisor.finding import Citation
from advisor.model import Value
from advisor.rule import Stage
from advisor_probe.rules.compared import EVIDENCE, UNLESS
from advisor_probe.rules.measured import of, wandb
from advisor_probe.rules.varied import VariedRule, example_facts


class ProbePretrainedBackbone(VariedRule):
    """Starting from pretrained weights does better than from random ones.

    ## What it checks
    The target's setting `pretrained`, where it is off and the model takes it: five seeds with it
    off and on, each at the best of five rates, on the same batches, judged on held-out data. The
    rule fires where pretrained weights are better beyond seed noise (paired t, 95%).

    ## Why it matters
    Images and speech want dozens to hundreds of layers, which few data sets can train from nothing.

    ## What to do
    Reuse most of a pretrained network, train the last layers first, and the rest at a lower rate.

    ## When to ignore it
    The data are far from what the network was trained on. Short trainings favour a good start.
    """

    name = "probe-pretrained-backbone"
    stage = Stage.FIT
    after = ("pretrained",)
    uses = of("settings", *after)
    facts: ClassVar[Mapping[str, Value]] = example_facts(after, "pretrained", False, True)
    symptoms = ("the network starts from nothing",)
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(1, "For images and speech reuse a pretrained network, such as YOLO, VGG or ResNet."),
        wandb(8, "Fine-tune what others have trained."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Start from pretrained weights",
        "observed": "{after:name} is {share:percent} better",
        "evidence": EVIDENCE,
        "do": "Set {after:name}, train the last layers first, then the rest at a lower rate.",
        "why": "The first layers of such networks have learned what most data share.",
        "check": "Validation is better from the first epochs on, and at the end.",
        "unless": UNLESS,
    }
