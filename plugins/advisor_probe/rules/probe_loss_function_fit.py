"""The rule ``probe-loss-function-fit``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Example, Stage, option
from advisor.view import RunView
from advisor_probe.rules.measured import MeasuredRule, cited, fact, of, shown, wandb

AS_NUMBERS, TAIL, TARGETS = of("outputs", "classes_as_numbers", "tail", "targets")
(BROADCAST,) = of("outputs", "broadcast")
SQUARED = "mean squared error"


class ProbeLossFunctionFit(MeasuredRule):
    """The loss function does not fit the targets: a squared error on classes, or on outliers.

    ## What it checks
    Which loss it is, told by its value. Under an error on numbers, whether the targets are whole
    numbers of few kinds, as classes are; under a squared error, whether targets more than five
    robust standard deviations out hold more than ``tail`` of the squared deviation.

    ## Why it matters
    A squared error takes class 9 to be nine times class 1. Under a squared error a few outliers
    decide what is learned.

    ## What to do
    A cross-entropy for classes. The mean absolute error or Huber's loss where there are outliers.

    ## When to ignore it
    The whole numbers are counts or grades, or the outliers are what matters.
    """

    name = "probe-loss-function-fit"
    stage = Stage.PROGRAM
    severity = Severity.NOTE
    requires = (BROADCAST,)
    uses = (AS_NUMBERS, TAIL, TARGETS)
    symptoms = ("the loss does not fit the task",)
    separated_by = ("whether the numbers have an order",)
    basis = "0.6: counts and grades are whole numbers, too; outliers may be what matters."
    citations: ClassVar[tuple[Citation, ...]] = (
        wandb(1, "Squared error for regression unless there are many outliers, then MAE or Huber."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Use a cross-entropy if the targets are classes",
        "title.tail": "Try Huber's loss: a few targets lie far out",
        "observed": "Classes under an error on numbers",
        "observed.tail": "Outliers hold {value:percent} of the spread",
        "evidence": "The targets are whole numbers of few kinds, and the loss is {loss:name}.",
        "evidence.tail": "Of {targets:count target|targets}, those over five robust deviations "
        "out hold {value:percent} of the squared deviation; the loss is {loss:name}.",
        "do": "Use as many outputs as classes, with `CrossEntropyLoss`.",
        "do.tail": "Use `HuberLoss` or `L1Loss`, or take the logarithm of the targets.",
        "why": "An error on numbers takes neighbouring classes to be alike.",
        "why.tail": "Squared, the few that lie far out decide what is learned.",
        "check": "Validation gets better in a metric that both losses share.",
        "unless": "the numbers are counts or grades.",
        "unless.tail": "the targets far out are what matters.",
    }

    tail: float = option(
        0.5,
        "Share of the spread held by targets that lie far out from which on it is told.",
        source="chosen by eye: 0 for a normal distribution, 0.3 for an exponential one",
        gt=0,
        lt=1,
    )
    fewest: int = option(100, "Targets needed to look for outliers.", source="chosen by eye", ge=10)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return classes and outliers under a squared error, and plain numbers."""
        plain = {"broadcast": 0.0, "classes_as_numbers": 0.0, "tail": 0.0, "targets": 256.0}
        facts = {"loss": SQUARED}
        return (
            shown("classes", "outputs", {**plain, "classes_as_numbers": 1.0}, facts, fires=True),
            shown("outliers", "outputs", {**plain, "tail": 0.8}, facts, fires=True),
            shown("numbers", "outputs", plain, facts, fires=False),
            shown("outliers under Huber", "outputs", {**plain, "tail": 0.8}, {"loss": "Huber"},
                  fires=False),
        )  # fmt: skip

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for classes first, then for outliers."""
        loss, tail = str(fact(run, "outputs.loss", "unknown")), self.value(run, TAIL)
        targets = int(self.value(run, TARGETS) or 0)
        if tail is None:
            return
        if self.value(run, AS_NUMBERS) == 1.0:
            yield self._found(1.0, loss, targets, "", run)
        elif loss == SQUARED and targets >= self.fewest and tail > self.tail:
            yield self._found(tail, loss, targets, "tail", run)

    def _found(self, value: float, loss: str, targets: int, variant: str, run: RunView) -> Finding:
        parts = [p.partition(".")[0] for p in self.texts if variant and p.endswith(".tail")]
        key, threshold = (TAIL, self.tail) if variant else (AS_NUMBERS, None)
        return self.finding(
            confidence=0.6,
            evidence=[cited(run[key], "what the targets are like", value, threshold)],
            variants=dict.fromkeys(parts, variant),
            value=min(value, 1.0),
            loss=loss,
            targets=targets,
        )
