"""The rule ``val-loss-rises-metric-holds``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve.trend import Level
from advisor.finding import Citation, Evidence, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise, turning
from advisor_rules.signs.measure import Turn, certainty, stretch, turn
from advisor_rules.signs.rising import Metric, RisingValidation, metric_since, step_at
from advisor_rules.signs.said import At, course, ending


class ValLossRisesMetricHolds(RisingValidation):
    """Validation loss rises, but the validation metric holds or improves.

    ## What it checks
    Finds the best point of the smoothed validation loss and fires where ``overfitting`` would: the
    end is higher by ``rise``, by ``worth`` of its best level and of all that was gained (by
    ``sure_worth`` where the slope is sure), and by ``t`` standard errors (by ``large`` or
    ``steady``, and fewer), most points in between are above the best level, more than a few
    validation samples must have paid for it, and a logged training loss fell from there on. But the
    validation metric did not get worse: its end is within 0.5% or three standard errors of its best
    level. Where it only stays, the loss rose by ``flat_rise``, and the metric ended within
    ``holds`` of its best level, or no worse than where the loss was best. Overfitting stays the
    second explanation. Where the run is judged by the validation loss itself, this rule leaves it
    to the other.

    ## Why it matters
    Whoever stops or chooses by the loss gives away a model that is as good or better by what
    counts. What did suffer are the predicted probabilities: the model is too sure of itself.

    ## What to do
    Choose the checkpoint, and stop, by the metric. Where the probabilities are used, fit a
    temperature on validation data, or train with label smoothing.

    ## When to ignore it
    The validation loss is what the model is judged by.
    """

    flat_rise: float = option(
        0.1,
        "The same where the metric only stays: a small rise beside a flat metric tells little.",
        source="chosen by eye",
        gt=0,
    )
    holds: float = option(
        0.015,
        "Fall of the metric below its best level, as a share of it, from which it does not hold "
        "where it also ended below what it was when the loss was best.",
        source="measured on small trainings of 33 data sets and models: 10 of 22 such logs were "
        "not of a model that grew too sure, against 16 of 128 others",
        gt=0,
    )
    name = "val-loss-rises-metric-holds"
    stage = Stage.VALIDATION
    severity = Severity.NOTE
    requires = ("val/loss", "val/metric")
    uses = ("train/loss",)
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.LOSS_AGAINST_METRIC, symptoms.VALIDATION_WORSE)
    silences = ("loss-is-not-the-metric",)
    separated_by = ("log the calibration error of the validation predictions",)
    basis = (
        "Grows with the rise against its threshold and error, from 0.5 to 0.75 where the metric "
        "stays, to 0.9 where it improves to the end."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(
            2,
            "Validation loss may rise all the way while the chosen model does well: the loss does "
            "not tell all of a model's quality.",
        ),
        Citation(
            source="Guo et al. (2017), On Calibration of Modern Neural Networks",
            supports="A network can overfit to the log loss without overfitting to the error; "
            "its confidence grows, and one temperature corrects it.",
            url="https://arxiv.org/abs/1706.04599",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Choose the checkpoint by the metric, not by the loss",
        "observed": "Validation loss rises, the metric holds",
        "evidence": "{series:name} rose from {best:number} at {axis:text} {step:step} "
        "to {end:number} at the end, while {metric:name} went from {before:number} to "
        "{after:number}.",
        "do": "Choose by {metric:name}: smoothed, it was best around {metric_axis:text} "
        "{kept:step}. If you use the predicted probabilities, fit a temperature on validation "
        "data.",
        "do.distance": "Choose by {metric:name}: smoothed, it was best around "
        "{metric_axis:text} {kept:step}.",
        "why": "The loss punishes confident mistakes, a metric only counts them: the model grows "
        "too sure of itself without being wrong more often.",
        "why.distance": "Loss and metric weigh the errors of the model differently; a few large "
        "ones can raise the one and hardly move the other.",
        "check": "{metric:name} of the chosen checkpoint is near {peak:number} on data that was "
        "not used to choose it.",
        "unless": "the validation loss is what the model is judged by.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a loss that rises under a metric that does not, and runs without one of both."""
        x = np.linspace(0, 1, 100)
        train, turned = falling(100, seed=10, floor=0.1), turning(100, seed=11)
        better = 0.5 + 0.3 * x + noise(100, 0.01, 13)
        worse = 0.8 - 0.2 * x + noise(100, 0.01, 14)
        return (
            Example(
                "the loss rises, the accuracy too",
                make_run(train_loss=train, val_loss=turned, val_accuracy=better),
                fires=True,
            ),
            Example(
                "the accuracy drops: that is overfitting",
                make_run(train_loss=train, val_loss=turned, val_accuracy=worse),
                fires=False,
            ),
            Example(
                "the loss falls to its end",
                make_run(train_loss=train, val_loss=train + 0.1, val_accuracy=better),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the validation loss against its best level, and the metric against it."""
        turned = self.turned(run)
        if turned is None:
            return
        metric = metric_since(run, turned)
        clear = metric is Metric.FLAT and turned.relative >= self.flat_rise
        if metric is Metric.BETTER or (clear and self._holds(run, turned)):
            yield self._found(run, turned, metric)

    def _holds(self, run: RunView, turned: Turn) -> bool:
        """Tell whether a metric is near its best, or no worse than where the loss was best."""
        before, after = _before_and_after(run, turned)
        return turn(run["val/metric"]).relative < self.holds or after.value <= before.value

    def _found(self, run: RunView, turned: Turn, state: Metric) -> Finding:
        val, metric = run["val/loss"], run["val/metric"]
        before, after = _before_and_after(run, turned)
        best, kept = val.best_point, metric.best_point
        low, end = course(val, At(*best), ending(val))
        at = At(step_at(metric, val, best.step), metric.sign * before.value)
        held = course(metric, at, ending(metric, after.value))
        counted = run.task in (Task.CLASSIFICATION, Task.UNKNOWN)
        return self.finding(
            confidence=certainty(
                self.strength(turned), 0.5, 0.9 if state is Metric.BETTER else 0.75
            ),
            evidence=self._evidence(run, turned, before.value - after.value),
            variants=None if counted else dict.fromkeys(("do", "why"), "distance"),
            series=val.tag,
            metric=metric.tag,
            axis=val.axis.value,
            step=best.step,
            best=low,
            end=end,
            before=held[0],
            after=held[1],
            metric_axis=metric.axis.value,
            kept=kept.step,
            peak=kept.value,
        )

    def _evidence(self, run: RunView, turned: Turn, gain: float) -> tuple[Evidence, Evidence]:
        val, metric = run["val/loss"], run["val/metric"]
        first, last = val.best_point.step, int(val.steps[-1])
        measured = "rise of the validation loss over its best level"
        since = step_at(metric, val, first)
        meanwhile = "improvement of the metric meanwhile"
        return (
            stretch(val, first, last, measured, turned.relative, self.rise),
            stretch(metric, since, int(metric.steps[-1]), meanwhile, gain, None),
        )


def _before_and_after(run: RunView, turned: Turn) -> tuple[Level, Level]:
    """Return the level of the metric where the loss was best, and at the end."""
    metric = run["val/metric"]
    at = metric.fraction_at(run["val/loss"], turned.best.step)
    return metric.trend.level(at - 0.05, at + 0.05), metric.trend.tail()
