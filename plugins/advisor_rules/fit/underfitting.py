"""The rule ``underfitting``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Evidence, Finding, Severity
from advisor.roles import Kind, Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.examples import falling, noise
from advisor_rules.fit.loosening import CONSULTED, loosened, nothing_to_loosen
from advisor_rules.program.logits_vs_softmax import LogitsVsSoftmax
from advisor_rules.program.never_learned import NeverLearned
from advisor_rules.program.unrepeatable_validation import UnrepeatableValidation
from advisor_rules.signs.at_rest import apart, moved, opened, worsens
from advisor_rules.signs.learning_time import schedule_ended
from advisor_rules.signs.measure import END, certainty, last_half, stretch
from advisor_rules.signs.reached import Reached, loss_reached, score_reached

_CAUSES: tuple[type[Rule], ...] = LogitsVsSoftmax, UnrepeatableValidation
"""Mistakes that hold a model back, or its validation, and are to be mended first."""
_ABOVE = 0.05
"""A loss that ends so far above that of a guess, as a share of it, was driven there (by eye)."""


class Underfitting(Rule):
    """Training and validation are equally far from good, and neither moves any more.

    ## What it checks
    Compares the levels of training and validation loss at the end. The rule fires if validation
    is worse by no more than ``gap`` and moved by no more than ``flat`` in the last half, or
    ``settling`` where the learning rate ended near 0, if training did not leave it behind there by
    more than ``opening``, and the run is far from good: the accuracy or F1 of a classifier, and
    its loss, are no more than ``skill`` of the way from guessing to perfect. What guessing gives is
    known from the recorded number C of classes, or from what the first step cost. Where no score
    is logged, the loss must be no more than ``alone`` of the way from ln(C), or from where it
    began, if that cannot be the loss of a trained model: at 0.5 or more, or the first step of a
    regression. Where the recorded width, dropout and decay are as usual, the bound of both is
    ``usual``. Without such a reference the rule stays silent: a finished run looks the same. So it
    does where ``logits-vs-softmax`` or ``unrepeatable-validation`` shows a mistake to mend first. A
    joint rise that is clearly above noise is ``still-improving``; under a schedule that ended, both
    may be said. A run that learned nothing is one with ``never-learned``, of which too small a
    model is one explanation: where that is certain, not if a width is recorded and it, dropout and
    decay are as usual.

    ## Why it matters
    A model that does no better on the data it is trained on cannot gain from more training,
    more data or more regularization.

    ## What to do
    See whether the model can learn twenty samples by heart. If it can, regularize less if you do,
    else make the model larger. If it cannot, something holds it back: inputs out of scale, units
    that saturate, a learning rate far off, or a mistake in the program. Where the settings name
    the likeliest of these, a finding of its own stands beside this one.

    ## When to ignore it
    The labels are so noisy, or the inputs say so little, that nothing does better.
    """

    name = "underfitting"
    stage = Stage.FIT
    severity = Severity.NOTE
    requires = ("train/loss", "val/loss")
    uses = roles_of(StillImproving, PastBest, CONSULTED, NeverLearned, *_CAUSES)
    points = 6
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.PLATEAU, symptoms.TOO_SLOW, symptoms.LEARNS_NOTHING)
    silences = ("pretrained-backbone", "batch-too-small-noise")
    separated_by = ("train on twenty samples until the loss is near 0",)
    basis = (
        "0.5 to 0.75, growing with the distance to perfect, and 0.45 where both still moved, or "
        "only the loss itself is the reference: noisy labels, and a short training, look the same."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(2, "Too small a difference between the curves may mean underfitting."),
        sources.notes(
            "Training close to validation, both hardly rising: too small a model; train longer "
            "or use a bigger one."
        ),
        sources.wandb(5, "A lower dropout rate helps against underfitting."),
        sources.wandb(1, "Too few layers or neurons cannot learn the patterns in the data."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Fit the training data better: {change:sentence}",
        "observed": "Training and validation level off together",
        "evidence": "{train:name} and {series:name} ended at {fit:number} and {end:number}, while "
        "{judged:name} stood at {level:number} where guessing gives {guessing:number}.",
        "evidence.unknown": "{train:name} and {series:name} ended at {fit:number} and "
        "{end:number}, while {judged:name} stood at {level:number} of {whole:number}.",
        "evidence.begun": "{train:name} and {series:name} ended at {fit:number} and "
        "{end:number}, where training began at {guessing:number}.",
        "do": "For the next run change one thing: {change:sentence}. First check that the model "
        "can learn twenty samples by heart.",
        "do.open": "Train on twenty samples, without regularization. If the loss gets near 0, try "
        "wider layers; if it does not, scale the inputs, try ReLU, and compare a tenth and ten "
        "times the learning rate.",
        "do.blind": "Train on twenty samples, without regularization. If the loss gets near 0, "
        "regularize less, or {change:sentence}; if it does not, scale the inputs, try ReLU, and "
        "compare a tenth and ten times the learning rate.",
        "why": "A model that is no better on the data it has seen than on new data has not used "
        "up what is in the training data.",
        "check": "{train:name} ends below {fit:number}; {series:name} follows, at first.",
        "unless": "the labels are so noisy that nothing does better.",
        "unless.begun": "nothing does better, be it that the labels are noisy, that the loss "
        "cannot get lower, or that the run began with trained weights.",
    }

    gap: float = option(
        0.1,
        "Largest distance of the validation loss above the training loss at the end, as a share "
        "of the level (or of a third of the gain, for a loss that may be negative).",
        source="measured on small trainings that are level and far from good: of 62 logs between "
        "0.05 and 0.1 one did not lose by a fault, of 36 between 0.1 and 0.2 at least four",
        gt=0,
    )
    flat: float = option(
        0.03,
        "Largest change of the validation loss over the last half, in the same unit.",
        source="measured on small trainings of 25 data sets and models: of 31 logs of a training "
        "loss that moved by more than 0.02 beside it six did not lose by a fault",
        gt=0,
    )
    settling: float = option(
        0.1,
        "Largest such change of the validation loss where a schedule took the rate to near 0.",
        source="measured on trainings of 17 data sets and models: 0.07 and less in 111 of 113 logs "
        "of models that were too small; from 0.1 to 0.3 mostly those with another fault",
        gt=0,
    )
    opening: float = option(
        0.04,
        "Largest growth of the distance between training and validation loss over the last half, "
        "in the same unit: a model that learns what does not generalize is not too small.",
        source="measured on small trainings of 33 data sets and models that are otherwise as the "
        "rule asks: 64 of 84 logs of healthy and harmless ones had more, and 2 of 128 that only "
        "this rule names",
        gt=0,
    )
    skill: float = option(
        0.6,
        "Largest share of the way from guessing to perfect, of a score and of the loss beside it.",
        source="measured on 2,566 healthy and harmless small trainings of 33 data sets and models: "
        "with these bounds 12 of them are noted, with no ``opening`` 25, with no ``usual`` 33",
        gt=0,
        lt=1,
    )
    alone: float = option(
        0.5,
        "The same share of a loss where no score is logged.",
        source="in the same measurement two more are noted at 0.55",
        gt=0,
        lt=1,
    )
    usual: float = option(
        0.3,
        "The largest share of both where the recorded width, dropout and decay are as usual.",
        source="in the same measurement seven more are noted at 0.4",
        gt=0,
        lt=1,
    )
    wide: int = option(
        5,
        "Recorded width of the layers from which the size is not the first suspect.",
        source="the bound of hidden-size: of 22 such trainings with more units the size was what "
        "was wrong in none",
        ge=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run that levels off far from good, and runs that are good, or gape."""
        train = falling(60, seed=90, start=2.3, floor=1.7, rate=12)
        near = train + noise(60, 0.01, 91)
        poor = 0.4 - 0.3 * np.exp(-12 * np.linspace(0, 1, 60)) + noise(60, 0.004, 92)
        return (
            Example(
                "levels off at 40% accuracy",
                make_run(
                    train_loss=train, val_loss=near, val_accuracy=poor, config={"dropout": 0.5}
                ),
                fires=True,
            ),
            Example(
                "levels off at 90% accuracy",
                make_run(train_loss=train, val_loss=near, val_accuracy=poor + 0.5),
                fires=False,
            ),
            Example(
                "training is better than validation",
                make_run(train_loss=train - 0.8, val_loss=near, val_accuracy=poor),
                fires=False,
            ),
            Example(
                "a loss of a model that was trained before",
                make_run(train_loss=train, val_loss=near, config={"pretrained": True}),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the ends of both losses, then what the run reached."""
        train, val = run["train/loss"], run["val/loss"]
        level, ended = all(map(self._level, (train, val))), schedule_ended(run)
        if not self._together(train, val) or not (level or self._rests(val, ended=ended)):
            return
        if not ended and self._rises(run.get("val/metric")):
            return
        fresh = () if ended else (StillImproving,)
        if first_finding(run, PastBest, *fresh) is not None:
            return
        score, loss = score_reached(run), loss_reached(run)
        reference = loss if score is None else score
        if reference is None:
            raise NotApplicable(
                "there is nothing to tell a good end from a poor one: log val/accuracy, or record "
                "num_classes"
            )
        most = self.alone if score is None else self.skill
        instead: tuple[type[Rule], ...] = ()
        if nothing_to_loosen(run, self.wide):
            most, instead = self.usual, (NeverLearned,)
        if _poor(score, loss, most) and first_finding(run, *_CAUSES, *instead) is None:
            yield self._found(run, reference, level=level)

    def _together(self, train: Curve, val: Curve) -> bool:
        """Tell whether training is no better than validation, and did not begin to be."""
        return apart(train, val) <= self.gap and opened(train, val) <= self.opening

    def _level(self, curve: Curve) -> bool:
        still = moved(curve) <= self.flat or abs(curve.trend.slope(0.5).t) < 1.0
        return still and not worsens(curve, self.flat)

    def _rests(self, val: Curve, *, ended: bool) -> bool:
        """Tell whether validation hardly moved any more, or was brought to rest by a schedule."""
        return moved(val) <= (self.settling if ended else self.flat) and not worsens(val)

    def _rises(self, metric: Curve | None) -> bool:
        """Tell whether a metric gets better to the end, though neither loss moves."""
        if metric is None or not len(metric):
            return False
        return metric.trend.slope(0.5).t < -3 and moved(metric) > self.settling

    def _most(self, reference: Reached) -> float:
        return self.alone if reference.curve.role.kind is Kind.LOSS else self.skill

    def _found(self, run: RunView, reference: Reached, *, level: bool) -> Finding:
        train, val = run["train/loss"], run["val/loss"]
        remedy = loosened(run, self.wide)
        strength = (1.0 - max(reference.skill, 0.0)) / (1.0 - self._most(reference))
        unknown = "begun" if reference.begun else "unknown" if reference.guessing is None else ""
        variants = {"evidence": unknown} if unknown else {}
        variants |= {"unless": "begun"} if reference.begun else {}
        variants |= {"do": remedy.variant} if remedy.variant else {}
        return self.finding(
            confidence=certainty(strength, 0.5, 0.75) if level and not reference.begun else 0.45,
            evidence=self._evidence(train, val, reference),
            changes=() if remedy.change is None else (remedy.change,),
            variants=variants,
            train=train.tag,
            series=val.tag,
            fit=train.trend.tail(END).value,
            end=val.trend.tail(END).value,
            judged=reference.curve.tag,
            level=reference.level,
            guessing=math.nan if reference.guessing is None else reference.guessing,
            whole=reference.whole,
            change=remedy.words,
        )

    def _evidence(self, train: Curve, val: Curve, reference: Reached) -> list[Evidence]:
        judged, skill, most = reference.curve, reference.skill, self._most(reference)
        return [
            stretch(judged, *last_half(judged), "way from guessing to perfect", skill, most),
            stretch(
                val,
                *last_half(val),
                "difference from the training loss",
                apart(train, val),
                self.gap,
            ),
            stretch(train, *last_half(train), "level", train.trend.tail(END).value, None),
        ]


def _poor(score: Reached | None, loss: Reached | None, most: float) -> bool:
    """Tell whether what is known of score and loss is far from good, and no loss far higher."""
    if loss is not None and loss.skill < -_ABOVE:
        return False
    return all(reached is None or reached.skill <= most for reached in (score, loss))
