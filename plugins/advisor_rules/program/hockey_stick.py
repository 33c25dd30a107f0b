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
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling
from advisor_rules.signs.chance import Start, start_of
from advisor_rules.signs.measure import certainty, ratio, stretch
from advisor_rules.signs.norms import AtOutput, at_output
from advisor_rules.signs.said import At, course

_HALF = 0.5
"""The share of its first value below which a loss must end that began untrained (by eye)."""


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

    Where gradient norms of layers are logged from the first step on, it looks at that one as well.
    A gradient comes to the other layers through the weights of the last one. The rule fires if the
    norm of one of them is ``times_output`` that of the last, and the loss fell by half: of a model
    that was trained before, a large last layer is nothing to undo.

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
    uses = ("val/loss", "val/metric", "grad_norm")
    points = 6
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.START_OFF,)
    confirmed_by = ("probe-initial-loss",)
    cleared_by = ("probe-initial-loss",)
    separated_by = ("a run whose last layer starts ten times smaller",)
    basis = (
        "Grows with the first loss, or the first gradient, against its threshold, from 0.5 to 0.75."
    )
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
        "observed.gradient": "First gradient {times:number} times that of the last layer",
        "evidence.gradient": "At the first step {other:name} was {height:number}, and "
        "{output:name} {low:number}: that gradient came through the weights of the last layer.",
        "do.gradient": "Divide the initial weights of the last layer by ten and set its biases "
        "to 0.",
        "why.gradient": "Weights that lift the gradient on its way back lift the outputs as much; "
        "the first steps only undo that, and can leave units dead.",
        "check.gradient": "At the first step of the next run {other:name} is less than five times "
        "{output:name}.",
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
    times_output: float = option(
        6.0,
        "The first gradient norm of a layer in multiples of that of the last one.",
        source="measured on 2,200 logs of small trainings of 48 data sets and models: of 1,184 "
        "healthy and harmless ones 99 in 100 are below 3.4, of 24 whose last layer began 30 times "
        "too large 21 above 6",
        gt=1,
    )
    least: int = option(5, "The fewest points among the first steps.", source="chosen by eye", ge=2)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a curve with a handle, and curves that start right or end too straight."""
        x = np.linspace(0, 1, 2000)
        body = falling(2000, seed=340, rate=4)
        short = falling(200, seed=343)
        handle = body + 3.0 * np.exp(-x / 0.002)
        ten: dict[str, Value] = {"num_classes": 10, "criterion": "CrossEntropyLoss()"}
        return (
            Example("falls from 5.3 at once", make_run(train_loss=handle, config=ten), fires=True),
            Example("a gradient twelve times the last layer's", _norms(short, 12.0), fires=True),
            Example("a gradient twice the last layer's", _norms(short, 2.0), fires=False),
            Example("hardly anything to learn", _norms(2.0 + 0.1 * short, 12.0), fires=False),
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
        lifted = at_output(run.every("grad_norm"))
        if lifted is not None and lifted.times >= self.times_output and _began_untrained(loss):
            yield self._lifted(lifted)
            return
        start = start_of(run, loss)
        drop = self._drop(loss, start)
        if start.times >= self.times and drop.share >= self.share:
            yield self._found(loss, start, drop)

    def _lifted(self, found: AtOutput) -> Finding:
        """Report a gradient that the weights of the last layer lift."""
        step, parts = int(found.output.steps[0]), ("observed", "evidence", "do", "why", "check")
        measured = "first norm in multiples of that of the last layer"
        return self.finding(
            confidence=certainty(found.times / self.times_output, 0.5, 0.75),
            evidence=[
                stretch(found.other, step, step, measured, found.times, self.times_output),
                stretch(found.output, step, step, measured, found.times, None),
            ],
            variants=dict.fromkeys(parts, "gradient"),
            times=found.times,
            other=found.other.tag,
            output=found.output.tag,
            height=float(found.other.values[0]),
            low=float(found.output.values[0]),
        )

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
        before, after = course(loss, At(first, start.first), At(drop.step, drop.after))
        return self.finding(
            confidence=certainty(start.times / self.times, 0.5, 0.75),
            evidence=[
                stretch(loss, first, drop.step, fall, drop.share, self.share),
                stretch(loss, first, first, high, start.times, self.times),
            ],
            series=loss.tag,
            first=before,
            after=after,
            step=drop.step,
            share=min(drop.share, 1.0),
            guess=start.guess.loss,
        )


def _began_untrained(loss: Curve) -> bool:
    return 0 < loss.trend.tail().value <= _HALF * float(loss.values[0])


def _norms(loss: Floats, times: float) -> Run:
    last = np.exp(-np.linspace(0, 2, len(loss)))
    series = {"train/loss": loss, "grad_norm/body.weight": times * last}
    return make_run(series={**series, "grad_norm/head.weight": last})
