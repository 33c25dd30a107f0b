"""The rule ``probe-output-activation``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, of, shown, wandb

UNREACHABLE, BROADCAST = of("outputs", "unreachable", "broadcast")


class ProbeOutputActivation(MeasuredRule):
    """The last activation cannot give values that the targets take.

    ## What it checks
    Under a loss on numbers, the range of the activation that ends the model (0 to 1 for a
    sigmoid, -1 to 1 for tanh, 0 and above for ReLU) against the targets of eight batches. The
    rule fires if more than ``share`` of them lie outside.

    ## Why it matters
    What the last activation cannot give is never predicted, and where it saturates there is no
    gradient.

    ## What to do
    End a regression without an activation, or scale the targets into the range.

    ## When to ignore it
    The targets outside are errors in the data.
    """

    name = "probe-output-activation"
    stage = Stage.PROGRAM
    severity = Severity.ERROR
    requires = (BROADCAST,)
    uses = (UNREACHABLE,)
    symptoms = ("the loss stops at a floor of its own making",)
    basis = "0.95: activation and targets were seen."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(4, "No activation for regression; tanh, logistic or softplus where it is bounded."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Remove the last activation, or scale the targets",
        "observed": "{share:percent} of the targets cannot be predicted",
        "evidence": "{share:percent} of the targets of eight batches lie outside of what "
        "{activation:name} at the end of the model can give.",
        "do": "End the model without an activation, or scale the targets into its range.",
        "why": "A value that the last activation cannot give is never predicted.",
        "check": "The probe finds all targets within reach.",
        "unless": "the targets outside are mistakes in the data.",
    }

    share: float = option(
        0.02,
        "Share of targets out of reach from which on it is told.",
        source="chosen by eye: single outliers are the data's fault",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a sigmoid before large targets, a ReLU that loses half, and a linear end."""
        return (
            _ended("Sigmoid", 0.97, fires=True),
            _ended("ReLU", 0.5, fires=True),
            _ended("none", 0.0, fires=False),
            _ended("Tanh", 0.01, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the share of targets out of reach with the threshold."""
        share = self.value(run, UNREACHABLE)
        if share is not None and share > self.share:
            yield self.finding(
                confidence=0.95,
                severity=Severity.ERROR if share > 10 * self.share else Severity.WARNING,
                evidence=[cited(run[UNREACHABLE], "targets out of reach", share, self.share)],
                share=min(share, 1.0),
                activation=str(fact(run, "outputs.activation", "the activation")),
            )


def _ended(activation: str, share: float, *, fires: bool) -> Example:
    title = f"{activation} last, {share:.0%} of the targets out of reach"
    facts = {"activation": activation}
    measured = {"unreachable": share, "broadcast": 0.0}
    return shown(title, "outputs", measured, facts, fires=fires)
