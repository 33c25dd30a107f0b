"""The rule ``house/cold-start``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from advisor import (
    Change,
    Citation,
    Evidence,
    Example,
    Finding,
    Nature,
    Rule,
    RunView,
    Severity,
    Stage,
    option,
)
from advisor.testing import make_run


class ColdStart(Rule):
    """The learning rate starts at its highest value, without a warm-up.

    ## What it checks
    Compares the first logged learning rate with the highest one. The rule fires if it is more
    than ``share`` of it.

    ## Why it matters
    The first gradients are large and point anywhere; at the full rate they can undo the
    initialization.

    ## What to do
    Raise the learning rate linearly from 0 over the first steps.

    ## When to ignore it
    The model is small, or fine-tuned at a rate that is low anyway.
    """

    name = "house/cold-start"
    stage = Stage.LEARNING_RATE
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = ("lr",)
    points = 5
    symptoms = ("the learning rate is not warmed up",)
    citations = (
        Citation(
            source="Goyal et al. (2017), Accurate, Large Minibatch SGD",
            supports="A gradual warm-up avoids the instability of the first epochs.",
            url="https://arxiv.org/abs/1706.02677",
        ),
    )
    texts = {
        "title": "Warm the learning rate up",
        "observed": "It starts at {first:rate}, of {peak:rate} at most",
        "evidence": "{series:name} starts at {first:rate}; its highest value is {peak:rate}.",
        "do": "Raise the rate linearly from 0 to {peak:rate} over the first {steps:step} steps.",
        "why": "The first gradients are large; at the full rate they can undo the initialization.",
        "check": "The loss of the first {steps:step} steps falls without a jump.",
        "unless": "the rate is low anyway, as in fine-tuning.",
    }

    share: float = option(
        0.5, "Share of the highest rate that counts as cold.", source="chosen by eye", gt=0, lt=1
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a constant rate and one that is warmed up."""
        ramp = np.minimum(np.arange(1, 101) / 10, 1.0)
        return (
            Example("a constant rate", make_run(lr=np.full(100, 0.1)), fires=True),
            Example("a warm-up over ten steps", make_run(lr=0.1 * ramp), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the first rate with the highest."""
        rates = run["lr"]
        first, peak = float(rates.values[0]), float(rates.values.max())
        if not 0 < self.share * peak < first:
            return
        steps = max(len(rates) // 20, 1)
        yield self.finding(
            confidence=0.5,
            evidence=[
                Evidence(
                    series=rates.tag,
                    first_step=int(rates.steps[0]),
                    last_step=int(rates.steps[min(steps, len(rates) - 1)]),
                    measured="first learning rate, as a share of the highest",
                    value=first / peak,
                    threshold=self.share,
                )
            ],
            changes=[Change(parameter="warmup", after=steps, direction="up")],
            series=rates.tag,
            first=first,
            peak=peak,
            steps=steps,
        )
