"""The rule ``probe-initial-loss``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy.typing as npt

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, notes, of, own, shown

LOSS, GUESS, RATIO = of("initial-loss", "loss", "guess", "ratio")


class ProbeInitialLoss(MeasuredRule):
    """An untrained model is wrong with great certainty: its loss is far above that of guessing.

    ## What it checks
    The mean loss of eight batches before the first step, against that of a model that knows
    nothing: ln(C) for C classes, ln(2) for two, the variance of the targets for a squared error,
    their mean absolute deviation for an absolute one. The rule fires at ``times`` that. Which
    loss it is, is told by its value, so that weights, smoothing and sums are left alone.

    ## Why it matters
    A classifier that starts far above ln(C) is sure of wrong classes: weights, inputs or the
    scale of the outputs are off. A regressor that starts far above the variance spends its first
    steps learning the mean.

    ## What to do
    Classification: standardize the inputs, and shrink the weights of the last layer. Regression:
    standardize the targets, or set the last bias to their mean.

    ## When to ignore it
    The model starts from weights that were trained on something else.
    """

    name = "probe-initial-loss"
    stage = Stage.PROGRAM
    severity = Severity.WARNING
    requires = (LOSS, GUESS, RATIO)
    symptoms = ("the loss starts too high",)
    basis = "0.9: a threshold of 2 found 99% of inflated initializations, and 2 healthy of 102."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("Classes start about equally likely, so that a softmax loss starts near ln(C)."),
        own("2 times the entropy of the classes separates inflated from healthy initial weights."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Shrink the initial weights, or scale the inputs",
        "title.regression": "Standardize the targets, or start from their mean",
        "observed": "Starts at {ratio:number} times the loss of guessing",
        "evidence": "Untrained, the loss is {loss:number} on average over {batches:count "
        "batch|batches}; guessing costs {guess:number} under {kind:name}.",
        "do": "Standardize the inputs, and initialize the last layer with small weights.",
        "do.regression": "Subtract the mean of the targets and divide by their deviation, or set "
        "the last layer's bias to the mean.",
        "why": "A model that is sure before it has learned has outputs out of scale; the first "
        "steps only undo that.",
        "check": "The loss before the first step is near {guess:number}.",
        "unless": "the model starts from trained weights.",
    }

    times: float = option(
        2.0,
        "Times the loss of guessing from which on it is too high.",
        source="our measurement: 99% of inflated initializations exceed it (fifth percentile 2.1), "
        "healthy ones reach 1.46 (99th percentile)",
        gt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return an inflated start, targets far from zero, and two starts in order."""
        return (
            _start([13.0, 14.0], 2.303, "cross-entropy", fires=True),
            _start([29_000.0, 28_000.0], 5_900.0, "mean squared error", fires=True),
            _start([2.35, 2.31], 2.303, "cross-entropy", fires=False),
            _start([0.9, 1.3], 1.0, "mean squared error", fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the first loss with that of guessing."""
        ratio, guess = float(run[RATIO].values[-1]), float(run[GUESS].values[-1])
        if ratio < self.times:
            return
        kind = str(fact(run, "initial-loss.loss", "an unknown loss"))
        regression = "error" in kind or kind == "Huber"
        variant = dict.fromkeys(("title", "do"), "regression") if regression else {}
        yield self.finding(
            confidence=0.9 if ratio > 2 * self.times else 0.75,
            severity=Severity.NOTE if regression else Severity.WARNING,
            evidence=[cited(run[LOSS], "times the loss of guessing", ratio, self.times)],
            variants=variant,
            ratio=ratio,
            loss=ratio * guess,
            guess=guess,
            batches=len(run[LOSS]),
            kind=kind,
        )


def _start(losses: list[float], guess: float, kind: str, *, fires: bool) -> Example:
    ratio = sum(losses) / len(losses) / guess
    title = f"{kind} at {ratio:.1f} times guessing"
    measured: dict[str, npt.ArrayLike] = {"loss": losses, "guess": guess, "ratio": ratio}
    return shown(title, "initial-loss", measured, {"loss": kind}, fires=fires)
