"""The rule ``probe-activation-choice``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, named, of, own, shown, wandb

(POSITIVE,) = of("layers", "positive")


class ProbeActivationChoice(MeasuredRule):
    """The units of a ReLU layer are dead before training starts.

    ## What it checks
    The share of values above zero after each ReLU, on one batch through the untrained model. The
    rule fires if it is below ``share`` in any layer; usual nets have about a half.

    ## Why it matters
    A unit that is never above zero has no gradient, and stays dead.

    ## What to do
    Look for large negative biases and for inputs that are all negative. LeakyReLU, ELU and GELU
    keep a gradient below zero.

    ## When to ignore it
    Never at this share: nothing gets through the layer.
    """

    name = "probe-activation-choice"
    stage = Stage.GRADIENTS
    severity = Severity.ERROR
    requires = (POSITIVE,)
    silences = ("probe-vanishing-gradients", "overfit-tiny-batch", "probe-never-learned")
    symptoms = ("the first layers hardly learn",)
    basis = "0.95: the threshold found all dead layers, and 2% of healthy ones."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(4, "ReLU to start; leaky variants and ELU where units die."),
        own("Dead layers have at most 0.3% of values above zero, healthy ones 42% and more."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Revive the dead layer: check its biases",
        "observed": "A ReLU layer lets {share:percent} of values through",
        "evidence": "After {layer:name}, {share:percent} of the values of one batch are above "
        "zero before training starts.",
        "do": "Start biases at 0, standardize the inputs, or use LeakyReLU or GELU.",
        "why": "A unit that is never above zero has no gradient, and stays as it is.",
        "check": "The probe finds about half of the values above zero.",
        "unless": "the layer is meant to be silent at first.",
    }

    share: float = option(
        0.02,
        "Smallest share of values above zero.",
        source="our measurement: dead layers at most 0.003, healthy ones at least 0.42 (1%)",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a dead layer, sparse ones that live, and usual ones."""
        names = {"cut": ("1", "3", "5")}
        return (
            shown("a dead layer", "layers", {"positive": [0.5, 0.0, 0.3]}, names, fires=True),
            shown("sparse", "layers", {"positive": [0.5, 0.1, 0.2]}, names, fires=False),
            shown("usual", "layers", {"positive": [0.5, 0.5, 0.48]}, names, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the layer that lets the least through."""
        positive = run[POSITIVE]
        place = int(np.argmin(positive.values))
        share = float(positive.values[place])
        if share < self.share:
            yield self.finding(
                confidence=0.95,
                evidence=[cited(positive, "share of values above zero", share, self.share)],
                share=max(share, 0.0),
                layer=named(run, "layers.cut", place),
            )
