"""The rule ``loss-function-fit``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Evidence, Finding, Severity
from advisor.language import term
from advisor.roles import Kind, Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.signs.chance import classes_of, loss_name
from advisor_rules.signs.measure import certainty, stretch
from advisor_rules.signs.right_answers import SHARES

_SQUARED = re.compile(r"(?:^|[^a-z])mse|mean.?squared.?error|(?:^|[^a-z])l2.?loss")
_DISTANCE = re.compile(_SQUARED.pattern + r"|(?:^|[^a-z])mae|huber|smooth.?l1|l1.?loss|mean.?abs")
_ENTROPY = re.compile(r"cross.?entropy|(?:^|[^a-z])b?ce(?:[^a-z]|$)|bcewith|bceloss|nllloss")
_COUNTED = SHARES | {"top5_accuracy", "top5_error", "f1", "auc", "mcc"}
"""Metrics that only classes have."""
_MEASURED = frozenset({"rmse", "r2", "mape"})
"""Metrics that only numbers have; an MAE is also taken of maps of probabilities."""
_STRETCHES = 4


class _Tail(NamedTuple):
    """The upper tail of a loss, relative to the level of its time."""

    carried: float
    """The least share, over the quarters of a run, of a quarter's loss in its largest values."""
    largest: float
    """The largest value, in multiples of the level of its time."""


