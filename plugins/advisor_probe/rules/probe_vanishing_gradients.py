"""The rule ``probe-vanishing-gradients``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Change, Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, of, own, shown, wandb

GRADIENT, RATIO = of("layers", "gradient", "first_to_last")


class ProbeVanishingGradients(MeasuredRule):
    """Before training, the gradient shrinks by orders of magnitude on its way to the first layer.

    ## What it checks
    The root mean square of the gradient of each linear and convolutional weight after one
    backward pass through the untrained model. The rule fires if that of the first layer is
    ``decades`` powers of ten below that of the last one.

    ## Why it matters
    The first layers hardly move: the model trains as if it had only its last ones.

    ## What to do
    ReLU or GELU instead of sigmoid and tanh, an initialization that fits, batch or layer
    normalization, residual connections.

    ## When to ignore it
    The first layers are trained already.
    """

    name = "probe-vanishing-gradients"
    stage = Stage.GRADIENTS
    severity = Severity.WARNING
    requires = (GRADIENT, RATIO)
    symptoms = ("the first layers hardly learn",)
    basis = "0.9: on planted faults a threshold of 3 decades found all, on healthy nets none."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(4, "Gradients shrink towards the first layers, which then do not learn."),
        own("Deep sigmoid nets lie 4.7 to 5.8 decades apart, healthy ones at most 0.9."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Use an activation that lets gradients through",
        "observed": "First layer: {factor:number} of the last one's gradient",
        "evidence": "After one backward pass the gradient of the first of {layers:count "
        "layer|layers} is {factor:number} times that of the last one.",
        "do": "Replace sigmoid or tanh by ReLU or GELU, and add batch or layer normalization.",
        "why": "Each saturating layer multiplies the gradient by a factor well below 1.",
        "check": "The probe's gradients differ by less than a factor of ten.",
        "unless": "the first layers are trained already.",
    }

    decades: float = option(
        3.0,
        "Powers of ten between the first and the last layer.",
        source="our measurement: healthy 0.87 at the first percentile, deep sigmoid nets 4.7 up",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a deep sigmoid net, and a net with normalization."""
        return (
            _net([1e-7, 1e-6, 1e-4, 1e-2], fires=True),
            _net([0.004, 0.006, 0.009, 0.01], fires=False),
            _net([0.2, 0.05, 0.02, 0.01], fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the first layer's gradient with the last one's."""
        ratio = float(run[RATIO].values[-1])
        if ratio < -self.decades:
            yield self.finding(
                confidence=0.9,
                evidence=[cited(run[GRADIENT], "decades to the last layer", ratio, -self.decades)],
                changes=[_ACTIVATION],
                factor=10 ** max(ratio, -300.0),
                layers=len(run[GRADIENT]),
            )


_ACTIVATION = Change.model_validate({"parameter": "activation", "to": "relu", "direction": "set"})


def _net(gradients: list[float], *, fires: bool) -> Example:
    ratio = math.log10(gradients[0] / gradients[-1])
    measured = {"gradient": gradients, "first_to_last": [ratio]}
    return shown(f"{ratio:+.1f} decades", "layers", measured, fires=fires)
