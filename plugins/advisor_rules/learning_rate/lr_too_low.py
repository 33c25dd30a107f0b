"""The rule ``lr-too-low``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.signs.good_start import began_trained
from advisor_rules.signs.in_batch import compares_within_batches
from advisor_rules.signs.learning_time import came_down, held, over_learning_time
from advisor_rules.signs.measure import certainty, stretch
from advisor_rules.signs.other_rate import higher_rate
from advisor_rules.signs.right_answers import share_of
from advisor_rules.signs.said import beginning, course, ending
from advisor_rules.signs.small_steps import FEWEST, small_steps
from advisor_rules.signs.straight_fall import FEW, LONG, Line, late_share, share_left
from advisor_rules.signs.total_rate import FAR, began_good, came_far, short_way
from advisor_rules.signs.usual_rates import is_high, logged_apart


class Sign(NamedTuple):
    """What shows that a rate is too low, and how sure that is."""

    variant: str
    """Which of the texts say it; empty for a line over the steps."""
    measured: str
    value: float
    threshold: float
    confidence: float
    loud: bool = False
    """Whether it makes a warning of a model that is poor."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the advice that have such a text."""
        return {"": (), "spent": ("evidence",)}.get(self.variant, ("observed", "evidence"))


class LrTooLow(Rule):
    """The loss falls in a straight line: the learning rate may be too low.

    ## What it checks
    Looks at the validation loss, which does not scatter with single batches, and at the training
    loss. Where the rate is logged, they are drawn over what was spent of it: the sum of all rates
    so far, so that a schedule does not bend them. The rule fires if a loss falls far above its
    noise and hardly rises on its way, a straight line explains nearly all of the fall, the last
    third makes at least ``late`` and at most ``hurried`` of it, and most of the loss is still
    there; for a note, a perfect line (``line``) is enough. The other loss must not say otherwise.

    Long steps shake the validation loss while the rate is high. Where each value is a new best
    until then (in the first half, where nobody knows the rate), and nearly each later, and the loss
    falls evenly, or slowly from the first on, the steps are short: a note, unless the rates add up
    to more than 1, but not SGD's. At an unknown rate they are if all values are new bests, an
    accuracy is 0.8 at most, and half of the fall came after a twelfth of them, or there are an
    accuracy and a dozen values; of 10,000 steps at most. Not if training was right for half of it.

    Beside the curves, it adds up the learning rates of all steps: with Adam and its like, and
    nearly always with SGD, no weight can have come further than that. Where the last third made
    less than ``way`` of the fall for each unit of the sum, Adam has come too far for a line to mean
    anything. Where both losses made as much, or a validation loss that nothing shook, and the sum
    is 1 at most, it is a note whatever their shape; of five to seven validations, up to a tenth for
    each, once the rate came down. A tenth of it in validation alone is enough where the accuracy
    ended ``poor``, for a sum up to 3.5 (beyond 1, of 2,000 steps at most), or at 0.8 or less while
    three in four validations were new bests, and where none is logged and 85 % were. Where the sum
    is next to nothing, nothing need be learned. All sums are less for layers wider than 64.
    It is a warning from ``warn_late`` on, where an accuracy shows that the model is still poor, or
    where there is none and the rate was held; never of a contrastive loss, which ends high. A good
    first accuracy is a good start, as is a low first loss that fell by little for all rates.

    ## Why it matters
    A healthy loss falls fast and then levels off. One that is still on its first straight
    stretch at the end has used all its compute to get a little way down.

    ## What to do
    Triple the learning rate and look at the first hundred steps; go on as long as the loss
    falls faster. If it already is the largest rate that is stable, train longer instead.

    ## When to ignore it
    The model started from good weights, or the larger rate has been tried and diverged.
    """

    name = "lr-too-low"
    stage = Stage.LEARNING_RATE
    severity = Severity.WARNING
    notes_may_warn = False
    requires = ("train/loss",)
    uses = ("lr", "val/loss", "val/metric", "train/metric", "epoch")
    points = FEW
    after_end = True
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.TOO_SLOW, symptoms.LEARNS_NOTHING)
    silences = ("adam-is-forgiving", "batch-too-small-noise")
    precedes = ("still-improving", "never-learned", "underfitting")
    confirmed_by = ("probe-lr-range",)
    separated_by = ("the probe lr-quick-drop", "a run at three times the learning rate")
    basis = (
        "Grows with the share of the fall that the last third made, from 0.45 at the threshold "
        "to 0.85, or 0.55 at the upper end of usual rates: a good start and a short run look "
        "alike; where no line, with how little rates add up to, or new bests, from 0.5 to 0.8."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(2, "A loss curve close to a line points to a rate that is too low."),
        sources.notes(
            "A step size that is too small makes learning slow; but a good "
            "initialization also straightens the curve."
        ),
        sources.wandb(7, "With too low a rate convergence takes very long."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Raise the learning rate to {rate:rate}",
        "title.no-rate": "Raise the learning rate three-fold",
        "title.lost": "Find out why the learning rate was {rate:rate} at most",
        "observed": "Loss fell in a straight line",
        "evidence": "{series:name} fell from {first:number} to {end:number} by {axis:text} "
        "{last:step}; the last third of the run made {value:percent} of the fall.",
        "evidence.spent": "{series:name} fell from {first:number} to {end:number} by {axis:text} "
        "{last:step}; the last third of all learning rate spent made {value:percent} of the fall.",
        "observed.small": "Validation got better every time",
        "evidence.small": "{series:name} fell from {first:number} to {end:number} by {axis:text} "
        "{last:step}, and each of its first {value:number} values was the best so far: steps of a "
        "usual length make some of them worse.",
        "observed.way": "All learning rates add up to no more than {value:number}",
        "evidence.way": "{series:name} stood at {end:number} at {axis:text} {last:step}, and the "
        "learning rates of all steps until then add up to {value:number}: no weight is likely to "
        "have moved further than that.",
        "do": "Try three times the learning rate, for a few hundred steps, and keep raising it "
        "while the loss falls faster.",
        "do.lost": "The settings say {recorded:rate}, the log {rate:rate} at most: find what made "
        "it so low before it was logged, such as a schedule in other units. Mend that first.",
        "why": "With small steps the loss stays on its first, straight stretch; a rate that fits "
        "shows a fast fall that levels off.",
        "check": "The loss reaches {end:number} in about a third of the steps, and the curve "
        "bends.",
        "unless": "the model starts from good weights, or a larger rate diverged.",
    }

    late: float = option(
        0.14,
        "Smallest share of the fall that the last third made.",
        source="a straight line makes 0.33, an exponential decay two time constants long 0.15",
        gt=0,
        lt=1,
    )
    hurried: float = option(
        0.6,
        "Largest share of the fall that the last third made.",
        source="chosen by eye: a loss that falls only as the rate falls was held up by the rate",
        gt=0,
        le=1.5,
    )
    warn_late: float = option(
        0.27,
        "Share of the fall in the last third from which this is a warning.",
        source="an exponential decay half a time constant long makes 0.28",
        gt=0,
        lt=1,
    )
    straightness: float = option(
        0.9,
        "Share of variance that a line explains.",
        source="an exponential decay two time constants long has 0.93",
        gt=0,
        lt=1,
    )
    left: float = option(
        0.5,
        "Share of a positive loss that must be left at the end.",
        source="chosen by eye; a run that halved its loss has not stood still",
        gt=0,
        lt=1,
    )
    line: float = option(
        0.97,
        "Share of variance from which a line shows a slow rate even where less is left.",
        source="an exponential decay 1.3 time constants long has 0.97; measured on 1,980 healthy "
        "and harmless small trainings, of which a dozen are taken for slow by lines in all",
        gt=0,
        lt=1,
    )
    way: float = option(
        0.2,
        "Share of the fall that the last third made, for each unit of the sum of all rates.",
        source="measured on small trainings of 25 data sets and models: of 369 logs above it that "
        "are no line, 354 are of runs that are too slow; eleven others have one data set",
        gt=0,
    )
    good: float = option(
        0.75,
        "Accuracy (of 1) at the start of the log from which the model had a good start.",
        source="chosen by eye: more than half way from guessing to perfect for any two classes",
        gt=0,
        lt=1,
    )
    poor: float = option(
        0.5,
        "Largest accuracy (of 1) at the end for a warning.",
        source="the bound of underfitting, where guessing is not known",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return straight curves and some that bend."""
        x = np.linspace(0, 1, 300)
        straight = 2.3 - 0.25 * x + noise(300, 0.01, 6)
        slowed = 2.3 - 0.25 * (x + np.sin(np.pi * x) / np.pi) + noise(300, 0.01, 7)
        levelled = make_run(train_loss=straight, val_loss=falling(300, seed=9))
        return (
            Example("a line", make_run(train_loss=straight, config={"lr": 1e-6}), fires=True),
            Example(
                "a loss that falls as fast as a cosine lets it",
                make_run(train_loss=slowed, lr=1e-6 * (1 + np.cos(np.pi * x)) / 2),
                fires=True,
            ),
            Example("it levels off", make_run(train_loss=falling(300, seed=8)), fires=False),
            Example("noise only", make_run(train_loss=2.3 + noise(300, 0.05, 9)), fires=False),
            Example("validation levels off", levelled, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the shape of the whole loss, in validation where it is long enough."""
        train, val = run["train/loss"], run.get("val/loss")
        least = FEW if val is not None and came_down(run, val) else LONG
        curves = [c for c in (val, train) if c is not None and len(c) >= least]
        long = [curve for curve in curves if len(curve) >= LONG]
        line = self._line(run, long)
        sign, judged = (line, long) if line else (self._beside(run, curves), curves)
        if sign is None:
            return
        share = share_of(run, 5, "val/metric") or share_of(run, 20, "train/metric")
        begun, end = (math.nan, math.nan) if share is None else share.ends
        if began_trained(run) or begun >= self.good or began_good(run, curves):
            raise NotApplicable("the run began with a model that was good already")
        poor = held(run) if math.isnan(end) else end <= self.poor
        loud = poor and sign.loud and not compares_within_batches(run, train)
        yield self._found(run, judged[0], sign, loud=loud)

    def _line(self, run: RunView, curves: Sequence[Curve]) -> Sign | None:
        """Return what shows a loss that falls in a line, unless the weights came too far for it."""
        trends = [over_learning_time(run, curve) for curve in curves]
        late = late_share(trends[0]) if trends else 0.0
        line = Line((self.late, self.hurried), self.straightness, self.line, self.left)
        if not trends or not line.followed(curves, trends) or came_far(run, late / self.way):
            return None
        return Sign(
            "" if trends[0] is curves[0].trend else "spent",
            "share of the fall in the last third",
            late,
            self.late,
            min(certainty(late / self.late, 0.45, 0.85), 0.55 if is_high(run) else 1.0),
            loud=late >= self.warn_late and share_left(curves[0], trends[0]) >= self.left,
        )

    def _beside(self, run: RunView, curves: Sequence[Curve]) -> Sign | None:
        """Return what shows steps that were short, whatever the shape of the losses."""
        if way := short_way(run, curves, self.way, self.hurried, self.poor):
            sure = certainty(way.most / way.total, 0.5, 0.8)
            return Sign("way", "sum of all learning rates", way.total, way.most, sure)
        if not came_far(run, FAR) and (row := small_steps(run, curves)):
            measured = "validations in a row that were the best so far"
            return Sign("small", measured, row, FEWEST, certainty(row / FEWEST, 0.5, 0.8))
        return None

    def _found(self, run: RunView, curve: Curve, sign: Sign, *, loud: bool) -> Finding:
        first, end = course(curve, beginning(curve), ending(curve))
        higher, last = higher_rate(run, 3.0), int(curve.steps[-1])
        rate = higher.after if isinstance(higher.after, float) else math.nan
        variants = {"title": "no-rate"} if math.isnan(rate) else {}
        recorded, peak = run.settings.number("learning_rate") or math.nan, logged_apart(run)
        if lost := peak is not None and peak < recorded:
            rate, variants = peak, {"title": "lost", "do": "lost"}
        variants |= dict.fromkeys(sign.parts, sign.variant)
        stretched = stretch(curve, curve.steps[0], last, sign.measured, sign.value, sign.threshold)
        return self.finding(
            confidence=sign.confidence,
            severity=None if loud else Severity.NOTE,
            evidence=[stretched],
            changes=() if lost else (higher,),
            variants=variants,
            series=curve.tag,
            axis=curve.axis.value,
            first=first,
            end=end,
            last=last,
            value=sign.value,
            rate=rate,
            recorded=recorded,
        )
