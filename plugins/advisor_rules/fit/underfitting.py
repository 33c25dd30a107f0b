"""The rule ``underfitting``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.finding import Citation, Finding, Severity
from advisor.roles import Kind, Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.examples import falling, noise
from advisor_rules.fit.levelled import ASKED, HALF, evidence, levelled
from advisor_rules.fit.loosening import CONSULTED, loosened, nothing_to_loosen, refuse_noise
from advisor_rules.program.logits_vs_softmax import LogitsVsSoftmax
from advisor_rules.program.never_learned import NeverLearned
from advisor_rules.program.unrepeatable_validation import UnrepeatableValidation
from advisor_rules.signs import at_rest
from advisor_rules.signs.began_late import began_late
from advisor_rules.signs.made_harder import made_harder
from advisor_rules.signs.measure import certainty
from advisor_rules.signs.one_pass import refuse_one_pass
from advisor_rules.signs.reached import Reached, loss_reached, many_answers, poor, score_reached
from advisor_rules.signs.said import ending, said

_CAUSES: tuple[type[Rule], ...] = LogitsVsSoftmax, UnrepeatableValidation
"""Mistakes that hold a model back, or its validation, and are to be mended first."""


class Underfitting(Rule):
    """Training and validation are equally far from good, and neither moves any more.

    ## What it checks
    Compares the levels of training and validation loss at the end. The rule fires if validation is
    worse by no more than ``gap`` (``far_gap`` where nothing came half of the way to perfect) and
    moved by no more than ``flat`` in the last half, or ``settling`` where the learning rate ended
    near 0 (or is not known, and both moved by half of that in the last quarter), if training did
    not leave it behind there by more than ``opening``, and the run is far from good: what a
    classifier gets right, or F1, and its loss are no more than ``skill`` of the way from guessing
    to perfect. What guessing gives is known from the recorded number C of classes, or from what the
    first step cost. Where no score is logged, the loss must be no more than ``alone`` of the way
    from ln(C), or from where it began, if that cannot be the loss of a trained model: at 0.5 or
    more, or the first step of a regression. Below 0.8 it may be of a choice between two, and 0.5
    good. Both bounds are ``late`` where validation fell, but stood for a while at first (there all
    gaps may be twice as wide), and ``usual`` where the recorded width, dropout and decay are so.
    Among more than a dozen answers, as of a next letter, none is certain: a score above ``many``
    may be good there, and a loss alone tells nothing. The rule is silent without a reference; where
    ``logits-vs-softmax`` or ``unrepeatable-validation`` shows a mistake to mend first; where no
    data came twice, as no gap means nothing in one pass; where a validation R² is above ``usual``
    and no setting tells why, as the rest may be noise; and where training labels seem to be noisy.
    They leave a model unsure: where validation is as sure as it is right, and training right less
    often, something only makes training harder, and the bounds are ``late`` too, unless settings
    say what. Nor may validation have been better before, unless training was. A joint rise above
    noise is ``still-improving``; under a schedule that ended, both may be said. A run that learned
    nothing is one with ``never-learned``: where that is certain, not if all recorded is as usual.

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
    uses = (*roles_of(*ASKED, CONSULTED, NeverLearned, *_CAUSES), "train/metric")
    points = 4
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.PLATEAU, symptoms.TOO_SLOW, symptoms.LEARNS_NOTHING)
    silences = ("pretrained-backbone", "batch-too-small-noise")
    separated_by = ("train on twenty samples until the loss is near 0",)
    basis = (
        "0.5 to 0.75, growing with the distance to perfect, and 0.45 where both still moved, "
        "training is made harder, or only the loss itself is the reference: noisy labels, a short "
        "training, and one that is meant to be hard look the same."
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
        "observed.harder": "Training stays far from good, and well behind validation",
        "evidence": "{train:name} and {series:name} ended at {fit:number} and {end:number}, while "
        "{judged:name} stood near {level:number} where guessing gives {guessing:number}.",
        "evidence.unknown": "{train:name} and {series:name} ended at {fit:number} and "
        "{end:number}; {judged:name} stood near {level:number} where {whole:number} is perfect.",
        "evidence.begun": "{train:name} and {series:name} ended at {fit:number} and "
        "{end:number}, where training began near {guessing:number}.",
        "do": "For the next run change one thing: {change:sentence}. First check that the model "
        "can learn twenty samples by heart.",
        "do.open": "Train on twenty samples, without regularization. If the loss gets near 0, try "
        "wider layers; if it does not, scale the inputs, try ReLU, and compare a tenth and ten "
        "times the learning rate.",
        "do.blind": "Train on twenty samples, without regularization. If the loss gets near 0, "
        "regularize less, or {change:sentence}; if it does not, scale the inputs, try ReLU, and "
        "compare a tenth and ten times the learning rate.",
        "do.harder": "For the next run change one thing: {change:sentence}, be it mixup, noise or "
        "crops.",
        "why": "A model that is no better on the data it has seen than on new data has not used "
        "up what is in the training data.",
        "why.harder": "Validation is as sure as it is right, where wrong labels would leave it "
        "less sure: something that only training has makes it harder.",
        "check": "{train:name} ends below {fit:number}; {series:name} follows, at first.",
        "unless": "the labels are so noisy that nothing does better.",
        "unless.harder": "mixup, smoothed labels or augmentation make training harder on purpose.",
        "unless.begun": "nothing does better, be it that the labels are noisy, that the loss "
        "cannot get lower, or that the run began with trained weights.",
    }

    gap: float = option(
        0.07,
        "Largest distance of the validation loss above the training loss at the end, as a share "
        "of the level (or of a third of the gain, for a loss that may be negative).",
        source="measured on small trainings of 49 data sets and models that are otherwise as the "
        "rule asks: from 0.07 to 0.1 some 7 lost by a fault and 5 did not",
        gt=0,
    )
    far_gap: float = option(
        0.12,
        "The same where nothing came half of the way to perfect, and not all settings are usual.",
        source="measured on small trainings of 73 data sets and models: of 19 up to here 17 lost "
        "by a fault of which this is a sign, of 3 more up to 0.15 every other one",
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
        0.55,
        "The same share of a loss where no score is logged.",
        source="measured on small trainings of 65 data sets and models: 21 of 21 logs from 0.5 "
        "on lost by a fault, and 19 of 30 up to 0.7, where healthy regressions end",
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
    late: float = option(
        0.8,
        "The same where validation stood for a while before it fell, or training is made harder.",
        source="measured on small trainings of 57 data sets and models: above, 8 of 9 had a fault",
        gt=0,
        lt=1,
    )
    many: float = option(
        0.38,
        "The largest score, of 1, among more than a dozen answers.",
        source="measured on small models of six texts: 0.4 to 0.52 in 13 that are as good as can "
        "be and otherwise as the rule asks; up to 0.38 none of those",
        gt=0,
        lt=1,
    )
    wide: int = option(
        5,
        "Recorded width of the layers from which the size is not the first suspect.",
        source="as in hidden-size: of 22 such trainings with more units the size was wrong in none",
        ge=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run that levels off far from good, and runs that are good, or gape."""
        train = falling(60, seed=90, start=2.3, floor=1.7, rate=12)
        near = train + noise(60, 0.01, 91)
        poor = 0.4 - 0.3 * np.exp(-12 * np.linspace(0, 1, 60)) + noise(60, 0.004, 92)
        lost = {"train/loss": train, "val/loss": near, "val/accuracy": poor}
        return (
            Example("ends at 40%", make_run(series=lost, config={"dropout": 0.5}), fires=True),
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
        refuse_one_pass(run)
        stood = levelled(run, max(self.gap, self.far_gap), self.opening, self.flat, self.settling)
        if stood is not None:
            yield from self._far_from_good(run, stood=stood)

    def _far_from_good(self, run: RunView, *, stood: bool) -> Iterator[Finding]:
        score, loss = score_reached(run), loss_reached(run)
        if (reference := score or loss) is None:
            raise NotApplicable(
                "there is nothing to tell a good end from a poor one: log val/accuracy, or record "
                "num_classes"
            )
        if many_answers(run) and (reference.right is None or reference.right > self.many):
            return
        usual = nothing_to_loosen(run, self.wide)
        far = poor(score, loss, HALF) and not usual
        widest = at_rest.widened(run["val/loss"], max(self.gap, self.far_gap) if far else self.gap)
        if at_rest.apart(run["train/loss"], run["val/loss"]) > widest:
            return
        late = began_late(run["val/loss"]) or made_harder(run)
        most = self.usual if usual else self.late if late else self._most(reference)
        instead = (NeverLearned,) if usual else ()
        if poor(score, loss, most) and first_finding(run, *_CAUSES, *instead) is None:
            refuse_noise(run, self.wide, self.usual)
            yield self._found(run, reference, (most, widest), stood=stood)

    def _most(self, reference: Reached) -> float:
        is_loss = reference.curve.role.kind is Kind.LOSS
        return min(self.alone, reference.good) if is_loss else self.skill

    def _found(
        self, run: RunView, reference: Reached, bounds: tuple[float, float], *, stood: bool
    ) -> Finding:
        train, val = run["train/loss"], run["val/loss"]
        remedy = loosened(run, self.wide, harder=made_harder(run))
        strength = (1.0 - max(reference.skill, 0.0)) / (1.0 - self._most(reference))
        unknown = "begun" if reference.begun else "unknown" if reference.guessing is None else ""
        variants = {"evidence": unknown} if unknown else {}
        variants |= {"unless": "begun"} if reference.begun else {}
        harder = remedy.variant == "harder"
        variants |= {"do": remedy.variant} if remedy.variant else {}
        variants |= dict.fromkeys(("observed", "why", "unless"), "harder") if harder else {}
        sure = stood and not reference.begun and not harder
        return self.finding(
            confidence=certainty(strength, 0.5, 0.75) if sure else 0.45,
            evidence=evidence(run, reference, *bounds),
            changes=() if remedy.change is None else (remedy.change,),
            variants=variants,
            train=train.tag,
            series=val.tag,
            fit=said(train, ending(train)),
            end=said(val, ending(val)),
            judged=reference.curve.tag,
            level=reference.level,
            guessing=math.nan if reference.guessing is None else reference.guessing,
            whole=reference.whole,
            change=remedy.words,
        )
