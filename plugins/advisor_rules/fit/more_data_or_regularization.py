"""The rule ``more-data-or-regularization``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.finding import Change, Citation, Finding, Severity
from advisor.language import term
from advisor.roles import Task
from advisor.rule import ADVICE_PARTS, Example, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting, regularize_more
from advisor_rules.given.regularizers import Lacking, lacking
from advisor_rules.signs.by_heart import ByHeart, learned_by_heart
from advisor_rules.signs.measure import certainty, last_half, ratio, stretch
from advisor_rules.signs.wrong_labels import ERRORS, SINCE, Alone, falls_alone


class MoreDataOrRegularization(Rule):
    """The run overfits with a regularizer turned off, or learns its data by heart.

    ## What it checks
    Where ``overfitting`` fires, looks in the config for weight decay or dropout that is 0, and
    for an optimizer whose settings are recorded without a weight decay. What the config does
    not mention is not known to be off, and not reported. The finding stands beneath that of
    ``overfitting``: it says which regularizer is there to be turned on.

    Where validation does not rise, and ``overfitting`` is silent or in doubt, the rule fires if
    the training data are learned by heart: if the training loss ends below ``share`` of the
    validation loss, and that one stands still at ``left`` or more of where the two began. That
    is guessing, where the number of classes is known. A smaller gap is no reason, nor is one
    where the two losses did not begin alike, where a recorded patience ended the run, or where an
    accuracy, F1 or exact match of validation ends at 95% or more.

    It fires too if the training loss ends ``dearer`` times the validation loss, as wrong labels
    make it, and has fallen since the first quarter of the run, by two standard errors of its slope,
    while validation gained nothing by any of its curves, and scatters by ``scatter`` of all that it
    gained before. That is no reason where a recorded dropout, augmentation or label smoothing, or
    accuracies, tell what makes training harder, where the rate ended near 0, nor in the last two.

    ## Why it matters
    A model that fits the particulars of its training data is held back by a penalty on its
    weights, by noise in its layers, or by data with other particulars. Where nothing is left to
    learn of the training data, neither a longer training nor a larger model finds more in them.
    Wrong labels can only be learned by heart.

    ## What to do
    Turn on the regularizer that is off, at a moderate value, and change nothing else. To know
    whether more data would help, train once on half of the data: if validation is clearly
    worse, more will help. Look for wrong labels where training costs more than validation.

    ## When to ignore it
    The regularizer was tried and did not help, or another one is in use; or the validation data
    are of another kind than the training data.
    """

    name = "more-data-or-regularization"
    stage = Stage.FIT
    severity = Severity.NOTE
    requires = ("train/loss", "val/loss")
    uses = (*roles_of(Overfitting), "train/metric", "lr")
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.VALIDATION_WORSE,)
    # Beside data learned by heart a metric that holds tells what to keep, not what is wrong.
    silences = ("val-loss-rises-metric-holds",)
    separated_by = ("a run on half of the data: is its validation clearly worse?",)
    basis = (
        "That of the overfitting, times 0.9 for a regularizer that is 0, 0.7 if left out; from 0.6 "
        "to 0.9 for data learned by heart, growing with the gap; from 0.5 to 0.8 for wrong labels, "
        "growing with the fall of training against its error."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("A large gap with validation dropping: more regularization or more data."),
        sources.wandb(5, "More dropout reduces overfitting; rates of 0.1 to 0.5."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Turn on {parameter:text}, or add data",
        "title.heart": "Add data, or regularize more",
        "title.labels": "Look for wrong labels, or regularize more",
        "observed": "Overfitting without {parameter:text}",
        "observed.heart": "The training data are learned by heart",
        "observed.labels": "Training costs more than validation, and gains alone",
        "evidence": "{series:name} rose after {axis:text} {step:step}, and {path:name} is 0 among "
        "the {settings:count setting|settings} recorded.",
        "evidence.absent": "{series:name} rose after {axis:text} {step:step}, and the optimizer "
        "is recorded without a weight decay among {settings:count setting|settings}.",
        "evidence.heart": "{train:name} ended at a mean of {trained:number}, {share:percent} of "
        "{series:name}, which stands near {validated:number}, {left:percent} of where both began.",
        "evidence.labels": "{train:name} ended at a mean of {trained:number}, {share:number} times "
        "{series:name}, and fell to its end; {series:name} gained nothing after {axis:text} "
        "{step:step}, and goes up and down.",
        "do": "Set {parameter:text} to {start:rate} and change nothing else. Train once on half "
        "of the data: if validation is clearly worse, more data will help too.",
        "do.heart": "Add training data or augmentation, if either can be had, and look for wrong "
        "labels. For the next run change one thing: {change:sentence}.",
        "do.labels": "Look for wrong labels among the training samples that cost the most, and "
        "keep the checkpoint of the best validation. For the next run change one thing: "
        "{change:sentence}.",
        "why": "A penalty on the weights or noise in the layers keeps a model from fitting what is "
        "particular to its training data; so does data with other particulars.",
        "why.heart": "Nothing is left to learn of the training data: neither a longer training nor "
        "a larger model finds more in them.",
        "why.labels": "Wrong labels cost training more than validation, where they are right. They "
        "can only be learned by heart, and that helps with nothing else.",
        "check": "{series:name} rises later or less, at the price of a higher training loss.",
        "check.heart": "{series:name} ends lower, at the price of a higher training loss.",
        "check.labels": "{series:name} ends lower, and {train:name} nearer to it.",
        "unless": "it was tried and did not help, or another regularizer is in use.",
        "unless.heart": "validation data are of another kind on purpose.",
        "unless.labels": "augmentation, noise or a dropout that is not recorded makes training "
        "harder.",
    }

    share: float = option(
        0.02,
        "Training loss at the end, as a share of the validation loss, up to which the training "
        "data are learned by heart.",
        source="measured on small trainings of 57 data sets and models: below it and above `left`, "
        "all 40 models overfitted; from here to 0.05, 4 of 9",
        gt=0,
        lt=1,
    )
    left: float = option(
        0.25,
        "Validation loss at the end, as a share of where the two losses began, from which it has "
        "gained little.",
        source="in the same measurement and in more trainings on 24 of these data sets, from 0.2 "
        "to here 4 of 7 models overfitted",
        gt=0,
    )
    dearer: float = option(
        1.1,
        "Training loss at the end, in multiples of the validation loss, from which its labels may "
        "be wrong.",
        source="measured on small trainings of 65 data sets and models: of 19 models beyond it "
        "that gained as stated, 17 overfitted, and 2 had wrong labels that did no harm; below 1.05 "
        "3 of 3 did not",
        gt=1,
    )
    scatter: float = option(
        0.1,
        "Scatter of validation about its course, as a share of all that it gained, from which "
        "training drives it to and fro.",
        source="in the same measurement 4 of 4 models below 0.05 did not overfit, and 17 of 19 "
        "from here on did",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return overfitting with and without weight decay, and data learned by heart or not."""
        train, turned = falling(100, seed=100, floor=0.1), turning(100, seed=101)
        heart = 2.3 * np.exp(-9 * np.linspace(0, 1, 100)) + np.abs(noise(100, 1e-3, 102))
        flat, low = falling(100, seed=103, floor=1, rate=12), falling(100, seed=104, rate=12)
        driven = flat + noise(100, 0.15, 105)
        dear = falling(100, seed=106, floor=1.3, rate=2, size=0.01)
        return (
            Example(
                "overfits, weight decay is 0",
                make_run(train_loss=train, val_loss=turned, config={"weight_decay": 0.0}),
                fires=True,
            ),
            Example(
                "overfits with both",
                make_run(
                    train_loss=train, val_loss=turned, config={"weight_decay": 0.1, "dropout": 0.1}
                ),
                fires=False,
            ),
            Example(
                "overfits, nothing recorded",
                make_run(train_loss=train, val_loss=turned),
                fires=False,
            ),
            Example(
                "does not overfit",
                make_run(train_loss=train, val_loss=train, config={"weight_decay": 0.0}),
                fires=False,
            ),
            Example("by heart", make_run(train_loss=heart, val_loss=flat), fires=True),
            Example("wrong labels", make_run(train_loss=dear, val_loss=driven), fires=True),
            Example(
                "training costs more, with dropout",
                make_run(train_loss=dear, val_loss=driven, config={"dropout": 0.3}),
                fires=False,
            ),
            Example(
                "training costs more, and validation is calm",
                make_run(train_loss=dear, val_loss=flat),
                fires=False,
            ),
            Example("a gap", make_run(train_loss=train, val_loss=flat), fires=False),
            Example(
                "by heart, and validation is good too",
                make_run(train_loss=heart, val_loss=low),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for a regularizer that is off where the run overfits, or else for nothing left."""
        missing, heart, alone = lacking(run.settings), self._learned(run), self._alone(run)
        over = first_finding(run, Overfitting) if missing or heart or alone else None
        if over is not None and missing:
            yield self._found(run, over, missing[0])
        elif over is None and heart is not None:
            yield self._by_heart(run, heart)
        elif over is None and alone is not None:
            yield self._by_wrong_labels(run, alone)

    def _learned(self, run: RunView) -> ByHeart | None:
        heart = learned_by_heart(run)
        sure = heart is not None and heart.share <= self.share and heart.left >= self.left
        return heart if sure else None

    def _by_heart(self, run: RunView, heart: ByHeart) -> Finding:
        train, val = run["train/loss"], run["val/loss"]
        change, words = regularize_more(run.settings)
        of_val, of_start = "training loss over validation loss", "validation loss over its start"
        return self.finding(
            confidence=certainty(ratio(self.share, heart.share), 0.6, 0.9),
            evidence=[
                stretch(val, *last_half(val), of_start, heart.left, self.left),
                stretch(train, *last_half(train), of_val, heart.share, self.share),
            ],
            changes=[change],
            variants=dict.fromkeys(ADVICE_PARTS, "heart"),
            train=train.tag,
            series=val.tag,
            **heart._asdict(),
            change=words,
        )

    def _alone(self, run: RunView) -> Alone | None:
        alone = falls_alone(run)
        sure = alone is not None and alone.share >= self.dearer and alone.scatter >= self.scatter
        return alone if sure else None

    def _by_wrong_labels(self, run: RunView, alone: Alone) -> Finding:
        train, val = run["train/loss"], run["val/loss"]
        change, words = regularize_more(run.settings)
        first, last = int(val.steps[0]), int(val.steps[-1])
        since = first + round(SINCE * (last - first))
        dearer, scatter = "training loss over validation loss", "scatter over all that was gained"
        return self.finding(
            confidence=certainty(alone.t / ERRORS, 0.5, 0.8),
            evidence=[
                stretch(train, *last_half(train), dearer, alone.share, self.dearer),
                stretch(val, since, last, scatter, min(alone.scatter, 1.0), self.scatter),
            ],
            changes=[change],
            variants=dict.fromkeys(ADVICE_PARTS, "labels"),
            train=train.tag,
            series=val.tag,
            trained=alone.trained,
            share=alone.share,
            axis=val.axis.value,
            step=since,
            change=words,
        )

    def _found(self, run: RunView, over: Finding, missing: Lacking) -> Finding:
        absent = missing.path is None
        return self.finding(
            confidence=round(over.confidence * (0.7 if absent else 0.9), 2),
            evidence=[over.evidence[0]],
            changes=[_turn_on(missing)],
            variants={"evidence": "absent"} if absent else None,
            series=over.evidence[0].series,
            axis=run["val/loss"].axis.value,
            step=over.evidence[0].first_step,
            parameter=_NAMES[missing.parameter],
            path=missing.path or "",
            settings=len(run.settings.recorded),
            start=missing.start,
        )


_NAMES = {"weight_decay": term("weight decay"), "dropout": term("dropout")}


def _turn_on(missing: Lacking) -> Change:
    return Change.model_validate(
        {
            "parameter": missing.parameter,
            "path": missing.path,
            "from": None if missing.path is None else 0.0,
            "to": missing.start,
            "direction": "up",
            "horizon": "full",
        }
    )
