"""The rule ``never-learned``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Citation, Cost, Evidence, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.signs.good_start import STILL, later_share, moves, stands_still
from advisor_rules.signs.guessing import Guessing, Judge
from advisor_rules.signs.measure import certainty, ratio, stretch
from advisor_rules.signs.no_rate import NO_RATE_TEXTS, idle_finding, untrained
from advisor_rules.signs.not_trained import refuse_not_trained
from advisor_rules.signs.one_answer import OneAnswer, one_answer
from advisor_rules.signs.said import beginning, ending, said


class NeverLearned(Rule):
    """The training loss stays at its initial level: the model has learned nothing.

    ## What it checks
    Where the training loss fell by less than ``moved`` from its level after the first points to its
    best, the rule looks for proof that the model guesses: an AUC that stayed within ``skill`` of
    0.5, an R2, MCC or kappa of 0; an accuracy within ``skill`` of 1/C, or a loss within ``near`` of
    ln(C), where the config records the number C of classes; or both of them, at the same C, where
    it does not. Such a run is a warning, and training may have been better in its first tenth, if
    validation never was. So is one whose loss moved, if its validation accuracy never left 1/C and
    the loss ended no lower than ln(C); and one whose validation accuracy stands on one value, to
    the last digit, while its loss is no lower than the entropy of that share, and training is right
    no more often. Without a reference, a loss that never left its noise, or that changed by less
    than ``still`` in all, over a hundred steps or in validation too, is a note; and one that fell
    by less than ``moved`` in its first points and stood from there on, as validation did. Not if
    the run began with trained weights, some metric is good (of the answers more are right than half
    or, where C is recorded, ``skill`` of the way from 1/C), or validation improved or ended far
    below it. Nor if the loss ended as NaN, or the rate had vanished for nearly all of the run. A
    rate that is logged as 0 throughout, while the loss stood, is the cause, and said as such.

    ## Why it matters
    Nothing else about such a run is worth tuning. The fault is nearly always in the program or in
    the data, or the rate is off by orders of magnitude.

    ## What to do
    Train on one batch of ten samples, without regularization, until the loss is near 0. If it gets
    there, search the learning rate in ten-fold steps. If not, look for a mistake: labels of other
    inputs, weights that no gradient reaches, dead activations.

    ## When to ignore it
    The run is still in its warm-up, or the labels cannot be predicted from the inputs.
    """

    name = "never-learned"
    stage = Stage.PROGRAM
    severity = Severity.WARNING
    notes_may_warn = False
    requires = ("train/loss",)
    uses = ("lr", "val/loss", "val/metric", "train/metric")
    points = 5
    after_end = True
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.LEARNS_NOTHING,)
    silences = (
        "stage:epochs",
        "stage:batch-size",
        "lr-decay-on-plateau",
        "lr-onecycle",
        "overfitting",
        "more-data-or-regularization",
        "oversized-then-shrunk",
        "dropout-missing",
        "dropout-placement",
        "pretrained-backbone",
        "loss-is-not-the-metric",
        "val-loss-rises-metric-holds",
    )
    precedes = ("underfitting",)
    confirmed_by = ("probe-never-learned", "overfit-tiny-batch")
    cleared_by = ("probe-never-learned", "overfit-tiny-batch")
    separated_by = ("the probe overfit-tiny-batch: one batch of ten samples, trained to 0",)
    basis = (
        "0.75 to 0.95 where guessing is the reference, growing with how close to it the run "
        "stayed; 0.5 where there is no reference."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes(
            "First make a few samples fit to a loss near 0: if that fails, the model can learn "
            "nothing; and guessing among C classes costs about ln(C)."
        ),
        sources.wandb(1, "With too few layers or neurons the pattern cannot be learned."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Make the model learn ten samples first",
        "observed": "The model learned nothing",
        "observed.unknown": "Training loss stayed where it began",
        "evidence": "{series:name} ended at {end:number} after {before:number} at the start, and "
        "{judged:name} near {level:number} where guessing gives {guess:number}.",
        "evidence.loss": "{series:name} ended at {end:number} after {before:number} at the start; "
        "guessing gives {guess:number}.",
        "evidence.same": "{judged:name} was {level:number} in {times:step} of {of:step} "
        "validations: the model gives one answer to everything; {series:name} ended at "
        "{end:number}.",
        "evidence.unknown": "{series:name} ended at {end:number} after {before:number} at the "
        "start: within its noise, or as good as level.",
        "do": "Train on one batch of ten samples, without regularization, until the loss is near "
        "0; if it does not get there, check labels, inputs and gradients before any setting.",
        "why": "A model that can learn has memorized ten samples in a few hundred steps. One that "
        "cannot is broken, and no setting mends that.",
        "check": "The loss on the ten samples falls to about 0; then that of the whole run "
        "leaves {end:number} within its first tenth.",
        "unless": "the run is still in its warm-up, or the inputs say nothing of the labels.",
        "unless.unknown": "the run began with trained weights, or is still in its warm-up.",
        "cost": "{share:percent} of the run taught the model nothing.",
        **NO_RATE_TEXTS,
    }

    moved: float = option(
        0.1,
        "Largest fall of the training loss after its first points, as a share of its level (or "
        "of a third of its gain, for a loss that may be negative).",
        source="measured on 1,440 healthy and harmless small trainings of 17 data sets and models: "
        "none that guesses by the other signs fell by less",
        gt=0,
    )
    skill: float = option(
        0.2,
        "Largest share of the way from guessing to perfect for a score.",
        source="chosen by eye: a model that knows only which class is the commonest gets so far "
        "when classes are uneven; on small trainings of 73 data sets and models 0.15 finds fewer, "
        "and is wrong as rarely",
        gt=0,
        lt=1,
    )
    near: float = option(
        0.1,
        "Largest distance from ln(C), as a share of it.",
        source="in the same measurement no healthy training stays that near, and at chance",
        gt=0,
        lt=1,
    )
    still: float = option(
        STILL,
        "Largest change from the first value to the end, in the same unit as ``moved``, that is "
        "no learning even where it is above the noise.",
        source="measured on 3,721 logs of healthy and harmless small trainings of 25 data sets and "
        "models: the loss of one stays within, where validation does, too; so do 135 others",
        gt=0,
    )
    t: float = option(
        4.0,
        "Largest change from the start to the end, in standard errors, that counts as noise.",
        source="chosen by eye: the best of some tens of places is low by chance",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run at chance, and runs that learn, start late or start well."""
        dead = 2.303 + noise(60, 0.004, 310)
        chance = 0.1 + noise(60, 0.004, 311)
        return (
            Example(
                "ten classes, and one in ten is right",
                make_run(train_loss=dead, val_accuracy=chance, config={"num_classes": 10}),
                fires=True,
            ),
            Example(
                "a loss that falls",
                make_run(train_loss=falling(60, seed=312), config={"num_classes": 10}),
                fires=False,
            ),
            Example(
                "a good model that is trained on",
                make_run(
                    train_loss=0.2 + noise(60, 0.01, 313),
                    val_accuracy=0.93 + noise(60, 0.004, 314),
                    config={"num_classes": 10},
                ),
                fires=False,
            ),
            Example(
                "trained weights, and nothing to judge by",
                make_run(train_loss=1.4 + noise(60, 0.05, 315), config={"pretrained": True}),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look whether the loss moved, then whether its level is that of guessing."""
        loss = run["train/loss"]
        refuse_not_trained(run, loss)
        idle, same = untrained(run), one_answer(run, loss)
        if idle is not None:
            yield idle_finding(self, run, idle, self._all(loss))
            return
        if same is not None:
            yield self._stands(loss, same)
            return
        judge, left = Judge(self.skill, self.near), moves(loss, self.moved, self.t)
        guessing = judge.ended(run, loss) if left else judge.find(run, loss)
        if guessing is not None:
            yield self._found(loss, guessing)
        elif not left and stands_still(run, loss, self.moved, self.t, self.still):
            yield self._unproven(loss)

    def _found(self, loss: Curve, guessing: Guessing) -> Finding:
        same = guessing.curve is loss
        what = "distance from the loss of guessing" if same else "way from guessing to perfect"
        proof = _whole(guessing.curve, what, guessing.near, guessing.allowed)
        strength = ratio(guessing.allowed, max(abs(guessing.near), 0.1 * guessing.allowed))
        return self.finding(
            confidence=certainty(strength, 0.75, 0.95),
            evidence=[proof] if same else [proof, self._level(loss)],
            cost=self._all(loss),
            variants={"evidence": "loss"} if same else None,
            judged=guessing.curve.tag,
            level=guessing.level,
            guess=guessing.guess,
            series=loss.tag,
            before=said(loss, beginning(loss)),
            end=said(loss, ending(loss)),
        )

    def _stands(self, loss: Curve, same: OneAnswer) -> Finding:
        curve, measured = same.curve, "share of the validations with one and the same value"
        share = same.times / len(curve)
        return self.finding(
            confidence=certainty(share / 0.8, 0.75, 0.95),
            evidence=[_whole(curve, measured, share, 0.8), self._level(loss)],
            cost=self._all(loss),
            variants={"evidence": "same"},
            judged=curve.tag,
            level=same.value,
            times=same.times,
            of=len(curve),
            series=loss.tag,
            end=said(loss, ending(loss)),
        )

    def _all(self, loss: Curve) -> Cost:
        return Cost(
            share=1.0,
            of="compute",
            first_step=int(loss.steps[0]),
            last_step=int(loss.steps[-1]),
            message=self.say("cost", share=1.0),
        )

    def _unproven(self, loss: Curve) -> Finding:
        return self.finding(
            confidence=0.5,
            severity=Severity.NOTE,
            evidence=[self._level(loss)],
            variants=dict.fromkeys(("observed", "evidence", "unless"), "unknown"),
            series=loss.tag,
            before=said(loss, beginning(loss)),
            end=said(loss, ending(loss)),
        )

    def _level(self, loss: Curve) -> Evidence:
        fell, words = later_share(loss), "fall after the first points, relative"
        return _whole(loss, words, fell, self.moved if fell <= self.moved else None)


def _whole(curve: Curve, measured: str, value: float, threshold: float | None) -> Evidence:
    return stretch(curve, curve.steps[0], curve.steps[-1], measured, value, threshold)
