"""The rule ``loss-is-not-the-metric``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Cost, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise, turning
from advisor_rules.signs.measure import certainty, fell, ratio, relative, stretch
from advisor_rules.signs.right_answers import SHARES, Share
from advisor_rules.signs.rising import step_at
from advisor_rules.signs.said import beginning, course, ending
from advisor_rules.signs.validation_size import falls_by_chance

_COUNTS = SHARES | frozenset(
    (
        *("top5_accuracy", "topk_accuracy", "exact_match"),
        *("precision", "recall", "f1", "map", "map_50_95", "iou", "dice", "bleu", "rouge"),
        *("hit_rate", "success_rate", "mrr", "ndcg"),
    )
)
"""Metrics that tell how much is right: 0 only where nothing is, or 1, of an error rate."""
_TOLD = ("title", "observed", "evidence", "do", "why", "check", "unless")


class _Worse(NamedTuple):
    """How much worse a curve is at some place than at its best point."""

    at: float
    """The place, as a fraction of the curve's span."""
    there: float
    """The level there, oriented: lower is better."""
    amount: float
    """By how much that is worse than the best level; 0 or more."""
    t: float
    relative: float


class LossIsNotTheMetric(Rule):
    """The step of the lowest validation loss is not the step of the best metric.

    ## What it checks
    Finds the best point of the smoothed validation loss and that of the smoothed validation
    metric, and compares the levels of the metric around both. The rule fires if choosing by
    the loss gives up ``lost`` of the metric and ``t`` standard errors, the metric was best by
    ``apart`` later, and the loss is clearly higher there: on a plateau its lowest point is chance.
    Single lucky values count for nothing, nor an accuracy that other validation samples, as many as
    it shows, would change by as much. A metric that was best before the loss fell since, as a
    model does that breaks: that is left to ``past-best``.
    It fires as well where a metric that counts right answers (accuracy, exact match, F1, BLEU …)
    was exactly 0 in all validations, or an error rate 1, while the training loss fell by ``fell``
    and more.

    ## Why it matters
    A loss stands in for what you want, because it can be differentiated. The checkpoint with
    the lowest one need not be the best model.

    ## What to do
    Measure the metric at every validation, and choose the checkpoint and stop by it. Where
    nothing is ever right, see first that it is computed as you mean it, then what is answered.

    ## When to ignore it
    The loss itself, or the quality of the probabilities, is what counts.
    """

    name = "loss-is-not-the-metric"
    stage = Stage.VALIDATION
    severity = Severity.NOTE
    requires = ("val/loss", "val/metric")
    uses = ("train/loss",)
    points = 10
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.LOSS_AGAINST_METRIC,)
    separated_by = ("evaluate both checkpoints on data that was used to choose neither",)
    basis = (
        "Grows with what is lost against its threshold and error, from 0.6 to 0.9; 0.7 where "
        "nothing was ever right."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(
            2,
            "The point of the lowest loss need not be that of the best metric, such as AUC: "
            "print the metric for each epoch.",
        ),
        sources.wandb(4, "Save the model that performs best."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Choose the checkpoint of {axis:text} {kept:step}, by the metric",
        "title.zero": "See why the metric finds nothing right",
        "observed": "Lowest loss and best metric are apart",
        "observed.zero": "Nothing ever right while the loss fell",
        "evidence": "{metric:name}, smoothed, was {best:number} at {axis:text} {kept:step} and "
        "{there:number} where {series:name} was lowest, at {axis:text} {step:step}.",
        "evidence.zero": "{metric:name} was {level:number} in all {points:step} validations, while "
        "{series:name} fell from {start:number} to {end:number}.",
        "do": "Use the checkpoint of {axis:text} {kept:step}, and set what chooses checkpoints "
        "and stops the run to {metric:name}.",
        "do.zero": "Compute {metric:name} with the answers themselves as predictions: it must be "
        "perfect. Then print twenty predictions beside their answers.",
        "why": "The loss weighs every prediction by its confidence; the metric asks only what "
        "you asked it. Their best points differ.",
        "why.zero": "A loss also falls where a model learns only what is commonest, or only to go "
        "on from the right answer so far; and a metric may compare what never can be equal.",
        "check": "On data that was used to choose neither, the checkpoint of {axis:text} "
        "{kept:step} has the better {metric:name}.",
        "check.zero": "On ten samples that the model has learned by heart, {metric:name} is far "
        "from {level:number}.",
        "unless": "the loss itself, or the quality of the probabilities, is what counts.",
        "unless.zero": "the metric was not computed in this run, or so early that is expected.",
        "cost": "{share:percent} of {metric:name} is given up by choosing by the loss.",
    }

    lost: float = option(
        0.01,
        "Smallest loss of the metric, as a share of its best level.",
        source="chosen by eye; one per cent is what seeds commonly make",
        gt=0,
    )
    t: float = option(
        5.0,
        "That loss in units of its standard error.",
        source="chosen by eye: the best of many points is high by chance, so more than the usual 2",
        gt=0,
    )
    apart: float = option(
        0.1,
        "How much later than the loss the metric must be best, as a share of the run.",
        source="chosen by eye; a smoothed curve places its best point no better. Of 17 logs of "
        "small trainings whose metric was best before, 15 were of models that broke",
        gt=0,
        lt=1,
    )

    higher: float = option(
        0.01,
        "How much higher the loss must be at the best metric, as a share; it must also be three "
        "standard errors.",
        source="chosen by eye: below, the place of the lowest loss is a matter of chance",
        gt=0,
    )
    fell: float = option(
        0.5,
        "Smallest fall of the training loss beside a metric that is always 0, as a share of where "
        "it ended (or of a third of its gain, for a loss that may be negative).",
        source="chosen by eye: five times what counts as having learned anything. Of "
        "6,800 small trainings with a metric none was at 0 throughout beside a loss that fell",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a loss that is best early, and runs whose loss and metric agree."""
        x = np.linspace(0, 1, 100)
        loss = turning(100, seed=50, at=0.25)
        late = 0.6 + 0.2 * x + noise(100, 0.005, 51)
        agreeing = 0.9 - 0.2 * np.abs(x - 0.25) + noise(100, 0.005, 52)
        level = 0.8 - 0.5 * np.exp(-20 * x) + noise(100, 0.005, 53)
        zero = np.zeros(100)
        return (
            Example(
                "the AUC rises after the loss turned",
                make_run(val_loss=loss, val_auc=late),
                fires=True,
            ),
            Example(
                "no answer is ever exactly right",
                make_run(train_loss=falling(100, seed=55), val_loss=loss, val_exact_match=zero),
                fires=True,
            ),
            Example(
                "the first right answer comes late",
                make_run(
                    train_loss=falling(100, seed=55),
                    val_loss=falling(100, seed=56),
                    val_exact_match=np.where(x > 0.9, 0.01, 0.0),
                ),
                fires=False,
            ),
            Example("both turn", make_run(val_loss=loss, val_auc=agreeing), fires=False),
            Example("the AUC is level", make_run(val_loss=loss, val_auc=level), fires=False),
            Example(
                "both improve to the end",
                make_run(val_loss=falling(100, seed=54), val_auc=late),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for a metric that is always 0; compare the metric where the loss is best."""
        train, zero = run.get("train/loss"), self._always_zero(run)
        if train is not None and zero is not None and self._fell(train):
            yield self._found_zero(train, zero)
            return
        loss, metric = run["val/loss"], run["val/metric"]
        if metric.role.direction is None:
            raise NotApplicable(
                "the better direction of {series:name} is unknown", series=metric.tag
            )
        if run.objective is not None and run.objective.series == loss.tag:
            raise NotApplicable("the run is judged by its validation loss")
        given_up = _compared(metric, metric.fraction_at(loss, loss.trend.best.step))
        if metric.trend.best.at - given_up.at < self.apart:
            return  # best before: the metric fell, which past-best reports
        if given_up.t < self.t or given_up.relative < self.lost:
            return
        if falls_by_chance(metric, given_up.amount):
            return
        higher = _compared(loss, loss.fraction_at(metric, metric.trend.best.step))
        if higher.t >= 3 and higher.relative >= self.higher:
            yield self._found(loss, metric, given_up)

    def _always_zero(self, run: RunView) -> Curve | None:
        """Return the first metric by which nothing was right in any of its validations."""
        curves = (curve for curve in run.every("val/metric") if len(curve) >= self.points)
        shares = (share for c in curves if (share := Share.of(c, _COUNTS)) is not None)
        return next((share.curve for share in shares if not share.values.any()), None)

    def _fell(self, train: Curve) -> bool:
        """Tell whether a training loss fell clearly, and beyond its noise."""
        if len(train) < self.points or fell(train) < self.fell:
            return False
        return train.trend.start - train.trend.tail().value > 3 * train.trend.noise

    def _found_zero(self, train: Curve, metric: Curve) -> Finding:
        (first, last), (begin, end) = metric.steps[[0, -1]], train.steps[[0, -1]]
        level = float(metric.values[0])
        start, fallen = course(train, beginning(train), ending(train))
        measured = "fall from the start to the end, relative"
        return self.finding(
            confidence=0.7,
            evidence=[
                stretch(metric, first, last, "best value", level, None),
                stretch(train, begin, end, measured, fell(train), self.fell),
            ],
            variants=dict.fromkeys(_TOLD, "zero"),
            series=train.tag,
            metric=metric.tag,
            points=len(metric),
            level=level,
            start=start,
            end=fallen,
        )

    def _found(self, loss: Curve, metric: Curve, given_up: _Worse) -> Finding:
        best, at_loss = metric.best_point, loss.best_point.step
        step = step_at(metric, loss, at_loss)
        first, last = sorted((step, best.step))
        share = min(given_up.relative, 1.0)
        measured = "metric given up by choosing by the loss, relative"
        lowest = stretch(loss, at_loss, at_loss, "lowest level", loss.trend.best.value, None)
        strength = min(given_up.t / self.t, given_up.relative / self.lost)
        return self.finding(
            confidence=certainty(strength, 0.6, 0.9),
            evidence=[stretch(metric, first, last, measured, given_up.relative, self.lost), lowest],
            cost=Cost(
                share=share,
                of="metric",
                first_step=first,
                last_step=last,
                message=self.say("cost", share=share, metric=metric.tag),
            ),
            series=loss.tag,
            metric=metric.tag,
            axis=metric.axis.value,
            step=step,
            kept=best.step,
            best=metric.sign * (given_up.there - given_up.amount),
            there=metric.sign * given_up.there,
        )


def _compared(curve: Curve, at: float) -> _Worse:
    """Compare the level of a curve around a place with that around its best point."""
    there = curve.trend.level(at - 0.025, at + 0.025)
    best = curve.trend.around(curve.trend.best)
    amount = max(there.value - best.value, 0.0)
    error = math.hypot(there.error, best.error)
    # What falls is measured against where it could be, what should rise against its height.
    share = relative(curve, amount, best if curve.sign < 0 else there)
    return _Worse(at, there.value, amount, ratio(amount, error), share)
