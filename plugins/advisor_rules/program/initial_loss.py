"""The rule ``initial-loss``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.model import Value
from advisor.roles import Task
from advisor.rule import Example, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.chance import Start, answers_of, highest_start_of, start_of
from advisor_rules.examples import falling
from advisor_rules.measure import certainty, stretch

_UNKNOWN: Mapping[str, str] = dict.fromkeys(("title", "observed", "evidence", "check"), "unknown")


class InitialLoss(Rule):
    """The first loss is far above ln(C), which a model that knows nothing would have.

    ## What it checks
    Compares the very first training loss of a classifier, or of a language model, with ln(C)
    for the number C of classes or tokens that the config records (ln(2) for a binary loss).
    The rule fires if it is ``times`` as high. A first loss below ln(C) is fine: the model began
    with trained weights, or the classes are uneven. It asks for a loss logged step by step from
    the first step on, because an average over steps has no initial loss in it, and for a loss
    that comes below ln(C) later, because another one is in another unit.
    Where C is not recorded, the largest in use takes its place, a vocabulary of 262,144 tokens; an
    accuracy must then show that the loss ends where a mean cross-entropy can.

    ## Why it matters
    Before training, all classes should be about equally likely. A model that begins far more
    certain than that, and wrong, has outputs that are too large: weights, inputs or loss are not
    scaled as intended. At best the first part of the run only undoes this.

    ## What to do
    Look at the logits of one batch before training. Shrink the last layer's weights, scale the
    inputs to unit variance, and check that the loss is a mean over the batch.

    ## When to ignore it
    The loss is a sum, or holds further terms such as a penalty on the weights.
    """

    name = "initial-loss"
    stage = Stage.PROGRAM
    severity = Severity.NOTE
    requires = ("train/loss",)
    uses = ("val/loss", "val/metric", "train/metric")
    points = 10
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.REGRESSION})
    symptoms = (symptoms.START_OFF,)
    silences = ("hockey-stick",)
    separated_by = ("the loss of one batch before training, with the last layer set to 0",)
    basis = "Grows with the first loss against ln(C), from 0.6 at the threshold to 0.9."
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
        "even among {classes:count class|classes}, a vocabulary as large as any, costs "
        "{guess:number}.",
        "check.unknown": "The first loss of the next run is near ln(C), C being the number of "
        "classes or tokens.",
        "do": "Divide the initial weights of the last layer by ten and set its biases to 0; check "
        "the scale of the inputs, and that the loss is a mean over the batch.",
        "why": "A model that knows nothing should call all classes equally likely. A higher loss "
        "means that it begins certain of wrong answers.",
        "check": "The first loss of the next run is within a tenth of {guess:number}.",
        "unless": "the loss is a sum, or holds further terms such as a penalty.",
    }

    times: float = option(
        2.0,
        "The first loss in multiples of ln(C) from which it counts as far off.",
        source="a relative deviation of 1 is what TheDeepChecker allows a loss at its start",
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
        """Compare the first loss with that of guessing."""
        loss = run["train/loss"]
        known = answers_of(run) is not None
        start = start_of(run, loss) if known else highest_start_of(run, loss)
        if start.times >= self.times:
            yield self._found(loss, start, {} if known else _UNKNOWN)

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
