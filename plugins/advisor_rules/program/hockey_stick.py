"""The rule ``hockey-stick``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.model import Value
from advisor.roles import Task
from advisor.rule import Example, Nature, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling
from advisor_rules.signs.chance import Start, start_of
from advisor_rules.signs.measure import certainty, ratio, stretch


class _Drop(NamedTuple):
    """The fall of a loss in its first steps."""

    step: int
    """The last of them."""
    after: float
    """The level right after."""
    share: float
    """The part of the whole fall that was made there."""


class HockeyStick(Rule):
    """Most of the fall of the loss lies in the first steps: it only undoes a bad initialization.

    ## What it checks
    Takes the training loss step by step and measures which share of its whole fall lies in the
    first ``early`` of the steps. The rule fires if that is at least ``share``, and if the loss
    began ``times`` as high as guessing, which is ln(C) for the number C of classes or tokens
    that the config records. A steep start from ln(C) is what every good run looks like. A loss
    that falls in a straight line over the whole run is another matter (``lr-too-low``), and one
    curve cannot be both.

    ## Why it matters
    The first steps of such a run squeeze outputs that are too large. They teach nothing of the
    data, and the large gradients of that phase can push a network where it saturates.

    ## What to do
    Initialize the last layer so that the first loss is ln(C): small weights, and biases of 0 or
    of the logarithm of how frequent each class is.

    ## When to ignore it
    The steps are few against the whole run, and nothing else ails it.
    """

    name = "hockey-stick"
    stage = Stage.PROGRAM
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = ("train/loss",)
    uses = ("val/loss", "val/metric")
    points = 500
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.REGRESSION})
    symptoms = (symptoms.START_OFF,)
    confirmed_by = ("probe-initial-loss",)
    cleared_by = ("probe-initial-loss",)
    separated_by = ("a run whose last layer starts ten times smaller",)
    basis = "Grows with the first loss against its threshold, from 0.5 to 0.75."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes(
            "A loss curve like a hockey stick shows easy gains from a bad initialization; after "
            "a good one it is rather straight."
        ),
        sources.bullettech(
            2,
            "A curve close to a line rather points to a low rate: read the first steps for the "
            "initialization, and the whole run for the rate.",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Start the last layer smaller",
        "observed": "{share:percent} of the fall was in the first steps",
        "evidence": "{series:name} fell from {first:number} to {after:number} by step {step:step}, "
        "{share:percent} of its whole fall; guessing costs {guess:number}.",
        "do": "Divide the initial weights of the last layer by ten and set its biases to 0, so "
        "that the loss begins at {guess:number}.",
        "why": "The steep part only undoes outputs that began too large; the learning begins "
        "after the bend.",
        "check": "The first loss is near {guess:number}, and the loss is below {after:number} "
        "before step {step:step}.",
        "unless": "these steps are few and nothing else ails the run.",
    }

    early: float = option(
        0.01,
        "Share of the steps that count as the first ones.",
        source="the advice catalogue's reading of the study notes",
        gt=0,
        lt=0.2,
    )
    share: float = option(
        0.5,
        "Smallest share of the whole fall that lies there.",
        source="chosen by eye; lr-too-low wants 70% of it along a line, so never both",
        gt=0.3,
        lt=1,
    )
    times: float = option(
        1.5,
        "The first loss in multiples of that of guessing.",
        source="chosen by eye: usual initializations stay within a third of ln(C)",
        gt=1,
    )
    least: int = option(5, "The fewest points among the first steps.", source="chosen by eye", ge=2)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a curve with a handle, and curves that start right or end too straight."""
        x = np.linspace(0, 1, 2000)
        body = falling(2000, seed=340, rate=4)
        handle = body + 3.0 * np.exp(-x / 0.002)
        ten: dict[str, Value] = {"num_classes": 10, "criterion": "CrossEntropyLoss()"}
        return (
            Example("falls from 5.3 at once", make_run(train_loss=handle, config=ten), fires=True),
            Example("begins at ln(10)", make_run(train_loss=body, config=ten), fires=False),
            Example(
                "steep, but from ln(10)",
                make_run(train_loss=falling(2000, seed=341, rate=400), config=ten),
                fires=False,
            ),
            Example(
                "a slow fall from 5",
                make_run(train_loss=falling(2000, seed=342, start=5.0), config=ten),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the fall in the first steps with the whole."""
        loss = run["train/loss"]
        start = start_of(run, loss)
        drop = self._drop(loss, start)
        if start.times >= self.times and drop.share >= self.share:
            yield self._found(loss, start, drop)

    def _drop(self, loss: Curve, start: Start) -> _Drop:
        first, span = float(loss.steps[0]), float(loss.steps[-1] - loss.steps[0])
        inside = loss.steps <= first + self.early * span
        after = (loss.steps <= first + 2 * self.early * span) & ~inside
        if inside.sum() < self.least or not after.any():
            raise NotApplicable("too few points of {series:name} lie at the start", series=loss.tag)
        level = float(np.median(loss.values[after]))
        whole = start.first - loss.trend.best.value
        return _Drop(int(loss.steps[inside][-1]), level, ratio(start.first - level, whole))

    def _found(self, loss: Curve, start: Start, drop: _Drop) -> Finding:
        first = int(loss.steps[0])
        fall = "share of the fall in the first steps"
        high = "first loss in multiples of that of guessing"
        return self.finding(
            confidence=certainty(start.times / self.times, 0.5, 0.75),
            evidence=[
                stretch(loss, first, drop.step, fall, drop.share, self.share),
                stretch(loss, first, first, high, start.times, self.times),
            ],
            series=loss.tag,
            first=start.first,
            after=drop.after,
            step=drop.step,
            share=min(drop.share, 1.0),
            guess=start.guess.loss,
        )
