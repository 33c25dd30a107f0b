"""The rule ``overfitting``."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Cost, Finding, Severity
from advisor.hyperparameters import Hyperparameters
from advisor.roles import Task
from advisor.rule import Example, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise, turning
from advisor_rules.measure import Turn, certainty, ratio, stretch, turn


class _Metric(Enum):
    """What the validation metric does while the validation loss rises."""

    UNKNOWN = "unknown"
    WORSE = "worse"
    FLAT = "flat"
    BETTER = "better"


class Overfitting(Rule):
    """Validation loss rises while training loss goes on falling.

    ## What it checks
    Finds the best point of the smoothed validation loss and compares it with the level at
    the end. The rule fires if the end is higher by ``rise`` and by ``t`` standard errors,
    most points in between are above the best level, and the training loss fell from that
    point on. A gap between the two curves alone is no reason. If a validation metric is
    logged, it has a say: still improving, nothing is reported; flat, it is only a note.

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
    silences = ("past-best", "still-improving", "early-stopping-missing")
    separated_by = ("a run with stronger regularization", "a run on half of the data")
    basis = (
        "Grows with the rise against its threshold and error, from 0.6 to 0.95; "
        "lower where a metric does not confirm it."
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
        "title": "Regularize more, and keep the checkpoint of {axis:text} {step:step}",
        "title.flat": "Choose the checkpoint by the metric, not by the loss",
        "observed": "Validation loss rises from {axis:text} {step:step}",
        "evidence": "{series:name} rose from {best:number} at {axis:text} {step:step} to "
        "{end:number} at the end, while {train:name} fell from {before:number} to "
        "{after:number}.",
        "do": "Use the checkpoint of {axis:text} {step:step}. For the next run change one "
        "thing: {change:text}.",
        "do.flat": "Use the checkpoint with the best validation metric. If calibrated "
        "probabilities matter to you, use the one of {axis:text} {step:step}.",
        "why": "The model goes on to fit what is particular to the training data, and does "
        "worse on data that it has not seen.",
        "why.flat": "The loss punishes confident mistakes, the metric only counts them: the "
        "model became overconfident without classifying worse.",
        "check": "Validation loss stays within its noise of its minimum to the end of the run.",
        "unless": "you select the checkpoint by a metric that did not suffer.",
        "cost": "{share:percent} of the run came after the best validation loss.",
    }

    rise: float = option(
        0.03,
        "Smallest rise of the validation loss, as a share of its best level (or of a third of "
        "its gain, for a loss that may be negative).",
        source="the smallest rise that a careful reader of 128 public logs called overfitting",
        gt=0,
    )
    t: float = option(
        5.0,
        "The rise in units of its standard error.",
        source="chosen by eye: the best of many points is low by chance, so more than the usual 2",
        gt=0,
    )
    lasting: float = option(
        0.7,
        "Share of the later half of the points after the best one that must lie above its noise.",
        source="chosen by eye",
        gt=0,
        le=1,
    )
    later_points: int = option(
        3, "The fewest points after the best one.", source="chosen by eye", ge=2
    )
    train_t: float = option(
        2.0,
        "Fall of the training loss after that point, in standard errors.",
        source="the usual two: it only tells overfitting from divergence",
        gt=0,
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
                "the loss rises, the accuracy too",
                make_run(train_loss=train, val_loss=turned, val_accuracy=accuracy),
                fires=False,
            ),
            Example(
                "both rise: that is divergence",
                make_run(train_loss=turning(100, seed=14), val_loss=turned),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the validation loss against its best level, and the training loss against it."""
        train, val = run["train/loss"], run["val/loss"]
        turned = turn(val)
        if turned.relative < self.rise or turned.t < self.t or turned.lasting < self.lasting:
            return
        if len(val.trend) - 1 - turned.best.bucket < self.later_points:
            return
        before, after, t = _training_fall(train, val, turned)
        if t < self.train_t:
            return
        metric = _metric(run.get("val/metric"), val, turned)
        if metric is not _Metric.BETTER:
            yield self._found(run, turned, metric, (before, after))

    def _found(
        self, run: RunView, turned: Turn, metric: _Metric, training: tuple[float, float]
    ) -> Finding:
        train, val = run["train/loss"], run["val/loss"]
        flat = metric is _Metric.FLAT
        change, words = _regularize(run.settings)
        first, last = turned.best.step, int(val.steps[-1])
        measured = "rise of the validation loss over its best level"
        return self.finding(
            confidence=self._confidence(turned, metric),
            severity=Severity.NOTE if flat else None,
            evidence=[
                stretch(val, first, last, measured, turned.relative, self.rise),
                stretch(
                    train,
                    _step_at(train, val, first),
                    int(train.steps[-1]),
                    "fall of the training loss meanwhile",
                    training[0] - training[1],
                    None,
                ),
            ],
            changes=() if flat else (change,),
            cost=None if flat else self._cost(val, turned),
            variants=dict.fromkeys(("title", "do", "why"), "flat") if flat else None,
            series=val.tag,
            train=train.tag,
            axis=val.axis.value,
            step=first,
            best=turned.best.value,
            end=turned.best.value + turned.rise,
            before=training[0],
            after=training[1],
            change=words,
        )

    def _confidence(self, turned: Turn, metric: _Metric) -> float:
        strength = min(turned.relative / self.rise, turned.t / self.t)
        highest = {_Metric.WORSE: 0.95, _Metric.UNKNOWN: 0.9, _Metric.FLAT: 0.65}[metric]
        return certainty(strength, 0.6 if metric is not _Metric.FLAT else 0.5, highest)

    def _cost(self, val: Curve, turned: Turn) -> Cost:
        share = 1.0 - turned.best.at
        return Cost(
            share=share,
            of="compute",
            first_step=turned.best.step,
            last_step=int(val.steps[-1]),
            message=self.say("cost", share=share),
        )


def _training_fall(train: Curve, val: Curve, turned: Turn) -> tuple[float, float, float]:
    """Return the training loss at the turn and at the end, and the fall in standard errors."""
    at = train.fraction_at(val, turned.best.step)
    width = 0.2
    before = train.trend.level(max(at - width / 2, 0.0), min(at + width / 2, 1.0))
    after = train.trend.tail(width)
    error = float(np.hypot(before.error, after.error))
    return before.value, after.value, ratio(before.value - after.value, error)


def _step_at(train: Curve, val: Curve, step: int) -> int:
    """Return the training step that belongs to a validation step."""
    fraction = train.fraction_at(val, step)
    first, last = float(train.steps[0]), float(train.steps[-1])
    return round(first + fraction * (last - first))


def _metric(metric: Curve | None, val: Curve, turned: Turn) -> _Metric:
    """Tell what the metric did between the turn of the loss and the end."""
    if metric is None or metric.role.direction is None or len(metric) < 5:
        return _Metric.UNKNOWN
    fell = turn(metric)
    if fell.t > 3 and fell.relative > 0.005:
        return _Metric.WORSE
    at = metric.fraction_at(val, turned.best.step)
    late = metric.trend.slope(max(0.5, at), 1.0)
    return _Metric.BETTER if late.t < -4 and metric.trend.best.at > 0.8 else _Metric.FLAT


def _regularize(settings: Hyperparameters) -> tuple[Change, str]:
    """Propose one regularizer to strengthen, and say it in words."""
    dropout = settings.number("dropout")
    if dropout is not None and 0 <= dropout < 0.5:
        target = round(min(dropout + 0.2, 0.5), 3)
        return _up(settings, "dropout", dropout, target), f"raise dropout to {target:g}"
    decay = settings.number("weight_decay")
    target = float(f"{decay * 10:.3g}") if decay else 0.01
    return _up(settings, "weight_decay", decay, target), f"raise weight decay to {target:g}"


def _up(settings: Hyperparameters, parameter: str, current: float | None, target: float) -> Change:
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
