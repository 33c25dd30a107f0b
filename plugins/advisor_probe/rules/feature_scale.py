"""The rule ``feature-scale``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, of, own, shown, wandb

RMS, DECADES, DEVIATION = of("inputs", "rms", "decades", "deviation")


class FeatureScale(MeasuredRule):
    """The inputs are large, or their columns are on very different scales.

    ## What it checks
    The root mean square of the inputs over eight batches, and for tables the range of the
    columns' standard deviations. The rule fires above ``rms``, or where the widest column
    varies ``decades`` orders of magnitude more than the narrowest.

    ## Why it matters
    Gradients are proportional to the inputs: with columns on different scales no one learning
    rate suits all weights, and large inputs saturate activations.

    ## What to do
    Subtract the mean and divide by the standard deviation of each column of the training data;
    bring images to about -1 … 1. Take the same numbers for validation.

    ## When to ignore it
    The first layer normalizes the inputs itself.
    """

    name = "feature-scale"
    stage = Stage.PROGRAM
    severity = Severity.WARNING
    requires = (RMS,)
    uses = (DECADES, DEVIATION)
    symptoms = ("the layers do not fit the data",)
    basis = "0.85: unscaled features were found each time, min-max scaled ones never called so."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(1, "Features on different scales slow convergence."),
        own("A root mean square above 3.5 or 1.5 decades found all unscaled sets, and none of 51 "
            "that were scaled to 0 … 1."),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Standardize the inputs",
        "observed": "Inputs have a root mean square of {rms:number}",
        "observed.decades": "Columns differ in scale by a factor of {factor:number}",
        "evidence": "Over eight batches the root mean square of the inputs is {rms:number}; "
        "standardized ones have 1.",
        "evidence.decades": "The widest column varies {factor:number} times as much as the "
        "narrowest.",
        "do": "Subtract each column's mean and divide by its standard deviation, both from the "
        "training data.",
        "why": "Gradients are proportional to the inputs, so that no one learning rate suits all "
        "weights.",
        "check": "The loss falls faster in the first epochs, and the first loss is near guessing.",
        "unless": "the model begins with a layer that normalizes.",
    }

    rms: float = option(
        3.5,
        "Largest root mean square.",
        source="our measurement: standardized sets reach 1.04, unscaled ones start at 4 (5%)",
        gt=1,
    )
    decades: float = option(
        1.5,
        "Largest range of the columns' deviations, in powers of ten.",
        source="our measurement: none of 51 sets scaled to 0 … 1 exceeds it",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return raw features, columns of different scales, and standardized ones."""
        return (
            shown("pixels from 0 to 255", "inputs", {"rms": 129.0}, fires=True),
            shown("columns of all scales", "inputs",
                  {"rms": 2.0, "decades": 2.5, "deviation": [6.0, 1.0, 0.02]}, fires=True),
            shown("standardized", "inputs",
                  {"rms": 1.0, "decades": 0.1, "deviation": [1.1, 1.0, 0.9]}, fires=False),
            shown("scaled to 0 … 1", "inputs",
                  {"rms": 0.5, "decades": 0.8, "deviation": [0.4, 0.2, 0.06]}, fires=False),
        )  # fmt: skip

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the size first, then at the differences between columns."""
        rms, decades = float(run[RMS].values[-1]), self.value(run, DECADES)
        if rms > self.rms:
            evidence = cited(run[RMS], "root mean square of the inputs", rms, self.rms)
            yield self.finding(confidence=0.85, evidence=[evidence], rms=rms)
        elif decades is not None and decades > self.decades:
            key = DEVIATION if self.value(run, DEVIATION) is not None else DECADES
            what = "decades between the columns' deviations"
            yield self.finding(
                confidence=0.85,
                evidence=[cited(run[key], what, decades, self.decades)],
                variants={"observed": "decades", "evidence": "decades"},
                factor=10 ** min(decades, 300.0),
                rms=rms,
            )
