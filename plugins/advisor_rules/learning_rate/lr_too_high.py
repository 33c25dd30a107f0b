"""The rule ``lr-too-high``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Cost, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import schedule, sources, symptoms
from advisor_rules.above_best import Above, above_best
from advisor_rules.examples import dancing, falling, noise, relieved
from advisor_rules.measure import certainty, judged_validation, lower_rate, relative, stretch
from advisor_rules.rate_drop import Relief, relief, sooner
from advisor_rules.swings import LEAST, Swings, scatter, swings, together


class LrTooHigh(Rule):
    """The training loss danced about instead of settling: the learning rate may be too high.

    ## What it checks
    Counts the rises of the smoothed training loss that it recovered from. A rise counts if it
    gives up ``height`` of all that was gained and ``scatter`` times the scatter from point to
    point, so that the noise of single batches makes none; where validation rises and falls with
    the training loss, ``height`` is enough. ``count`` rises are needed. Losses that are averaged
    over past steps wander too, so this is a warning only where validation moves along and the
    logged learning rate stayed high to the end.

    Without such rises it adds up how long the loss stood above the best level that it had
    reached before, by ``height`` of what it had gained by then: ``above`` of the run is a note,
    and a warning where the validation loss did the same.

    Otherwise it looks at sudden drops of the logged rate: a loss that had stood
    still for ``waited`` of the run, and fell in level and scatter when the rate dropped, had
    been held up by the rate. That is a note, since the run has already put it right.

    ## Why it matters
    Steps that are too large carry the weights from one side of a valley to the other. The
    loss is now bigger, now smaller, and never reaches the floor.

    ## What to do
    Take a third of the rate. Where it was dropped in the run, drop it sooner.

    ## When to ignore it
    The data changed in stages, or the rate goes up and down on purpose and is not logged.
    """

    name = "lr-too-high"
    stage = Stage.LEARNING_RATE
    severity = Severity.WARNING
    requires = ("train/loss",)
    uses = ("lr", "objective", "val/metric", "val/loss")
    points = LEAST
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.LOSS_UNSTEADY,)
    silences = ("batch-too-small-noise", "lr-decay-on-plateau", "adam-is-forgiving")
    confirmed_by = ("probe-lr-range",)
    separated_by = ("a run at a third of the learning rate",)
    basis = (
        "Grows with the number of rises, from 0.65 to 0.75, or to 0.9 where validation moves "
        "along. A level and scatter that fall with the rate: 0.6 to 0.75."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes(
            "A step size that is too big oversteps: the loss is now bigger, now smaller."
        ),
        sources.wandb(7, "With too high a rate the loss dances around the optimum."),
        sources.wandb(2, "The rate at which a model diverges bounds the usable ones from above."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Lower the learning rate to {rate:rate}",
        "title.no-rate": "Lower the learning rate to a third",
        "title.drop": "Drop the learning rate sooner, near {axis:text} {since:step}",
        "observed": "Training loss rose and fell back {count:count time|times}",
        "observed.above": "Training loss stood above its best for {share:percent} of the run",
        "observed.drop": "Loss stood still until the rate dropped",
        "evidence": "{series:name} rose by about {height:number} and fell back {count:count "
        "time|times} between {axis:text} {first:step} and {last:step}.",
        "evidence.above": "{series:name} rose by up to {height:number} over its best level so far, "
        "and stood above it for {share:percent} of the run, between {axis:text} {first:step} and "
        "{last:step}.",
        "evidence.drop": "{series:name} stood near {before:number} from {axis:text} {since:step} "
        "and fell to {end:number} when the rate dropped at {axis:text} {step:step}; its scatter "
        "fell by {calmer:percent}.",
        "do": "Train with a third of the learning rate, everything else the same.",
        "do.drop": "Drop the rate where the loss stops falling, near {axis:text} {since:step}, "
        "instead of at {axis:text} {step:step}.",
        "why": "Steps that are too large carry the weights across the valley and up the other "
        "side; scatter of single batches would not last over many points.",
        "why.drop": "A loss that gets lower and calmer as soon as the steps get smaller had been "
        "kept up by their size.",
        "check": "The loss no longer rises by {height:number} after {axis:text} {first:step}.",
        "check.above": "The loss stays near its best level so far after {axis:text} {first:step}.",
        "check.drop": "The loss reaches {end:number} well before {axis:text} {step:step}.",
        "unless": "the data changed in stages, or the rate goes up and down on purpose.",
        "unless.drop": "a long stretch at a high rate is wanted for a better validation result.",
        "cost": "{share:percent} of the run passed without progress before the rate dropped.",
    }

    count: int = option(
        3,
        "Rises that were recovered from.",
        source="measured on 67 healthy runs, of which none shows more than one",
        ge=1,
    )
    height: float = option(
        0.2,
        "Smallest rise as a share of all that was gained.",
        source="chosen by eye; the clear cases among real runs give up 0.25 or more",
        gt=0,
    )
    scatter: float = option(
        5.0,
        "Smallest rise in standard deviations of one point.",
        source="chosen by eye: chance makes no such rise in medians of three",
        gt=0,
    )
    together: float = option(
        0.6,
        "Correlation of the changes of training loss and validation from which this is a warning.",
        source="chance exceeds it once in 50 runs with twelve validations",
        gt=0,
        lt=1,
    )
    high: float = option(
        0.5,
        "Share of its peak that a logged rate must still have at the end for a warning.",
        source="source W2 puts the best rate at half of the one that diverges",
        gt=0,
        le=1,
    )
    above: float = option(
        0.12,
        "Share of the run that the loss stood above its best level before, by ``height`` of what "
        "had been gained by then and beyond its noise.",
        source="measured on 1,224 logs of healthy small trainings, of which two stand so",
        gt=0,
        lt=1,
    )
    waited: float = option(
        0.15,
        "Share of the run that the loss stood still before the rate dropped.",
        source="chosen by eye; less hardly pays",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return runs that dance, and runs that are noisy, spike or restart on purpose."""
        x = np.linspace(0, 1, 400)
        return (
            Example(
                "four rises that are recovered from",
                make_run(
                    train_loss=dancing(400, 4),
                    val_loss=dancing(400, 4) + noise(400, 0.05, 53),
                    lr=np.full(400, 0.1),
                    config={"optimizer.lr": 0.1},
                ),
                fires=True,
            ),
            Example(
                "level and scatter fall with the rate",
                make_run(train_loss=relieved(400), lr=np.where(x < 0.6, 0.1, 0.01)),
                fires=True,
            ),
            Example(
                "noisy batches", make_run(train_loss=falling(400, seed=50, size=0.4)), fires=False
            ),
            Example(
                "one short rise that is recovered from",
                make_run(train_loss=falling(400, seed=54) + 1.5 * (np.abs(x - 0.5) < 0.03)),
                fires=False,
            ),
            Example(
                "warm restarts of the rate",
                make_run(train_loss=dancing(400, 4), lr=1e-3 * (1.01 - (5 * x) % 1)),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for rises that were recovered from; without them, at drops of the rate."""
        curve, rate = run["train/loss"], run.get("lr")
        if len(curve.trend) < LEAST:
            raise NotApplicable("too few points to tell swings from scatter")
        logged = rate if rate is not None and schedule.readable(rate) else None
        validation = judged_validation(run, 12)
        both = 0.0 if validation is None else together(curve, validation)
        if logged is not None and schedule.restarted(logged):
            raise NotApplicable("the learning rate itself went up and down")
        found = swings(curve, self._lowest(curve, both))
        if found is not None and found.rises >= self.count:
            yield self._dancing(run, curve, found, both >= self.together and self._high(logged))
            return
        above = above_best(curve.trend, self.height)
        if above is not None and above.share >= self.above and _visible(curve, above):
            yield self._stood_above(run, curve, above)
        elif logged is not None:
            late = relief(curve, logged)
            if late is not None and late.waited >= self.waited:
                yield self._held_up(run, curve, late)

    def _lowest(self, curve: Curve, both: float) -> float:
        # What validation does too is no scatter of batches.
        noise = 0.0 if both >= self.together else self.scatter * scatter(curve)
        lowest = max(self.height * curve.trend.gain, noise)
        return lowest if lowest > 0 else math.inf

    def _high(self, rate: Curve | None) -> bool:
        return rate is not None and rate.values[-1] >= self.high * schedule.peak(rate)

    def _dancing(self, run: RunView, curve: Curve, found: Swings, sure: bool) -> Finding:
        change = lower_rate(run.settings, 3.0)
        known = isinstance(change.after, float)
        return self.finding(
            confidence=certainty(found.rises / self.count, 0.65, 0.9 if sure else 0.75),
            severity=None if sure else Severity.NOTE,
            evidence=[
                stretch(
                    curve,
                    found.first_step,
                    found.last_step,
                    "rises that were recovered from",
                    float(found.rises),
                    float(self.count),
                )
            ],
            changes=(change,),
            variants=None if known else {"title": "no-rate"},
            series=curve.tag,
            axis=curve.axis.value,
            count=found.rises,
            height=found.height,
            first=found.first_step,
            last=found.last_step,
            rate=change.after if known else math.nan,
        )

    def _stood_above(self, run: RunView, curve: Curve, above: Above) -> Finding:
        """Report a loss that stood above its best; a warning where validation did so as well."""
        change, val = lower_rate(run.settings, 3.0), run.get("val/loss")
        worse = None if val is None or not len(val) else above_best(val.trend, self.height)
        sure = worse is not None and min(above.share, worse.share) >= self.above
        known, share = isinstance(change.after, float), above.share
        measured = "share of the run above the best loss before"
        variants = dict.fromkeys(("observed", "evidence", "check"), "above")
        return self.finding(
            confidence=certainty(share / self.above, 0.6, 0.85 if sure else 0.75),
            severity=None if sure else Severity.NOTE,
            evidence=[stretch(curve, above.first, above.last, measured, share, self.above)],
            changes=(change,),
            variants=variants if known else variants | {"title": "no-rate"},
            series=curve.tag,
            axis=curve.axis.value,
            first=above.first,
            last=above.last,
            share=share,
            height=above.height,
            rate=change.after if known else math.nan,
        )

    def _held_up(self, run: RunView, curve: Curve, late: Relief) -> Finding:
        share, measured = late.waited, "share of the run that the loss stood still"
        parts = ("title", "observed", "evidence", "do", "why", "check", "unless")
        return self.finding(
            confidence=certainty(late.t / 6.0, 0.6, 0.75),
            severity=Severity.NOTE,
            evidence=[stretch(curve, late.since, late.step, measured, share, self.waited)],
            changes=(sooner(run, curve, late),),
            cost=Cost(
                share=share,
                of="compute",
                first_step=late.since,
                last_step=late.step,
                message=self.say("cost", share=share),
            ),
            variants=dict.fromkeys(parts, "drop"),
            series=curve.tag,
            axis=curve.axis.value,
            since=late.since,
            step=late.step,
            before=late.before,
            end=late.after,
            calmer=late.calmer,
        )


def _visible(curve: Curve, above: Above) -> bool:
    """Tell whether a rise is more than a fiftieth of the level: a scatter of nothing is nothing."""
    return relative(curve, above.height, curve.trend.tail()) >= 0.02
