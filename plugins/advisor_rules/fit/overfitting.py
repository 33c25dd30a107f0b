"""The rule ``overfitting``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Cost, Evidence, Finding, Severity
from advisor.hyperparameters import Hyperparameters
from advisor.roles import Task
from advisor.rule import Example, Stage, option
from advisor.testing.runs import make_run
from advisor.text import Message, message
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise, turning
from advisor_rules.given.regularizers import first_weight_decay, lacking
from advisor_rules.signs.measure import Turn, certainty, stretch, turn
from advisor_rules.signs.rising import (
    Metric,
    RisingValidation,
    is_slight,
    metric_since,
    step_at,
    training_fall,
)
from advisor_rules.signs.said import At, course, ending, single_best


class Overfitting(RisingValidation):
    """Validation loss rises while training loss goes on falling.

    ## What it checks
    Finds the best point of the smoothed validation loss and compares it with the level at the end;
    the step that is named is that of the best single value there. The rule fires if the end is
    higher by ``rise``, by ``t`` standard errors and, where no metric got worse too, by ``worth`` of
    its best level and of all that was gained (``sure_worth``, where the slope of what follows is
    ``sure_t`` standard errors; nothing more is asked there if no metric says otherwise), if most
    points in between are above the best level, and if the training loss fell from that point on,
    though it may have been thrown up at last. All that was gained counts from guessing on, where
    the run began by guessing and the number of classes is recorded or shows in the first step. A
    gap between the two curves alone is no reason, nor is what came after the best point where a
    recorded patience ended the run, nor what a few validation samples can make, unless a metric got
    worse too: where an accuracy shows how many there are, all of them together must pay as much
    more as four that the model grows wrongly sure of. Where ``many_points`` came after the best
    one, a rise that gave back ``large`` of all that was gained need be only ``large_t`` standard
    errors, if it lifted ``large_lasting`` of the later points; and one that gave back ``steady``
    need only show in the slope of them all, by ``steady_t``. Such a rise is a note unless a metric
    got worse by ``metric_drop``. If a validation metric is logged, it has a say: where it holds or
    improves, this is a note, and only the second explanation beside
    ``val-loss-rises-metric-holds``, unless the training data are learned by heart. Another seed may
    cost as much as a rise by less than ``slight``: where no metric got worse, the slope of all that
    follows the best point must be ``t`` standard errors too, and it is a note unless a metric got
    worse by ``metric_drop``.

    ## Why it matters
    From the best step on the model learned what holds for the training data only. The last
    checkpoint is worse than one you had.

    ## What to do
    Use the checkpoint of the best step. Then regularize more, one thing at a time (dropout
    or weight decay), or train on more data or with augmentation.

    ## When to ignore it
    You select the checkpoint by a metric, and that metric did not suffer.
    """

    name = "overfitting"
    stage = Stage.FIT
    severity = Severity.WARNING
    requires = ("train/loss", "val/loss")
    uses = ("val/metric",)
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.VALIDATION_WORSE,)
    silences = (
        "past-best",
        "still-improving",
        "early-stopping-missing",
        "best-checkpoint-not-kept",
        "loss-is-not-the-metric",
        "more-data-or-regularization",
        "oversized-then-shrunk",
        "batch-too-large",
        "dropout-missing",
        "dropout-range",
        "hidden-size",
        "pretrained-backbone",
    )
    separated_by = ("a run with stronger regularization", "a run on half of the data")
    basis = (
        "Grows with the rise against its threshold and error, from 0.6 to 0.95; to 0.9 where no "
        "metric confirms it, from 0.4 to 0.5 where it is slight, from 0.3 to 0.5 where a metric "
        "speaks against it."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(
            2,
            "A large gap between the curves points to overfitting; but validation loss may rise "
            "while the chosen model is good.",
        ),
        sources.notes("A large gap with validation dropping: more regularization or more data."),
        sources.wandb(5, "More dropout reduces overfitting; rates of 0.1 to 0.5."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Regularize more, and keep the checkpoint of {kept_axis:text} {kept:step}",
        "title.metric": "Regularize more, and keep {kept_axis:text} {kept:step}, "
        "the best by {judged:name}",
        "observed": "Validation loss rises from {axis:text} {step:step}",
        "evidence": "{series:name} rose from {best:number} at {axis:text} {step:step} "
        "to {end:number} at the end, while {train:name} fell from {before:number} to "
        "{after:number}.",
        "title.smoothed": "Regularize more, and keep {kept_axis:text} {kept:step}, "
        "the best by {judged:name}, smoothed",
        "do": "Use the checkpoint of {kept_axis:text} {kept:step}. For the next run change one "
        "thing: {change:sentence}.",
        "do.metric": "Use the checkpoint of {kept_axis:text} {kept:step}, the best by "
        "{judged:name}. For the next run change one thing: {change:sentence}.",
        "do.smoothed": "Use the checkpoint of {kept_axis:text} {kept:step}, the best by "
        "{judged:name}, smoothed: its best single value, {single:number} at {kept_axis:text} "
        "{alone:step}, has worse neighbours and may be luck. For the next run change one thing: "
        "{change:sentence}.",
        "why": "The model goes on to fit what is particular to the training data, and does "
        "worse on data that it has not seen.",
        "check": "Validation loss stays within its noise of its minimum to the end of the run.",
        "unless": "you select the checkpoint by a metric that did not suffer.",
        "cost": "{share:percent} of the run came after the best validation loss.",
    }

    metric_drop: float = option(
        0.02,
        "Drop of the metric, as a share of its best level, that makes a slight rise a warning.",
        source="the smallest drop that past-best reports",
        ge=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run that overfits, and gaps, noise and divergence that are none."""
        train = falling(100, seed=10, floor=0.1)
        turned = turning(100, seed=11)
        flat = falling(100, seed=12, floor=0.9, rate=8)
        accuracy = 0.5 + 0.3 * np.linspace(0, 1, 100) + noise(100, 0.01, 13)
        return (
            Example(
                "validation turns at 30%",
                make_run(
                    train_loss=train, val_loss=turned, config={"model.dropout": 0.1, "epochs": 100}
                ),
                fires=True,
            ),
            Example("a gap that stays", make_run(train_loss=train, val_loss=flat), fires=False),
            Example(
                "the loss rises, the accuracy too: a note, and the second explanation",
                make_run(train_loss=train, val_loss=turned, val_accuracy=accuracy),
                fires=True,
            ),
            Example(
                "both rise: that is divergence",
                make_run(train_loss=turning(100, seed=14), val_loss=turned),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the validation loss against its best level, and the training loss against it."""
        turned = self.turned(run)
        if turned is not None:
            yield self._found(run, turned, metric_since(run, turned))

    def _found(self, run: RunView, turned: Turn, metric: Metric) -> Finding:
        train, val = run["train/loss"], run["val/loss"]
        more, words = regularize_more(run.settings)
        before, after, _ = training_fall(train, val, turned)
        judged = _chosen_by(run, turned, metric)
        single = single_best(judged, judged.best_point.value)
        alone = single or At(*judged.best_point)
        chosen = "smoothed" if single else "" if judged is val else "metric"
        holds = metric in (Metric.FLAT, Metric.BETTER)
        best = val.best_point
        low, end = course(val, At(*best), ending(val))
        at = At(step_at(train, val, best.step), before)
        fallen = course(train, at, ending(train, after))
        doubtful = is_slight(val, turned, self.slight) or not self.is_sure(run, turned)
        slight = doubtful and not self._costs(run, metric)
        return self.finding(
            severity=Severity.NOTE if holds or slight else None,
            confidence=self._confidence(turned, metric, slight=slight),
            evidence=self._evidence(train, val, turned, before - after),
            changes=(more,),
            cost=None if holds else self._cost(val),
            variants=dict.fromkeys(("title", "do"), chosen) if chosen else None,
            series=val.tag,
            train=train.tag,
            axis=val.axis.value,
            step=best.step,
            kept_axis=judged.axis.value,
            kept=judged.best_point.step,
            judged=judged.tag,
            single=alone.level,
            alone=int(alone.step),
            best=low,
            end=end,
            before=fallen[0],
            after=fallen[1],
            change=words,
        )

    def _costs(self, run: RunView, metric: Metric) -> bool:
        """Tell whether the metric got clearly worse as well."""
        return metric is Metric.WORSE and turn(run["val/metric"]).relative >= self.metric_drop

    def _evidence(
        self, train: Curve, val: Curve, turned: Turn, fall: float
    ) -> tuple[Evidence, Evidence]:
        first, last = val.best_point.step, int(val.steps[-1])
        measured = "rise of the validation loss over its best level"
        since = step_at(train, val, first)
        meanwhile = "fall of the training loss meanwhile"
        return (
            stretch(val, first, last, measured, turned.relative, self.rise),
            stretch(train, since, int(train.steps[-1]), meanwhile, fall, None),
        )

    def _confidence(self, turned: Turn, metric: Metric, *, slight: bool) -> float:
        if metric in (Metric.FLAT, Metric.BETTER):
            return certainty(self.strength(turned), 0.3, 0.5)
        if slight:
            return certainty(self.strength(turned), 0.4, 0.5)  # no other rule builds on it
        return certainty(self.strength(turned), 0.6, 0.95 if metric is Metric.WORSE else 0.9)

    def _cost(self, val: Curve) -> Cost:
        best = val.best_point.step
        share = 1.0 - val.fraction(best)
        return Cost(
            share=share,
            of="compute",
            first_step=best,
            last_step=int(val.steps[-1]),
            message=self.say("cost", share=share),
        )


def _chosen_by(run: RunView, turned: Turn, metric: Metric) -> Curve:
    """Return what tells which checkpoint to keep: a metric that moved since the turn, or the loss.

    A metric that holds all along has no best step of its own; one that gained since the turn, by
    the usual two standard errors, was better later than where the loss was best.
    """
    val = run["val/loss"]
    if metric is Metric.UNKNOWN:
        return val
    judged = run["val/metric"]
    at = judged.fraction_at(val, turned.best.step)
    before, after = judged.trend.level(at - 0.05, at + 0.05), judged.trend.tail()
    gained = before.value - after.value > 2 * float(np.hypot(before.error, after.error))
    return judged if metric is not Metric.FLAT or gained else val


def regularize_more(settings: Hyperparameters) -> tuple[Change, Message]:
    """Propose one regularizer to strengthen, and say it in words.

    A decay that is not recorded may be larger than any that is proposed: no number replaces it.
    """
    dropout = settings.number("dropout")
    if dropout is not None and 0 <= dropout < 0.5:
        target = round(min(dropout + 0.2, 0.5), 3)
        said = message("overfitting.dropout", "raise dropout to {target:rate}", target=target)
        return _up(settings, "dropout", dropout, target), said
    decay, first = settings.number("weight_decay"), first_weight_decay(settings)
    if decay is None and not lacking(settings):
        text = "raise weight decay tenfold, or set it to {first:rate} if there is none"
        more = f"10 times the current one, {first:g} if there is none"
        return _up(settings, "weight_decay", None, more), message(
            "overfitting.any_decay", text, first=first
        )
    target = float(f"{decay * 10:.3g}") if decay else first
    said = message("overfitting.decay", "raise weight decay to {target:rate}", target=target)
    return _up(settings, "weight_decay", decay, target), said


def _up(
    settings: Hyperparameters, parameter: str, current: float | None, target: float | str
) -> Change:
    return Change.model_validate(
        {
            "parameter": parameter,
            "path": settings.path(parameter),
            "from": current,
            "to": target,
            "direction": "up",
            "horizon": "full",
        }
    )
