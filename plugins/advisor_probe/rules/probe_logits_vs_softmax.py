"""The rule ``probe-logits-vs-softmax``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, notes, of, own, shown

SIMPLEX, LOG_SIMPLEX = of("outputs", "simplex", "log_simplex")
INSIDE, BROADCAST = of("outputs", "inside", "broadcast")
TOLERANCE = 1e-3
"""Rows of a softmax sum to 1 within 2e-7 in single and 1e-3 in half precision (measured); raw
outputs miss that by 0.9 or more."""


class ProbeLogitsVsSoftmax(MeasuredRule):
    """The outputs are probabilities where the loss expects raw values, or the other way round.

    ## What it checks
    Which loss it is, told by its value, and whether each row of outputs is a distribution. The
    rule fires on rows that sum to 1 under a cross-entropy, which applies a softmax itself; on
    outputs all between 0 and 1 under a binary cross-entropy of logits; and on rows that are no
    log-probabilities under a negative log-likelihood.

    ## Why it matters
    A softmax of a softmax cannot get sure: for ten classes the loss stays above 1.46 whatever
    is learned, and gradients are small. A log-likelihood of raw values has no lower bound.

    ## What to do
    Give the loss raw outputs: drop the softmax or sigmoid, or change to ``NLLLoss`` with
    ``log_softmax``, or to ``BCELoss``.

    ## When to ignore it
    Never under these losses: the values were seen.
    """

    name = "probe-logits-vs-softmax"
    stage = Stage.PROGRAM
    severity = Severity.ERROR
    requires = (BROADCAST,)
    uses = (SIMPLEX, LOG_SIMPLEX, INSIDE)
    silences = ("probe-output-activation", "overfit-tiny-batch")
    symptoms = ("the loss stops at a floor of its own making",)
    basis = "0.97: rows that sum to 1 within 1e-3 separate faulty from healthy models exactly."
    citations: ClassVar[tuple[Citation, ...]] = (
        notes("A common mistake is to pass softmaxed outputs to a loss that expects raw logits."),
        own("The sum of a row separates softmaxed from raw outputs exactly (area 1.00)."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Give the loss raw outputs, without the softmax",
        "title.binary": "Give the loss raw outputs, without the sigmoid",
        "title.likelihood": "Give the loss log-probabilities",
        "observed": "Outputs are softmaxed before the loss does it",
        "observed.binary": "Outputs are squashed before the loss does it",
        "observed.likelihood": "The loss gets raw outputs, not log-probabilities",
        "evidence": "Every row of outputs sums to 1 within {value:number}, and the loss is "
        "{loss:name}, which takes a softmax itself.",
        "evidence.binary": "All outputs lie between 0 and 1, and the loss is {loss:name}, which "
        "takes a sigmoid itself.",
        "evidence.likelihood": "The rows of outputs are {value:number} away from "
        "log-probabilities, and the loss is {loss:name}, which expects those.",
        "do": "Remove the last `Softmax`, and apply it only where you need probabilities.",
        "do.binary": "Remove the last `Sigmoid`, or use `BCELoss`.",
        "do.likelihood": "Put `log_softmax(dim=1)` last, or use `CrossEntropyLoss`.",
        "why": "A softmax of probabilities is nearly flat: the loss keeps a floor far above 0, and "
        "the gradient is small.",
        "why.likelihood": "Without log-probabilities the loss can fall without bound, and the "
        "classes do not compete.",
        "check": "A few samples can be fitted to a loss of 0.",
        "unless": "the loss only looks like this one.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return both squashed outputs, raw ones where logs are wanted, and three in order."""
        choosing = {"loss": "cross-entropy"}
        binary = {"loss": "binary cross-entropy of logits"}
        likelihood = {"loss": "negative log-likelihood"}
        soft = {"broadcast": 0.0, "simplex": 2e-7, "log_simplex": 2.4}
        raw = {"broadcast": 0.0, "simplex": 9.0, "log_simplex": 2.4}
        logs = {"broadcast": 0.0, "simplex": 9.0, "log_simplex": 1e-7}
        return (
            shown("softmax before cross-entropy", "outputs", soft, choosing, fires=True),
            shown("sigmoid twice", "outputs", {"broadcast": 0.0, "inside": 1.0}, binary,
                  fires=True),
            shown("raw outputs under NLL", "outputs", raw, likelihood, fires=True),
            shown("raw outputs under cross-entropy", "outputs", raw, choosing, fires=False),
            shown("log-probabilities under NLL", "outputs", logs, likelihood, fires=False),
            shown("raw binary outputs", "outputs", {"broadcast": 0.0, "inside": 0.4}, binary,
                  fires=False),
        )  # fmt: skip

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the outputs with what the loss expects."""
        loss = fact(run, "outputs.loss")
        simplex, logs = self.value(run, SIMPLEX), self.value(run, LOG_SIMPLEX)
        inside = self.value(run, INSIDE)
        if loss == "cross-entropy" and simplex is not None and abs(simplex) < TOLERANCE:
            yield self._found(run, SIMPLEX, "", simplex)
        elif loss == "binary cross-entropy of logits" and inside == 1.0:
            yield self._found(run, INSIDE, "binary", 1.0)
        elif loss == "negative log-likelihood" and logs is not None and logs > 10 * TOLERANCE:
            yield self._found(run, LOG_SIMPLEX, "likelihood", logs)

    def _found(self, run: RunView, key: str, variant: str, value: float) -> Finding:
        parts = [p.partition(".")[0] for p in self.texts if p.endswith(f".{variant}")]
        return self.finding(
            confidence=0.97,
            evidence=[cited(run[key], "what the outputs of untrained rows come to", value)],
            variants=dict.fromkeys(parts, variant) if variant else {},
            value=value,
            loss=str(fact(run, "outputs.loss")),
        )
