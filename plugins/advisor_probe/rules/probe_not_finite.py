"""The rule ``probe-not-finite``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, notes, of, shown

(FINITE, GRADIENT) = of("one-step", "finite", "finite_gradient")
(LOSSES,) = of("loop", "loss")


class ProbeNotFinite(MeasuredRule):
    """The loss or its gradient is NaN or infinite within the first steps.

    ## What it checks
    The loss and the gradient of the first batch, and the losses of the first steps with the
    user's own step and settings. The rule fires at the first value that is no finite number.

    ## Why it matters
    From the first NaN on every weight is NaN: nothing that follows is a training.

    ## What to do
    If the very first batch is concerned, look for NaN in the data, a logarithm or a division of
    zero, and labels out of range. If it comes after some steps, lower the learning rate, clip the
    gradient by its norm, and check the loss scaling of mixed precision.

    ## When to ignore it
    Never: the numbers were seen.
    """

    name = "probe-not-finite"
    stage = Stage.NON_FINITE
    severity = Severity.ERROR
    requires = (FINITE, GRADIENT)
    uses = (LOSSES,)
    silences = ("stage:program", "stage:learning-rate", "stage:gradients")
    symptoms = ("the loss is not finite",)
    basis = "0.99: it was seen."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("Too large a step oversteps; NaN means that something is broken."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Look for what makes the first loss NaN",
        "title.gradient": "Look for what makes the gradient NaN",
        "title.later": "Lower the learning rate, or clip the gradient",
        "observed": "The first loss is not finite",
        "observed.gradient": "The first gradient is not finite",
        "observed.later": "The loss is not finite after {step:count step|steps}",
        "evidence": "An untrained model gives a loss that is NaN or infinite on its first batch.",
        "evidence.gradient": "The first loss is finite, and its gradient is NaN or infinite.",
        "evidence.later": "With your own settings the loss is finite at first, and NaN or infinite "
        "after {step:count step|steps}.",
        "do": "Check the first batch for NaN, the labels for their range, and the loss for "
        "log(0) and division by zero.",
        "do.later": "Divide the learning rate by 10, and clip the gradient by its norm.",
        "why": "One NaN makes every weight NaN with the next step.",
        "check": "The probe runs through with finite losses.",
        "unless": "the target leaves out what makes the real training stable.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a NaN at once, one in the gradient, one that comes later, and none."""
        good = {"finite": 1.0, "finite_gradient": 1.0}
        return (
            shown("NaN at once", "one-step", {"finite": 0.0, "finite_gradient": 0.0}, fires=True),
            shown("NaN gradient", "one-step", {**good, "finite_gradient": 0.0}, fires=True),
            shown("all finite", "one-step", good, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for the first value that is not finite."""
        finite, gradient = run[FINITE], run[GRADIENT]
        if not finite.values[-1]:
            yield self._found(run, FINITE, "", 0)
        elif not gradient.values[-1]:
            yield self._found(run, GRADIENT, "gradient", 0)
        elif (losses := run.get(LOSSES)) is not None and len(losses.non_finite):
            yield self._found(run, LOSSES, "later", int(losses.non_finite.steps[0]))

    def _found(self, run: RunView, key: str, variant: str, step: int) -> Finding:
        varied = dict.fromkeys(("title", "observed", "evidence", "do"), variant)
        return self.finding(
            confidence=0.99,
            evidence=[cited(run[key], "share of values that are finite", 0.0, 1.0)],
            variants={p: v for p, v in varied.items() if v and f"{p}.{v}" in self.texts},
            step=step,
        )
