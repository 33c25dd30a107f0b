"""The rule ``metric-not-logged``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Split, Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling
from advisor_rules.signs.measure import stretch


class MetricNotLogged(Rule):
    """A classifier is followed by its validation loss alone.

    ## What it checks
    Looks for a validation metric (accuracy, F1, AUC …) in the log of a run that is known to
    classify. The rule fires if there is none, or if the metric was measured at less than
    ``sparse`` of the validations that measured the loss. It holds for classification only: in
    regression the loss is often the metric, and a language model's perplexity is its loss in
    another unit. Where the task is not known, or a metric's name does not say which data it
    was measured on, it stays silent.

    ## Why it matters
    The loss of a classifier can rise while it classifies better, and the lowest loss need not
    be the best model. Without a metric neither can be seen.

    ## What to do
    Compute the metric that you report at every validation, and log it beside the loss.

    ## When to ignore it
    The loss is what the model is judged by, or the metric is too dear to compute each time.
    """

    name = "metric-not-logged"
    stage = Stage.VALIDATION
    severity = Severity.NOTE
    requires = ("val/loss",)
    uses = ("val/metric", "test/metric", "train/metric", "metric")
    compares = False
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.REGRESSION, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.METRIC_UNKNOWN,)
    separated_by = ("log val/accuracy",)
    do_separates = ("do",)
    basis = "That nothing is logged is a fact; whether it is measured elsewhere is not known."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(
            2,
            "The lowest loss need not be the best metric: print the model's performance for "
            "each epoch.",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Log the metric you care about at every validation",
        "observed": "No validation metric in the log",
        "observed.sparse": "Validation metric logged rarely",
        "evidence": "{series:name} was logged {points:count time|times}, a validation metric "
        "{metrics:count time|times}.",
        "do": "Compute accuracy, F1 or AUC wherever {series:name} is computed, and log it, for "
        "example as `val/accuracy`.",
        "do.sparse": "Compute {metric:name} wherever {series:name} is computed: the predictions "
        "are there already.",
        "why": "A classifier's loss can rise while it classifies better, and the lowest loss need "
        "not be the best model; only the metric shows which it is.",
        "check": "The next log has a validation metric, and the rules that need one run.",
        "unless": "the loss is what the model is judged by, or the metric is logged elsewhere.",
    }

    sparse: float = option(
        0.2,
        "Share of the validations below which a metric counts as logged rarely.",
        source="chosen by eye; at every fifth validation its best step is still found roughly",
        gt=0,
        lt=1,
    )
    few: int = option(
        10,
        "Points of a metric from which it is never too sparse.",
        source="chosen by eye; enough to see where a metric is best",
        ge=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a classifier without a metric, and runs that have one or need none."""
        loss = falling(50, seed=70)
        classes = {"num_classes": 10, "lr": 1e-3}
        return (
            Example(
                "a classifier with losses only",
                make_run(train_loss=loss, val_loss=loss + 0.1, config=classes),
                fires=True,
            ),
            Example(
                "with a validation accuracy",
                make_run(val_loss=loss, val_accuracy=1 - loss / 3, config=classes),
                fires=False,
            ),
            Example("a regression", make_run(val_loss=loss, config={"loss": "mse"}), fires=False),
            Example("an unknown task", make_run(val_loss=loss), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the number of validations with that of the measurements of a metric."""
        if run.task is not Task.CLASSIFICATION:
            raise NotApplicable("it is not known whether this model classifies")
        loss, metrics = run["val/loss"], run.every("val/metric|test/metric")
        others = run.every("metric|train/metric")
        unclear = [curve for curve in others if curve.role.named_split is Split.NONE]
        if not metrics and unclear:
            raise NotApplicable(
                "it is not known which data {series:name} was measured on", series=unclear[0].tag
            )
        most = max(metrics, key=lambda curve: len(curve.effective), default=None)
        if most is None or len(most.effective) < min(self.few, self.sparse * len(loss)):
            yield self._found(loss, most)

    def _found(self, loss: Curve, metric: Curve | None) -> Finding:
        points = len(metric.effective) if metric else 0
        steps = loss.steps
        return self.finding(
            confidence=0.9 if metric is None else 0.7,
            evidence=[
                stretch(
                    loss,
                    steps[0],
                    steps[-1],
                    "measurements of a metric per validation",
                    points / len(loss),
                    self.sparse,
                )
            ],
            variants=dict.fromkeys(("observed", "do"), "sparse") if metric else None,
            series=loss.tag,
            points=len(loss),
            metrics=points,
            metric=metric.tag if metric else "",
        )
