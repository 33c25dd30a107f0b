"""The rule ``probe-init-match``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, named, of, own, shown, wandb

(GAIN,) = of("layers", "gain")


class ProbeInitMatch(MeasuredRule):
    """The initial weights of a layer are far larger than any usual initialization makes them.

    ## What it checks
    For each linear and convolutional layer rms(W) · sqrt(fan in), which is 0.58 for torch's own
    initialization, 1 for LeCun's and 1.41 for He's. The rule fires above ``gain``.

    ## Why it matters
    Each such layer multiplies what goes through it: outputs start large and sure, activations
    saturate, gradients explode.

    ## What to do
    He's initialization for ReLU, Glorot's for tanh and sigmoid, LeCun's for SELU; or leave
    torch's own.

    ## When to ignore it
    The weights are trained already, or normalization follows the layer.
    """

    name = "probe-init-match"
    stage = Stage.GRADIENTS
    severity = Severity.WARNING
    requires = (GAIN,)
    symptoms = ("the loss starts too high",)
    basis = "0.85: the threshold found all inflated initializations, and 1% of healthy nets."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(4, "He for ReLU, LeCun for SELU and ELU, Glorot for softmax, logistic and tanh."),
        own("Weights of standard deviation 1 have a gain of 7.9 to 14, healthy ones at most 0.64."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Initialize the weights as He or Glorot do",
        "observed": "Initial weights are {gain:number} times too large",
        "evidence": "rms(W) · sqrt(fan in) is {gain:number} at {layer:name}; usual "
        "initializations give 0.6 to 1.4.",
        "do": "Use `nn.init.kaiming_normal_` for ReLU, `nn.init.xavier_normal_` for tanh, or leave "
        "what torch does by default.",
        "why": "Every layer multiplies what goes through it by this number.",
        "check": "The first loss is near that of guessing.",
        "unless": "the weights are trained already, or normalization follows.",
    }

    gain: float = option(
        3.0,
        "Largest rms(W) · sqrt(fan in).",
        source="our measurement: healthy 0.64 (99th percentile), weights of deviation 1 at 7.9 up",
        gt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return weights of deviation 1, He's and torch's own."""
        names = {"names": ("0", "2", "4")}
        return (
            shown("deviation 1", "layers", {"gain": [8.0, 8.0, 8.0]}, names, fires=True),
            shown("He's", "layers", {"gain": [1.41, 1.4, 1.42]}, names, fires=False),
            shown("torch's own", "layers", {"gain": [0.58, 0.57, 0.58]}, names, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the layer with the largest weights."""
        gains = run[GAIN]
        place = int(np.argmax(gains.values))
        gain = float(gains.values[place])
        if gain > self.gain:
            yield self.finding(
                confidence=0.85,
                evidence=[cited(gains, "rms(W) · sqrt(fan in)", gain, self.gain)],
                gain=gain,
                layer=named(run, "layers.names", place),
            )