class LossFunctionFit(Rule):
    """The loss function does not fit what is learned.

    ## What it checks
    Three things, by the loss function that the config names. A squared or absolute error where
    classes are learned: their number is recorded, and accuracy, F1 or AUC are logged, or an
    error rate. A cross-entropy where numbers are learned: R2, RMSE or MAPE are logged, and no
    metric of classes. And a squared error on numbers with many outliers: in every quarter of the
    run, the largest hundredth of the per-step losses, each against the level of its time, carries
    ``carried`` of the whole. What the config does not say is not guessed.

    ## Why it matters
    A squared error between probabilities and labels hardly pushes a model that is certain and
    wrong. A squared error on numbers with outliers listens to hardly anything else.

    ## What to do
    Cross-entropy for classes, the mean squared error for numbers, the Huber loss or the mean
    absolute error for numbers with outliers.

    ## When to ignore it
    The choice was compared with the usual one, as with the Brier score for probabilities.
    """

    name = "loss-function-fit"
    stage = Stage.PROGRAM
    severity = Severity.NOTE
    requires = ("train/loss",)
    uses = ("val/loss", "val/metric", "train/metric", "test/metric")
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.LOSS_MISFIT,)
    confirmed_by = ("probe-loss-function-fit",)
    cleared_by = ("probe-loss-function-fit",)
    separated_by = ("two short runs that differ in the loss function only",)
    basis = (
        "0.7 where config and metrics disagree; 0.5 to 0.7, growing with the tail, for outliers."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            1,
            "Mean squared error for regression, mean absolute error or Huber where outliers are "
            "many; cross-entropy serves classification well.",
        ),
        sources.overview("Cross-entropy suits classification into several classes."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try {after:text} as the loss",
        "observed": "The loss does not fit the task",
        "observed.outliers": "Outliers carry {carried:percent} of the loss",
        "evidence": "{path:name} is {loss:name}, while {metric:name} counts classes.",
        "evidence.numbers": "{path:name} is {loss:name}, while {metric:name} measures numbers.",
        "evidence.outliers": "In each quarter of {series:name}, a hundredth of the steps carried "
        "{carried:percent} of the loss or more; the largest was {largest:number} times the level.",
        "do": "Train once with {after:text}, everything else unchanged, and compare the metric.",
        "why": "A squared error hardly pushes a classifier that is certain and wrong; a "
        "cross-entropy pushes it hardest there.",
        "why.numbers": "A cross-entropy compares probabilities; for other numbers its lowest point "
        "is not the right answer.",
        "why.outliers": "Squaring lets a few large errors outweigh all others; Huber counts them "
        "by their size only.",
        "check": "The validation metric of the new run is better by more than seeds differ.",
        "unless": "the choice was compared with the usual one before.",
    }

    carried: float = option(
        0.3,
        "Share of the loss that the largest hundredth of the steps must carry.",
        source="chosen by eye: three times what squares of normal errors carry one by one",
        gt=0,
        lt=1,
    )
    steps: int = option(
        2000,
        "The fewest steps for that; the largest hundredth of a quarter is then five.",
        source="chosen by eye",
        ge=400,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a squared error on classes, one with outliers, and losses that fit."""
        loss = falling(60, seed=370)
        accuracy = 0.8 + noise(60, 0.01, 371)
        tailed = falling(4000, seed=372) * (1 + 60 * (np.arange(4000) % 97 == 0))
        return (
            Example(
                "a squared error on ten classes",
                make_run(
                    train_loss=loss,
                    val_accuracy=accuracy,
                    config={"criterion": "MSELoss()", "num_classes": 10},
                ),
                fires=True,
            ),
            Example(
                "a squared error with outliers",
                make_run(train_loss=tailed, config={"loss": "mse"}),
                fires=True,
            ),
            Example(
                "cross-entropy on ten classes",
                make_run(
                    train_loss=loss,
                    val_accuracy=accuracy,
                    config={"criterion": "CrossEntropyLoss()", "num_classes": 10},
                ),
                fires=False,
            ),
            Example(
                "a squared error on numbers",
                make_run(train_loss=loss, val_rmse=loss, config={"loss": "mse"}),
                fires=False,
            ),
            Example(
                "no loss in the config",
                make_run(train_loss=loss, val_accuracy=accuracy),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the named loss against the metrics, then a squared error against its tail."""
        named = loss_name(run.settings).lower()
        if not named:
            raise NotApplicable("the config does not name the loss function")
        counted, measured = _metric(run, _COUNTED), _metric(run, _MEASURED)
        classes = run.task is Task.CLASSIFICATION and classes_of(run) is not None
        if _DISTANCE.search(named) and counted is not None and classes:
            yield self._misfit(run, counted, term("cross-entropy"), None)
        elif _ENTROPY.search(named) and measured is not None and run.task is Task.REGRESSION:
            yield self._misfit(run, measured, term("the mean squared error"), "numbers")
        elif _SQUARED.search(named) and counted is None and not run["train/loss"].role.part:
            yield from self._outliers(run, run["train/loss"])

    def _misfit(self, run: RunView, metric: Curve, after: str, variant: str | None) -> Finding:
        words = "points of a metric of classes" if variant is None else "points of a metric"
        return self._found(
            run,
            [stretch(metric, metric.steps[0], metric.steps[-1], words, len(metric), None)],
            after,
            0.7,
            variants={} if variant is None else dict.fromkeys(("evidence", "why"), variant),
            metric=metric.tag,
        )

    def _outliers(self, run: RunView, loss: Curve) -> Iterator[Finding]:
        if len(loss) < self.steps or loss.values.min() < 0:
            return
        tail = _tail(loss)
        if tail.carried < self.carried:
            return
        words = "share of the loss in the largest hundredth of the steps"
        yield self._found(
            run,
            [stretch(loss, loss.steps[0], loss.steps[-1], words, tail.carried, self.carried)],
            term("the Huber loss"),
            certainty(tail.carried / self.carried, 0.5, 0.7),
            variants=dict.fromkeys(("observed", "evidence", "why"), "outliers"),
            carried=tail.carried,
            largest=tail.largest,
        )

    def _found(
        self,
        run: RunView,
        evidence: list[Evidence],
        after: str,
        confidence: float,
        *,
        variants: dict[str, str],
        metric: str = "",
        carried: float = 0.0,
        largest: float = 0.0,
    ) -> Finding:
        path, loss = run.settings.path("loss_function"), loss_name(run.settings)
        change = Change.model_validate(
            {
                "parameter": "loss_function",
                "path": path,
                "from": loss,
                "to": after,
                "direction": "set",
                "horizon": "full",
            }
        )
        return self.finding(
            confidence=confidence,
            evidence=evidence,
            changes=(change,),
            variants=variants,
            series=evidence[0].series,
            path=path or "",
            loss=loss,
            metric=metric,
            after=after,
            carried=carried,
            largest=largest,
        )


def _metric(run: RunView, quantities: frozenset[str]) -> Curve | None:
    keys = ("val/metric", "train/metric", "test/metric", "val/loss", "train/loss")
    curves = (curve for key in keys for curve in run.every(key) if len(curve))
    judged = (c for c in curves if c.role.kind is Kind.METRIC)
    return next((c for c in judged if c.role.quantity in quantities), None)


def _tail(loss: Curve) -> _Tail:
    """Measure the largest hundredth of the losses, each divided by the level around it."""
    level = np.interp(loss.steps, loss.trend.steps, loss.trend.values)
    ratios = np.divide(loss.values, level, out=np.zeros(len(loss)), where=level > 0)
    carried = min(_carried(part) for part in np.array_split(ratios, _STRETCHES))
    return _Tail(carried, float(ratios.max()))


def _carried(ratios: Floats) -> float:
    top = np.sort(ratios)[-max(len(ratios) // 100, 1) :]
    total = float(ratios.sum())
    return float(top.sum()) / total if total > 0 else 0.0
