"""The rule ``probe-exploding-gradients``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, of, shown, wandb

GRADIENT, RATIO = of("layers", "gradient", "first_to_last")


class ProbeExplodingGradients(MeasuredRule):
    """Before training, the gradient grows by orders of magnitude on its way to the first layer.

    ## What it checks
    The root mean square of the gradient of each linear and convolutional weight after one
    backward pass through the untrained model. The rule fires if that of the first layer is
    ``decades`` powers of ten above that of the last one.

    ## Why it matters
    A rate that suits the last layers throws the first ones off.

    ## What to do
    Smaller initial weights (He's or Glorot's), normalization between the layers, and clipping
    the gradient by its norm.

    ## When to ignore it
    The optimizer scales every weight by itself, as Adam does, and the loss stays finite.
    """

    name = "probe-exploding-gradients"
    stage = Stage.GRADIENTS
    severity = Severity.WARNING
    requires = (GRADIENT, RATIO)
    symptoms = ("the gradients explode",)
    basis = "0.7: the threshold mirrors that of vanishing gradients; not measured itself."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(4, "Some layers get massive updates in relation to others."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Initialize with smaller weights",
        "observed": "First layer: {factor:number} times the last one's gradient",
        "evidence": "After one backward pass the gradient of the first of {layers:count "
        "layer|layers} is {factor:number} times that of the last one.",
        "do": "Initialize as He or Glorot do, and normalize between layers.",
        "why": "Each layer with large weights multiplies the gradient by a factor above 1.",
        "check": "The probe's gradients differ by less than a factor of ten.",
        "unless": "the optimizer scales each weight by itself and the loss stays finite.",
    }

    decades: float = option(
        3.0,
        "Powers of ten between the first and the last layer.",
        source="the mirror image of vanishing gradients; healthy nets reach 0.02 (99th percentile)",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a net with large weights, and nets in order."""
        return (
            _net([5e4, 1e3, 10.0, 0.1], fires=True),
            _net([0.004, 0.006, 0.009, 0.01], fires=False),
            _net([0.2, 0.05, 0.02, 0.01], fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the first layer's gradient with the last one's."""
        ratio = float(run[RATIO].values[-1])
        if ratio > self.decades:
            yield self.finding(
                confidence=0.7,
                evidence=[cited(run[GRADIENT], "decades to the last layer", ratio, self.decades)],
                factor=10 ** min(ratio, 300.0),
                layers=len(run[GRADIENT]),
            )


def _net(gradients: list[float], *, fires: bool) -> Example:
    ratio = math.log10(gradients[0] / gradients[-1])
    measured = {"gradient": gradients, "first_to_last": [ratio]}
    return shown(f"{ratio:+.1f} decades", "layers", measured, fires=fires)
