"""The rule ``first-steps-too-large``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, Rule, Stage, option
from advisor.run import Axis
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise, with_values
from advisor_rules.signs.chance import single_steps
from advisor_rules.signs.first_row import (
    FIRST_ROW_TEXTS,
    HighRow,
    Risen,
    above_first,
    high_first_row,
)
from advisor_rules.signs.measure import certainty, stretch
from advisor_rules.signs.other_rate import lower_rate
from advisor_rules.signs.said import At, smoothed
from advisor_rules.signs.start_height import Forgotten, Thrown, back_soon, forgotten, thrown
from advisor_rules.signs.usual_rates import is_usual


class FirstStepsTooLarge(Rule):
    """The first steps threw the loss far above its initial value: they are too large.

    ## What it checks
    Compares the highest level of the training loss in the first tenth of the run with its first
    value, before any update. The rule warns if it rose to ``times`` that value, and ``times``
    everything in the later half. Levels are medians of three points; of the first three updates a
    single one will do, where it threw the loss to five times both. The rise must be three standard
    deviations of what single batches make of the loss, on a logarithmic scale. It is a note where
    it is only to ``risen``, or by a seventh and five such deviations, or the run found its way
    back, below ``recovered`` of the first value; and nothing at all where less than a twentieth of
    the rows were above that value, and the run ended below a third of it.

    It also fires if the loss fell in the first tenth of the run, for five values in a row at
    least, and then never came as low again: ``lost`` of that fall was gone for good.

    Of averages all this makes a note, as does a first row that is ``above`` times as high as every
    later row, or far above guessing or its end. It does not show whether the loss began there
    (``initial-loss``) or was thrown there. Where ``often`` of the later rows are ``again`` times
    the first, and more than rows scatter, of which the lowest may come first, it was thrown up
    later; unless validation held still.
    What came back, as a high first row, is nothing to lower a usual rate of the optimizer for.

    ## Why it matters
    A model before its first update is about as bad as guessing. Updates that make it many
    times worse have thrown the weights to where outputs are huge and units dead, and what
    follows is the way back, from weights that are no better than random ones.

    ## What to do
    Take a tenth of the rate. If that trains, but slowly, come back to the old rate by a warm-up.

    ## When to ignore it
    A term of the loss grows on purpose at the start, or the run ends as well as others.
    """

    name = "first-steps-too-large"
    stage = Stage.LEARNING_RATE
    severity = Severity.WARNING
    notes_may_warn = False
    requires = ("train/loss",)
    uses = ("lr", "val/loss", "val/metric", "train/metric")
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.START_OFF, symptoms.EARLY_SPIKE, symptoms.VALIDATION_WORSE)
    silences = ("never-learned", "lr-too-high")
    # Steps that throw the loss up at once lift its first average too, and leave the best behind.
    precedes = ("initial-loss", "past-best")
    separated_by = ("a run at a tenth of the learning rate", "log every step, from 0 on")
    do_separates = ("do", "do.averages")
    basis = (
        "Grows with the height in multiples of the first value to 0.95, from 0.8, or 0.65 for a "
        "note; 0.75 to 0.9 with the share of a first fall that is lost; 0.5 for a first row of "
        "averages."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("A step size that is too big oversteps and makes the loss rise."),
        sources.wandb(2, "The rate at which a model diverges bounds the usable ones from above."),
    )
    texts: ClassVar[dict[str, str]] = {
        **FIRST_ROW_TEXTS,
        "title": "Lower the learning rate to {rate:rate}",
        "title.no-rate": "Lower the learning rate to a tenth",
        "observed": "The loss jumped to {times:number} times its first value",
        "observed.lost": "The loss was never again as low as at {axis:text} {step:step}",
        "evidence": "{series:name} began at {first:number} and stood at {peak:number} at "
        "{axis:text} {step:step}, {times:number} times what it began at and came back to.",
        "evidence.lost": "{series:name} fell from {first:number} to {peak:number} or less by "
        "{axis:text} {step:step}, and {limit:number} is the lowest level of its later four fifths.",
        "do": "Train with a tenth of the learning rate, everything else the same.",
        "why": "A model before its first update is about as bad as guessing; steps that make it "
        "many times worse have thrown the weights far off.",
        "why.lost": "A model that had begun to learn and lost it all at once was thrown off by a "
        "step that was too large; noise of batches comes and goes.",
        "check.lost": "The loss falls below {peak:number}.",
        "check": "The loss stays below {limit:number} in the first tenth of the next run.",
        "unless": "a term of the loss grows on purpose at the start, or the scale of inputs or "
        "weights is off: then the very first value is high already.",
    }

    times: float = option(
        10.0,
        "The loss in multiples of its first value.",
        source="measured on small trainings of 40 data sets and models: of 309 that rise as far "
        "steps were too long in all; of 64 that rise to 3 to 10 times, in 54",
        gt=1,
    )
    risen: float = option(
        1.5,
        "The same for a mere note.",
        source="chosen by eye; measured on small trainings of 57 data sets and models: of 15 that "
        "rise to 1.5 to 3 times, steps were too long in 14",
        gt=1,
    )
    recovered: float = option(
        0.25,
        "Share of its first value below which the loss must end for a mere note.",
        source="measured on small trainings that were thrown: of 35 that lost half of what they "
        "could learn none ends below 0.45, and three that lost nothing all end below 0.2",
        gt=0,
        lt=1,
    )
    lost: float = option(
        0.1,
        "Share of the fall of the first tenth that no later level regains.",
        source="measured on 681 healthy and harmless small trainings, all of which regain it all",
        gt=0,
    )
    above: float = option(
        10.0,
        "The first row of averages in multiples of the highest later one.",
        source="measured on 524 healthy small trainings, of which none begins above 7.2",
        gt=1,
    )
    again: float = option(
        1.1,
        "A later row of averages that is far above the first, in multiples of it.",
        source="chosen by eye",
        gt=1,
    )
    often: float = option(
        0.2,
        "Share of the later rows that must be.",
        source="measured on 4,829 logs of small trainings of 25 data sets and models: of 1,956 "
        "healthy and harmless ones none; of 86 others, steps were too large, or added up, in 83",
        gt=0,
        le=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return losses that are thrown up at once, and losses that fall, or rise later."""
        x = np.linspace(0, 1, 400)
        rise, usual = 60 * x * np.exp(-x / 0.01) / 0.01, falling(400, seed=352)
        thrown_up, higher = falling(400, seed=350) + rise, falling(400, seed=353) + rise / 40
        first = with_values(falling(30, seed=351), 80.0, 0)
        far, stumble = 50 * falling(400, seed=354, rate=200), with_values(usual, 9.0, 1, 2, 3)
        batches = with_values(np.exp(noise(12, 0.8, 355) - 2.5), 0.02, 0)
        return (
            Example(
                "from 2.3 to 25 in four steps",
                make_run(train_loss=thrown_up, config={"lr": 0.3}),
                fires=True,
            ),
            Example(
                "a first epoch far above all",
                make_run(axis=Axis.EPOCH, train_loss=first),
                fires=True,
            ),
            Example("a usual start", make_run(train_loss=usual), fires=False),
            Example("a rise by a quarter of the start", make_run(train_loss=higher), fires=False),
            Example("a fall from far above", make_run(train_loss=far), fires=False),
            Example("a stumble of three steps", make_run(train_loss=stumble), fires=False),
            Example(
                "a lucky first batch", make_run(axis=Axis.EPOCH, train_loss=batches), fires=False
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the first row where rows are averages, and at the first steps, or rows."""
        loss = run["train/loss"]
        single, val = single_steps(run, loss), run.get("val/loss")
        high = None if single else high_first_row(run, loss, self.above)
        risen = None if single else above_first(loss, val, self.again)
        if high is not None:
            soon = high.how == "guessing" and back_soon(loss, high.against)
            if not soon and not is_usual(run):
                yield self._first_row(run, loss, high)
        elif risen is not None and risen.share >= self.often:
            yield self._above_first(run, loss, risen)
        else:
            yield from self._early(run, loss, sure=single)

    def _early(self, run: RunView, loss: Curve, *, sure: bool) -> Iterator[Finding]:
        """Look at the first tenth; a note of rows that may not begin with the first step."""
        found = thrown(loss, self.risen)
        fall = None if found and found.times >= self.times else forgotten(loss)
        if fall is not None and fall.share >= self.lost:
            yield self._lost(run, loss, fall, sure=sure)
        elif found is not None:
            yield from self._thrown(run, loss, found, sure=sure)

    def _thrown(self, run: RunView, loss: Curve, found: Thrown, *, sure: bool) -> Iterator[Finding]:
        first = float(loss.values[0])
        back = loss.trend.tail().value < self.recovered * first
        far = found.times >= self.times and not found.surely
        loud = far and sure and not back
        if (back and is_usual(run)) or (not loud and back_soon(loss, first)):
            return
        least = self.times if far else min(self.risen, found.times)
        measured = "highest early loss in multiples of the first and of all later ones"
        yield self._told(
            run,
            loss,
            {},
            confidence=certainty(found.times / least, 0.8 if far else 0.65, 0.95),
            severity=None if loud else Severity.NOTE,
            evidence=[stretch(loss, loss.steps[0], found.step, measured, found.times, least)],
            peak=smoothed(loss, At(found.step, found.peak)),
            step=found.step,
            times=found.times,
            limit=min(least, 2.0) * found.peak / found.times,
        )

    def _lost(self, run: RunView, loss: Curve, fall: Forgotten, *, sure: bool) -> Finding:
        last, measured = loss.steps[-1], "share of the first fall that was lost for good"
        return self._told(
            run,
            loss,
            dict.fromkeys(("observed", "evidence", "why", "check"), "lost"),
            confidence=certainty(fall.share / self.lost, 0.75, 0.9),
            severity=None if sure else Severity.NOTE,
            evidence=[stretch(loss, fall.step, last, measured, fall.share, self.lost)],
            peak=fall.low,
            step=fall.step,
            limit=fall.later,
        )

    def _first_row(self, run: RunView, loss: Curve, high: HighRow) -> Finding:
        step = int(loss.steps[0])
        measured = "first row in multiples of guessing, of the highest later one, or of the last"
        return self._told(
            run,
            loss,
            {"observed": high.how, "evidence": high.how, "do": "averages"},
            confidence=0.5,
            severity=Severity.NOTE,
            evidence=[stretch(loss, step, step, measured, high.times, None)],
            peak=high.against,
            times=high.times,
            limit=2 * high.against,
        )

    def _above_first(self, run: RunView, loss: Curve, risen: Risen) -> Finding:
        """Say as a note that the first row was among the best: the data may be harder, too."""
        first, step, last = float(loss.values[0]), int(loss.steps[0]), int(loss.steps[-1])
        measured = "share of the later rows above the first"
        return self._told(
            run,
            loss,
            {"why": "lost", "check": "lost", "observed": "again", "evidence": "again"},
            confidence=certainty(risen.share / self.often, 0.6, 0.8),
            severity=Severity.NOTE,
            evidence=[stretch(loss, step, last, measured, risen.share, self.often)],
            peak=first,
            step=step,
            high=round(risen.share * (len(loss) - 1)),
            rows=len(loss) - 1,
            limit=risen.limit,
        )

    def _told(self, run: RunView, loss: Curve, variants: dict[str, str], **said: Any) -> Finding:
        """Propose a tenth of the rate, in numbers where it is known."""
        change = lower_rate(run)
        known = isinstance(change.after, float)
        return self.finding(
            changes=(change,),
            variants=variants if known else variants | {"title": "no-rate"},
            series=loss.tag,
            axis=loss.axis.value,
            first=float(loss.values[0]),
            rate=change.after if known else math.nan,
            **said,
        )
