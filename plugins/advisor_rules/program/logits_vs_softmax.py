"""The rule ``logits-vs-softmax``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Change, Citation, Evidence, Finding, Severity
from advisor.model import Value
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.signs.chance import classes_of, most_entropy, skill
from advisor_rules.signs.doubled_softmax import (
    NEAR_TOTAL,
    ROUNDING,
    Bond,
    Pair,
    bond,
    classes_by_level,
    floor_of,
    in_reach,
    pairs_of,
    same_on_both,
)
from advisor_rules.signs.measure import certainty, last_half, stretch
from advisor_rules.signs.said import ending, said

_LOGITS = Change.model_validate(
    {"parameter": "output_activation", "to": "none: raw logits", "direction": "set"}
)


class LogitsVsSoftmax(Rule):
    """The cross-entropy stops at the floor that outputs after a softmax have.

    ## What it checks
    A cross-entropy that is given probabilities as if they were logits applies a second softmax,
    and cannot fall below ln(e + C - 1) - 1 for C classes: 1.46 for ten. The rule fires if the
    training loss never came below that floor; if it ended within ``near`` of where the floor and
    the wrong answers put it; and if an accuracy of at least ``skill`` between guessing and perfect
    shows a good model, and the loss is ``times`` what a model that accurate and honest about its
    doubts could have at most, or if both add up to the same on training and validation data that
    the model knows unequally well. The number of classes is taken from the config.
    Where it is not recorded, the levels must show it: through two softmaxes, certain answers cost
    1 more where they are wrong, so that loss and accuracy add up to ln(e + C - 1) at the end, on
    training and validation data alike; no loss is ever above that; and the first step costs ln(C).
    For models far from good, it looks at rows with both a loss and an accuracy. The rule fires
    too if, in the later half, their sum scatters by less than ``bond`` of what the accuracy does,
    and is one that three or more classes have.

    ## Why it matters
    Through a second softmax hardly any gradient comes back once the model is nearly right:
    training is slow, and the loss says nothing.

    ## What to do
    Remove the softmax at the end of the model, or give the loss its logarithm: NLLLoss on
    log-softmax, ``from_logits=False`` in Keras.

    ## When to ignore it
    The loss has a floor for another reason, such as strong label smoothing.
    """

    name = "logits-vs-softmax"
    stage = Stage.PROGRAM
    severity = Severity.WARNING
    requires = ("train/loss", "train/metric|val/metric")
    uses = ("train/metric", "val/metric", "val/loss")
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.REGRESSION})
    symptoms = (symptoms.LOSS_FLOOR, symptoms.LEARNS_NOTHING)
    silences = ("stage:decay", "underfitting", "lr-too-low")
    precedes = ("never-learned",)
    confirmed_by = ("probe-logits-vs-softmax",)
    cleared_by = ("probe-logits-vs-softmax",)
    separated_by = ("the probe logits-vs-softmax: do the outputs of one batch sum to 1?",)
    basis = "Grows with the loss against what so accurate a model could have, from 0.75 to 0.95."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes(
            "A common mistake: outputs after a softmax, given to a loss that expects raw logits. "
            "(The floor is our own arithmetic.)"
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Give the loss raw logits, not probabilities",
        "observed": "Loss stops at {floor:number}, the softmax floor",
        "evidence": "{series:name} ended at {end:number} with {metric:name} at {level:number}; "
        "twice through a softmax, {classes:count class|classes} cannot cost less than "
        "{floor:number}.",
        "observed.bond": "{series:name} moves exactly as the errors do",
        "evidence.bond": "{series:name} and {metric:name} add up to {total:number} in every row, "
        "whatever they are: as with {classes:count class|classes} twice through a softmax.",
        "evidence.errors": "{series:name} is {floor:number} more than the share of errors that "
        "{metric:name} shows in every row: as with {classes:count class|classes} twice through "
        "a softmax.",
        "do": "Remove the softmax at the end of the model, or use a loss that takes probabilities.",
        "why": "The loss applies a softmax of its own. A second one squeezes all outputs between "
        "0 and 1, so that even a perfect answer costs {floor:number}.",
        "check": "{series:name} falls below {floor:number}.",
        "unless": "the loss has a floor for another reason, such as strong label smoothing.",
    }

    skill: float = option(
        0.6,
        "Accuracy, as a share of the way from guessing to perfect, from which a loss at the floor "
        "shows the fault, and below which the fault is a warning.",
        source="chosen by eye: below, an honest loss may lie above the floor. Measured on small "
        "trainings through two softmaxes: all 6 below it lost half of what they could learn, and "
        "of 36 above it, 15 nothing",
        gt=0,
        lt=1,
    )
    near: float = option(
        0.25,
        "Largest distance of the loss from its expected level, as a share of the range from the "
        "floor to ln(C).",
        source="chosen by eye: outputs that are not quite certain cost so much more",
        gt=0,
        lt=1,
    )
    times: float = option(
        1.5,
        "The loss in multiples of the entropy that an accuracy allows at most.",
        source="chosen by eye; the bound is Fano's inequality",
        gt=1,
    )

    bond: float = option(
        0.1,
        "Scatter of the sum of loss and accuracy, as a share of that of the accuracy.",
        source="measured on this project's benchmark: 0.12 and more in 1,032 trainings without "
        "this fault; 0.03 and less in those whose doubled softmax had learned least",
        gt=0,
        lt=0.5,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a loss that stops at 1.46 for ten classes, and losses with other ends."""
        right = 0.96 - 0.8 * (falling(60, seed=350, start=1.0, floor=0.0) - noise(60, 0.02, 350))
        stuck = falling(60, seed=351, start=2.3, floor=1.51, size=0.003)
        poor = right - 0.55
        ten: dict[str, Value] = {"num_classes": 10}
        return (
            Example(
                "96% right at a loss of 1.52",
                make_run(train_loss=stuck, train_accuracy=right, config=ten),
                fires=True,
            ),
            Example(
                "96% right at a loss of 0.1",
                make_run(
                    train_loss=falling(60, seed=352, floor=0.1), train_accuracy=right, config=ten
                ),
                fires=False,
            ),
            Example(
                "41% right at a loss of 1.52",
                make_run(train_loss=stuck, train_accuracy=poor, config=ten),
                fires=False,
            ),
            Example(
                "label smoothing, classes not recorded",
                make_run(
                    train_loss=falling(60, seed=353, start=2.3, floor=0.5, size=0.003),
                    train_accuracy=right,
                ),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the end of the loss against the floor of a doubled softmax."""
        if not in_reach(run):
            return
        bound = bond(run)
        if bound is not None and bound.scatter <= self.bond and _agrees(run, bound):
            yield self._bound(bound)
            return
        if run.task is not Task.CLASSIFICATION:
            raise NotApplicable("the run is not known to be that of a classifier")
        pair = next(iter(pairs_of(run)), None)
        if pair is None:
            raise NotApplicable("no accuracy is logged beside a loss on the same data")
        recorded = classes_of(run)
        classes = recorded.number if recorded is not None else classes_by_level(run)
        if classes is None:
            return
        floor = floor_of(classes)
        lowest = min(float(run["train/loss"].values.min()), float(pair.loss.values.min()))
        if lowest < floor * (1 - ROUNDING) or not self._fits(run, pair, floor, classes):
            return
        yield self._found(pair, floor, classes)

    def _fits(self, run: RunView, pair: Pair, floor: float, classes: int) -> bool:
        """Tell whether a loss is where certain answers, some of them wrong, would be."""
        expected = floor + (1.0 - pair.right)
        if abs(pair.cost - expected) > self.near * (math.log(classes) - floor):
            return False
        honest = self.times * most_entropy(pair.right, classes)
        good = skill(pair.right, classes) >= self.skill
        return (good and pair.cost >= honest) or same_on_both(run, classes)

    def _found(self, pair: Pair, floor: float, classes: int) -> Finding:
        honest = max(most_entropy(pair.right, classes), 1e-3)
        metric = pair.accuracy.curve
        return self.finding(
            confidence=certainty(pair.cost / honest / self.times, 0.75, 0.95),
            severity=Severity.NOTE,
            evidence=[_later(pair.loss, "lowest loss", float(pair.loss.values.min()), floor)],
            changes=(_LOGITS,),
            series=pair.loss.tag,
            metric=metric.tag,
            end=said(pair.loss, ending(pair.loss, pair.cost)),
            level=said(metric, ending(metric)),
            floor=floor,
            classes=classes,
        )

    def _bound(self, bound: Bond) -> Finding:
        measured = "scatter of what it is above the share of errors, as a share of theirs"
        strength = self.bond / max(bound.scatter, 0.01)
        good = skill(bound.right, round(bound.classes)) >= self.skill
        return self.finding(
            confidence=certainty(strength, 0.75, 0.95),
            severity=Severity.NOTE if good else None,
            evidence=[_later(bound.loss, measured, bound.scatter, self.bond)],
            changes=(_LOGITS,),
            variants={
                "observed": "bond",
                "evidence": "errors" if bound.accuracy.curve.sign > 0 else "bond",
            },
            series=bound.loss.tag,
            metric=bound.accuracy.curve.tag,
            total=bound.total,
            floor=bound.total - 1.0,
            classes=round(bound.classes),
        )


def _agrees(run: RunView, bound: Bond) -> bool:
    """Tell whether a sum is that of the recorded number of classes, if one is recorded."""
    classes = classes_of(run)
    return classes is None or abs(floor_of(classes.number) + 1.0 - bound.total) < NEAR_TOTAL


def _later(loss: Curve, measured: str, value: float, threshold: float) -> Evidence:
    """Name the later half of a loss as evidence."""
    return stretch(loss, *last_half(loss), measured, value, threshold)
