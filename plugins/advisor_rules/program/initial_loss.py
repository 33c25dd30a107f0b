"""The rule ``initial-loss``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.model import Value
from advisor.roles import Task
from advisor.rule import ADVICE_PARTS, Example, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling
from advisor_rules.signs.chance import Start, answers_of, single_steps, start_of
from advisor_rules.signs.first_row import high_first_row
from advisor_rules.signs.measure import certainty, stretch
from advisor_rules.signs.right_answers import share_of
from advisor_rules.signs.start_height import (
    FAR,
    GUESSES,
    above_any_guess,
    began_far,
    fell_at_once,
    fell_in_steps,
)
from advisor_rules.signs.unrecorded import LARGEST, unrecorded_start_of

_UNKNOWN: Mapping[str, str] = dict.fromkeys(("title", "observed", "evidence", "check"), "unknown")
_SCALE: dict[str, str] = dict.fromkeys(ADVICE_PARTS, "scale")


class InitialLoss(Rule):
    """The first loss is far above ln(C), which a model that knows nothing would have.

    ## What it checks
    Compares the very first training loss of a classifier, or of a language model, with ln(C)
    for the number C of classes or tokens that the config records (ln(2) for a binary loss).
    The rule fires if it is ``times`` as high. A first loss below ln(C) is fine: the model began
    with trained weights, or the classes are uneven. It asks for a loss that comes below ln(C)
    later, because another one is in another unit.
    Where C is not recorded, an accuracy of training must take its place. C is then 1 / p for the
    share p that was right in the first rows, or, if that is more, among how many answers the model
    wavered later: as many as a model that is as sure as it is right needs for its loss. Where that
    does not show, C is that of the largest vocabulary in use, 262,144. The loss must end where a
    mean cross-entropy can.

    A classifier that records neither C nor an accuracy may be told by its fall: no model that
    guesses among twenty and more comes down to a third of its first loss in 20 steps.

    A regression has no such reference. There the first loss must be ``at_once`` times as high as
    the mean of every later fiftieth of the steps: no model learns so much in so few steps. Or it
    is ``far`` or more, and as many times what it ended at, and did not fall there evenly:
    standardized targets cost no model that much; or it fell to a fifth of a high level within a few
    steps, for good. Nor has a run that shows neither accuracy nor task; its first loss must be more
    than any guessing costs.

    All this asks for a loss logged step by step from the first step on. An average over steps has
    no initial loss in it; but where the first one is above guessing, ``above`` times all later
    ones, ``far``, or far above validation at its end, either the loss began far too high, or the
    first steps threw it there (``first-steps-too-large``).

    ## Why it matters
    Before training, all classes should be about equally likely. A model that begins far more
    certain than that, and wrong, has outputs that are too large: weights, inputs or loss are not
    scaled as intended. At best the first part of the run only undoes this.

    ## What to do
    Look at the logits of one batch before training. Shrink the last layer's weights, scale the
    inputs to unit variance, and check that the loss is a mean over the batch.

    ## When to ignore it
    The loss is a sum, holds further terms such as a penalty on the weights, or its target values
    lie far from 0 on purpose.
    """

    name = "initial-loss"
    stage = Stage.PROGRAM
    severity = Severity.NOTE
    requires = ("train/loss",)
    uses = ("lr", "val/loss", "val/metric", "train/metric")
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.START_OFF,)
    silences = ("hockey-stick",)
    confirmed_by = ("probe-initial-loss",)
    cleared_by = ("probe-initial-loss",)
    separated_by = ("the loss of one batch before training, with the last layer set to 0",)
    basis = (
        "Grows with the first loss against ln(C), from 0.6 at the threshold to 0.9; 0.6 to 0.8 "
        "where it fell at once or far, and 0.4 for a first row of averages."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes(
            "Classes start about equally likely, so the first softmax loss is near ln(C) (the "
            "formula is that of the lecture); wildly off means broken before you start."
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Bring the first loss down to {guess:number}",
        "observed": "First loss {times:number} times that of guessing",
        "evidence": "{series:name} began at {first:number} at step {step:step}; guessing among "
        "{classes:count class|classes} ({path:name}) costs {guess:number}.",
        "title.unknown": "Bring the first loss down to that of guessing",
        "observed.unknown": "First loss of {first:number}: guessing costs far less",
        "evidence.unknown": "{series:name} began at {first:number} at step {step:step}; guessing "
        "among {classes:count class|classes}, more than its right answers suggest, costs "
        "{guess:number}.",
        "check.unknown": "The first loss of the next run is near ln(C), C being the number of "
        "classes or tokens.",
        "title.scale": "Scale inputs, targets and initial weights",
        "observed.scale": "First loss {times:number} times all after the first steps",
        "observed.averages": "First loss {times:number} times all others",
        "observed.end": "First loss {times:number} times the last ones",
        "observed.guessing": "First loss {times:number} times that of guessing",
        "evidence.scale": "{series:name} began at {first:number} at step {step:step}; its mean "
        "over any later fiftieth of the steps is {guess:number} at most.",
        "evidence.averages": "{series:name} is {first:number} in its first row and "
        "{guess:number} at most in any later one.",
        "evidence.guessing": "{series:name} is {first:number} in its first row; guessing costs "
        "{guess:number}, or less.",
        "evidence.end": "{series:name} began at {first:number}, and ended at a level of "
        "{guess:number}.",
        "do.scale": "Standardize inputs and targets, divide the initial weights of the last layer "
        "by ten, and set its bias to the mean of the targets.",
        "do.averages": "Log the loss of every step from 0 on; if the very first one is that high, "
        "standardize the inputs and divide the initial weights of the last layer by ten.",
        "why.scale": "Outputs that are far too large are first undone, which teaches nothing of "
        "the data and can leave units dead.",
        "check.scale": "The first loss of the next run is within ten times {guess:number}.",
        "unless.scale": "the loss is a sum, or targets lie far from 0 on purpose.",
        "do": "Divide the initial weights of the last layer by ten and set its biases to 0; check "
        "the scale of the inputs, and that the loss is a mean over the batch.",
        "why": "A model that knows nothing should call all classes equally likely. A higher loss "
        "means that it begins certain of wrong answers.",
        "check": "The first loss of the next run is within a tenth of {guess:number}.",
        "unless": "the loss is a sum, or holds further terms such as a penalty.",
    }

    times: float = option(
        GUESSES,
        "The first loss in multiples of ln(C) from which it counts as far off.",
        source="a relative deviation of 1 is what TheDeepChecker allows a loss at its start; "
        "measured on 939 logs of healthy and harmless small trainings of 25 data sets and models "
        "that record no number of classes: 4 begin higher, 2 of them with a huge last layer",
        gt=1,
    )
    far: float = option(
        FAR,
        "The first loss of which less than so many parts are left at the end, if it is as high.",
        source="measured on 10,000 logs of small trainings of 25 data sets and models: of 171 that "
        "begin so high, 2 have nothing the matter with them, and a rate 300 times too high",
        gt=1,
    )
    at_once: float = option(
        30.0,
        "The first loss of a regression in multiples of every later fiftieth of the steps.",
        source="measured on 350 logs of healthy and harmless small regressions, of which none "
        "begins above 18",
        gt=1,
    )
    above: float = option(
        10.0,
        "The first row of averages in multiples of the highest later one.",
        source="measured on 524 healthy small trainings, of which none begins above 7.2",
        gt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a loss that begins far too high, and losses that begin near or below ln(C)."""
        high = falling(400, seed=330, start=15.0, rate=40)
        near = falling(400, seed=331, start=2.4)
        tuned = falling(400, seed=332, start=0.6, floor=0.3)
        ten: dict[str, Value] = {"num_classes": 10, "criterion": "CrossEntropyLoss()"}
        return (
            Example(
                "ten classes, 15 at the start", make_run(train_loss=high, config=ten), fires=True
            ),
            Example("ten classes, ln(10)", make_run(train_loss=near, config=ten), fires=False),
            Example("a fine-tune from below", make_run(train_loss=tuned, config=ten), fires=False),
            Example("classes not recorded", make_run(train_loss=high), fires=False),
            Example(
                "no vocabulary is so large",
                make_run(train_loss=5 * high - 1.5, train_accuracy=0.95 - 0.06 * high),
                fires=True,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the first loss with that of guessing, or else with what came after it."""
        loss = run["train/loss"]
        if not single_steps(run, loss):
            yield from self._first_row(run, loss)
            return
        fell = fell_in_steps(run, loss) > 0
        if not loss.role.part and _without_reference(run, fell=fell):
            yield from self._at_once(run, loss, fell=fell)
        else:
            yield from self._against_guessing(run, loss)

    def _against_guessing(self, run: RunView, loss: Curve) -> Iterator[Finding]:
        if not above_any_guess(float(loss.values[0])):
            return
        known = answers_of(run) is not None
        start = start_of(run, loss) if known else unrecorded_start_of(run, loss)
        if start.times >= self.times:
            yield self._found(loss, start, {} if known else _UNKNOWN)

    def _at_once(self, run: RunView, loss: Curve, *, fell: bool) -> Iterator[Finding]:
        times, whole, first = fell_at_once(loss), began_far(run, loss), float(loss.values[0])
        guesses = run.task is Task.UNKNOWN and first <= math.log(LARGEST)
        if fell or (times >= self.at_once and not guesses):
            measured = "first loss in multiples of every later fiftieth of the steps"
            yield self._fell(loss, measured, times, min(self.at_once, times), _SCALE)
        elif min(whole, first) >= self.far:
            ends = _SCALE | {"observed": "end", "evidence": "end"}
            yield self._fell(
                loss, "first loss in multiples of the last ones", whole, self.far, ends
            )

    def _fell(
        self, loss: Curve, measured: str, times: float, least: float, variants: Mapping[str, str]
    ) -> Finding:
        step, first = int(loss.steps[0]), float(loss.values[0])
        return self.finding(
            confidence=certainty(times / least, 0.6, 0.8),
            evidence=[stretch(loss, step, step, measured, times, least)],
            variants=variants,
            series=loss.tag,
            step=step,
            first=first,
            guess=first / times,
            times=times,
        )

    def _first_row(self, run: RunView, loss: Curve) -> Iterator[Finding]:
        high, step = high_first_row(run, loss, self.above), int(loss.steps[0])
        if high is None:
            return
        measured = "first row in multiples of guessing, of the highest later one, or of the last"
        yield self.finding(
            confidence=0.4,
            evidence=[stretch(loss, step, step, measured, high.times, None)],
            variants={**_SCALE, "observed": high.how, "evidence": high.how, "do": "averages"},
            series=loss.tag,
            first=high.first,
            guess=high.against,
            times=high.times,
        )

    def _found(self, loss: Curve, start: Start, variants: Mapping[str, str]) -> Finding:
        step = int(loss.steps[0])
        measured = "first loss in multiples of that of guessing"
        return self.finding(
            confidence=certainty(start.times / self.times, 0.6, 0.9),
            evidence=[stretch(loss, step, step, measured, start.times, self.times)],
            variants=variants,
            series=loss.tag,
            step=step,
            first=start.first,
            guess=start.guess.loss,
            times=start.times,
            classes=start.guess.number,
            path=start.guess.path,
        )


def _without_reference(run: RunView, *, fell: bool) -> bool:
    """Tell whether a loss may be any, or fell at once from what unknown classes may have cost."""
    if run.task in (Task.REGRESSION, Task.UNKNOWN):
        return True
    scores = (share_of(run, 1, f"{split}/metric") for split in ("train", "val"))
    return answers_of(run) is None and not any(scores) and fell
