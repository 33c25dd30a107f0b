"""The rule ``probe-output-layer-shape``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, of, shown, wandb

BROADCAST, COLUMNS, CLASSES = of("outputs", "broadcast", "columns", "classes")


class ProbeOutputLayerShape(MeasuredRule):
    """The outputs have another shape than the targets, and the loss computes all the same.

    ## What it checks
    Whether a squared error compares every output with every target, because one has a column
    more than the other, which torch allows with a warning; and whether a cross-entropy gets a
    single output, for which it is always 0.

    ## Why it matters
    Compared with all targets at once, the best that a model can do is to predict their mean. A
    softmax over one output is always 1: nothing is learned.

    ## What to do
    Give outputs and targets one shape (``outputs.squeeze(-1)``), one output for each class under
    a cross-entropy, and a binary loss for a single output.

    ## When to ignore it
    Never: the shapes were seen.
    """

    name = "probe-output-layer-shape"
    stage = Stage.PROGRAM
    severity = Severity.ERROR
    requires = (BROADCAST,)
    uses = (COLUMNS, CLASSES)
    symptoms = ("the layers do not fit the data",)
    basis = "0.97: it was seen."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(
            1,
            "One output for regression or a binary choice, one for each class, one for each value "
            "of multivariate regression.",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Give outputs and targets the same shape",
        "title.single": "Give a cross-entropy an output for each class",
        "observed": "Every output is compared with every target",
        "observed.single": "One output under a cross-entropy",
        "evidence": "The loss equals the mean over all pairs of an output and a target: their "
        "shapes differ by one column.",
        "evidence.single": "The model has one output, and the loss is a cross-entropy.",
        "do": "Use `outputs.squeeze(-1)`, or give the targets a second dimension.",
        "do.single": "Use as many outputs as classes, or `BCEWithLogitsLoss` with one.",
        "why": "Compared with all targets, the best prediction is their mean.",
        "why.single": "A softmax over one value is always 1.",
        "check": "Outputs and targets of a batch have one shape.",
        "unless": "the comparison of all pairs is meant.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a shape that spreads, a single output, and outputs in order."""
        one = {"broadcast": 0.0, "columns": 1.0, "classes": 1.0}
        ten = {"broadcast": 0.0, "columns": 10.0, "classes": 10.0}
        return (
            shown("outputs (n, 1), targets (n)", "outputs", {"broadcast": 1.0}, fires=True),
            shown("one output under a softmax", "outputs", one, fires=True),
            shown("ten outputs for ten classes", "outputs", ten, fires=False),
            shown("one shape", "outputs", {"broadcast": 0.0}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the two shapes that compute and do not fit."""
        if self.value(run, BROADCAST) == 1.0:
            evidence = cited(run[BROADCAST], "whether every pair is compared", 1.0)
            yield self.finding(confidence=0.97, evidence=[evidence])
        elif self.value(run, COLUMNS) == 1.0:
            parts = ("title", "observed", "evidence", "do", "why")
            yield self.finding(
                confidence=0.97,
                evidence=[cited(run[COLUMNS], "outputs under a cross-entropy", 1.0, 2.0)],
                variants=dict.fromkeys(parts, "single"),
            )
