"""The rule ``lr-too-high``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Evidence, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding
from advisor_rules.examples import dancing, falling, noise, relieved
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.learning_rate.weight_decay_with_lr import WeightDecayWithLr
from advisor_rules.signs import schedule
from advisor_rules.signs.above_best import Above, above_best, stands_out, visible, yardstick
from advisor_rules.signs.measure import certainty, judged_validation, stretch
from advisor_rules.signs.neighbours import STILL, held_still, lasts
from advisor_rules.signs.other_rate import lower_rate
from advisor_rules.signs.shaken import VISIBLE, shaken
from advisor_rules.signs.swings import LEAST, Swings, scatter, swings, together, wanders

_PARTS: tuple[str, ...] = ("observed", "evidence", "check")
"""What is worded by what was seen."""
_SHARED = 0.6
"""The share of ``scatter`` that is enough where validation moves along (chosen by eye)."""
_WANDERED = 4.0
"""The least height of rises, in standard deviations of a point about the trend, of a loss that
wanders as averages over past steps do. Measured on small trainings of 16 data sets and models whose
losses were averaged so: of 48 that rise so often, and had no steps too long, 6 are left; of 56
others 46."""


class LrTooHigh(Rule):
    """The training loss danced about instead of settling: the learning rate may be too high.

    ## What it checks
    Counts the rises of the smoothed training loss that it recovered from. A rise counts if it
    gives up ``height`` of all that was gained and ``scatter`` times the scatter from point to
    point, so that the noise of single batches makes none; three fifths of that are enough where
    validation moves along. ``count`` rises are needed. Losses that are averaged over past steps
    wander too, so theirs must be higher, and this is a warning only where validation moves along.

    Without such rises it adds up how long the loss stood above the best level that it had
    reached before, by ``height`` of what it had gained by then: ``above`` of the run is a note,
    and a warning where the validation loss did the same. Either is no warning where the rise was
    less than ``grave`` of the best level, and of all that was gained. A rise that came a while
    after validation had turned has another cause, unless it is as high as the best level. Of less
    than twenty points validation must have done the same, and that is a note. So it must where
    points follow in no order, as losses of single batches do; it says no where it held still.

    Else it looks at the changes from one validation to the next while the rate was high. Where a
    third and more go up, and they calm down when the rate falls, that is a note if validation was
    no better at the end than it had been on the way, and at the start. Not where training ends far
    from validation: then it learned something, or its data are noisy.

    A loss that falls when the rate drops says nothing by itself: every good schedule does that.
    Nor does a validation that swings until then and ends better, or an unsteady loss where the
    recorded weight decay alone can do that (``weight-decay-with-lr``), or where the run overfits.

    ## Why it matters
    Steps that are too large carry the weights from one side of a valley to the other. The
    loss is now bigger, now smaller, and never reaches the floor.

    ## What to do
    Take a third of the rate.

    ## When to ignore it
    The data changed in stages, or the rate goes up and down on purpose and is not logged.
    """

    name = "lr-too-high"
    stage = Stage.LEARNING_RATE
    severity = Severity.WARNING
    requires = ("train/loss",)
    uses = ("lr", "objective", "val/metric", "val/loss")
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.LOSS_UNSTEADY, symptoms.PLATEAU)
    silences = ("batch-too-small-noise", "lr-decay-on-plateau", "adam-is-forgiving")
    confirmed_by = ("probe-lr-range",)
    separated_by = ("a run at a third of the learning rate",)
    do_separates = ("do",)
    basis = (
        "Grows with the number of rises, from 0.65 to 0.75, or to 0.9 where validation moves "
        "along; with the share of the run above its best, from 0.6 to 0.75, or to 0.85; 0.65 where "
        "validation was thrown up and down."
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
        "observed": "Training loss rose and fell back {count:count time|times}",
        "observed.thrown": "Validation is thrown up and down",
        "observed.above": "Training loss stood above its best for {share:percent} of the run",
        "evidence": "{series:name} rose by about {height:number} and fell back {count:count "
        "time|times} between {axis:text} {first:step} and {last:step}.",
        "evidence.above": "{series:name} rose by up to {height:number} over its best level so far, "
        "and stood above it for {share:percent} of the run, between {axis:text} {first:step} and "
        "{last:step}.",
        "evidence.thrown": "{series:name} changed by {height:number} from one validation to the "
        "next, up and down, between {axis:text} {first:step} and {last:step}; at the end it was "
        "calm, and no better than before.",
        "do": "Train with a third of the learning rate, everything else the same.",
        "why": "Steps that are too large carry the weights across the valley and up the other "
        "side; scatter of single batches would not last over many points.",
        "check": "The loss no longer rises by {height:number} after {axis:text} {first:step}.",
        "check.above": "The loss stays near its best level so far after {axis:text} {first:step}.",
        "check.thrown": "{series:name} falls steadily after {axis:text} {first:step}.",
        "unless": "the data changed in stages, or the rate goes up and down on purpose.",
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
    above: float = option(
        0.12,
        "Share of the run that the loss stood above its best level before, by ``height`` of what "
        "had been gained by then and beyond its noise.",
        source="measured on 1,224 logs of healthy small trainings, of which two stand so",
        gt=0,
        lt=1,
    )
    grave: float = option(
        1.0,
        "Smallest rise for a warning, in multiples of the best level, or of all that was gained, "
        "be that a quarter of the level or more.",
        source="measured on small trainings of 17 data sets and models: of 80 logs that rise "
        "so far, 72 are of steps that were too long",
        gt=0,
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
                "noisy batches", make_run(train_loss=falling(400, seed=50, size=0.4)), fires=False
            ),
            Example("few batches", make_run(train_loss=np.exp(noise(25, 0.9, 60))), fires=False),
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
            Example(
                "level and scatter fall with the rate",
                make_run(train_loss=relieved(400), lr=np.where(x < 0.6, 0.1, 0.01)),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for rises that were recovered from; without them, at the time above the best."""
        curve, rate = run["train/loss"], run.get("lr")
        if rate is not None and schedule.readable(rate) and schedule.restarted(rate):
            raise NotApplicable("the learning rate itself went up and down")
        found, sure = self._swings(run, curve)
        if found is not None and found.rises >= self.count and visible(curve, found.height):
            yield self._dancing(run, curve, found, sure)
            return
        above = above_best(curve.trend, self.height)
        if above is None or above.share < self.above or not stands_out(run, curve, above):
            yield from self._thrown(run)
            return
        sure = self._validation_above(run, above.share)
        val = run.get("val/loss")
        seen = sure or (len(curve) >= LEAST and lasts(curve, val))
        if seen and not held_still(val, STILL) and first_finding(run, WeightDecayWithLr) is None:
            yield self._stood_above(run, curve, above, sure)

    def _swings(self, run: RunView, curve: Curve) -> tuple[Swings | None, bool]:
        """Return the rises that are no scatter, and whether validation moves along."""
        lowest, validation = self.height * curve.trend.gain, judged_validation(run, 12)
        if lowest <= 0 or len(curve.trend) < LEAST or swings(curve, lowest) is None:
            return None, False
        shared = validation is not None and together(curve, validation) >= self.together
        times = self.scatter * (_SHARED if shared else 1.0)
        found = swings(curve, max(lowest, times * scatter(curve)))
        if found is not None and not shared and found.height < _WANDERED * curve.trend.noise:
            return (None if wanders(curve) else found), shared
        return found, shared

    def _dancing(self, run: RunView, curve: Curve, found: Swings, sure: bool) -> Finding:
        steps, measured = (found.first_step, found.last_step), "rises that were recovered from"
        seen = stretch(curve, *steps, measured, found.rises, self.count)
        certain = certainty(found.rises / self.count, 0.65, 0.9 if sure else 0.75)
        loud = sure and found.height >= self.grave * yardstick(curve)
        return self._told(
            run, curve, {}, certain, seen, loud, count=found.rises, height=found.height
        )

    def _validation_above(self, run: RunView, share: float) -> bool:
        """Tell whether validation stood above its best for long as well."""
        val = run.get("val/loss")
        worse = None if val is None or not len(val) else above_best(val.trend, self.height)
        return worse is not None and min(share, worse.share) >= self.above

    def _stood_above(self, run: RunView, curve: Curve, above: Above, sure: bool) -> Finding:
        """Report a loss that stood above its best; a warning where validation did so as well."""
        share, measured = above.share, "share of the run above the best loss before"
        seen = stretch(curve, above.first, above.last, measured, share, self.above)
        certain = certainty(share / self.above, 0.6, 0.85 if sure else 0.75)
        variants = dict.fromkeys(_PARTS, "above")
        grave = above.height >= self.grave * yardstick(curve)
        loud = sure and grave and len(curve) >= LEAST
        return self._told(
            run, curve, variants, certain, seen, loud, share=share, height=above.height
        )

    def _thrown(self, run: RunView) -> Iterator[Finding]:
        """Report a validation that was thrown up and down, as a note: it may scatter by itself."""
        val = run.get("val/loss")
        found = None if val is None or not len(val) else shaken(run, val)
        if val is None or found is None:
            return
        if first_finding(run, Overfitting, WeightDecayWithLr) is not None:
            return
        measured = "median change of validation as a share of its level"
        seen = stretch(val, found.first, found.last, measured, found.share, VISIBLE)
        variants = dict.fromkeys(_PARTS, "thrown")
        yield self._told(run, val, variants, 0.65, seen, height=found.jump)

    def _told(
        self,
        run: RunView,
        curve: Curve,
        variants: dict[str, str],
        certain: float,
        seen: Evidence,
        loud: bool = False,
        **measured: Any,
    ) -> Finding:
        """Propose a third of the rate; a note unless it is ``loud``."""
        change = lower_rate(run, 3.0)
        known = isinstance(change.after, float)
        return self.finding(
            confidence=certain,
            severity=None if loud else Severity.NOTE,
            evidence=[seen],
            changes=(change,),
            variants=variants if known else variants | {"title": "no-rate"},
            series=curve.tag,
            axis=curve.axis.value,
            first=seen.first_step,
            last=seen.last_step,
            rate=change.after if known else math.nan,
            **measured,
        )
