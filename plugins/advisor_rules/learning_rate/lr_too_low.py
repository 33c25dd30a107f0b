"""The rule ``lr-too-low``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.curve.trend import Trend
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.chance import ends_of, share_of
from advisor_rules.examples import falling, noise
from advisor_rules.good_start import began_trained
from advisor_rules.learning_time import came_to_rest, held, over_cosine, over_learning_time
from advisor_rules.measure import certainty, higher_rate, stretch
from advisor_rules.straight_fall import Line, late_share, share_left
from advisor_rules.total_rate import ShortWay, came_far, short_way


class LrTooLow(Rule):
    """The loss falls in a straight line: the learning rate may be too low.

    ## What it checks
    Looks at the validation loss, which does not scatter with single batches, and at the training
    loss. Where the learning rate is logged, they are drawn over the rate that was spent: the sum
    of all rates so far, so that a schedule does not bend them. Where neither rate nor schedule is
    known, and the loss came to rest (``rest``), a perfect line over a cosine, the commonest
    schedule, is a note. The rule fires if a loss falls far
    above its noise and hardly rises on its way, a straight line explains nearly all of the fall,
    the last third makes at least ``late`` and at most ``hurried`` of it, and most of the loss is
    still there; or a perfect line (``line``) explains it, whatever is left but the very last, which
    is a note. The other loss must not say otherwise.

    Beside the curves, it adds up the learning rates of all steps: with Adam and its like, and
    nearly always with SGD, no weight can have come further than that. Where the last third made
    less than ``way`` of the fall for each unit of the sum, Adam has come too far for a line to
    mean anything. Where both losses made as much, and the sum is 1 at most, it is a note whatever
    their shape; so it is at a fifth of that where the accuracy ended ``poor``, and where the rates
    add up to next to nothing and nothing was learned. Layers wider than 64 need smaller sums.

    It is a warning from ``warn_late`` on, where an accuracy shows that the model is still
    poor, or where there is none and the rate was held; a good first accuracy is a good start.

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
    requires = ("train/loss",)
    uses = ("lr", "val/loss", "val/metric", "train/metric", "epoch")
    points = 10
    after_end = True
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.TOO_SLOW, symptoms.LEARNS_NOTHING)
    silences = ("adam-is-forgiving", "batch-too-small-noise")
    precedes = ("still-improving", "never-learned", "underfitting")
    confirmed_by = ("probe-lr-range",)
    separated_by = ("the probe lr-quick-drop", "a run at three times the learning rate")
    basis = (
        "Grows with the share of the fall that the last third made, from 0.45 at the threshold "
        "to 0.85: a good start and a short run look alike; where it is no line, with how little "
        "the rates add up to, from 0.5 to 0.8."
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
        "observed": "Loss fell in a straight line",
        "evidence": "{series:name} fell from {first:number} to {end:number} by {axis:text} "
        "{last:step}; the last third of the run made {late:percent} of the fall.",
        "evidence.spent": "{series:name} fell from {first:number} to {end:number} by {axis:text} "
        "{last:step}; the last third of all learning rate spent made {late:percent} of the fall.",
        "evidence.assumed": "{series:name} fell from {first:number} to {end:number} by {axis:text} "
        "{last:step} and came to rest, in a line over a cosine schedule, of which the log says "
        "nothing; the last third of all that spends made {late:percent} of the fall.",
        "observed.way": "The learning rates add up to {total:number}",
        "evidence.way": "{series:name} stood at {end:number} at {axis:text} {last:step}, and the "
        "learning rates of all steps until then add up to {total:number}: hardly any weight moved "
        "further.",
        "do": "Try three times the learning rate, for a few hundred steps, and keep raising it "
        "while the loss falls faster.",
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
        source="an exponential decay 1.3 time constants long has 0.97; measured on 1,440 healthy "
        "and harmless small trainings, of which a dozen are taken for slow by lines in all",
        gt=0,
        lt=1,
    )
    whole: float = option(
        0.7,
        "Share of the whole fall, the first value included, that the line must make.",
        source="chosen by eye; a steep start before the line shows that the rate was not too low",
        gt=0,
        le=1,
    )
    climb: float = option(
        0.1,
        "Largest rise on the way, as a share of the fall.",
        source="chosen by eye: small steps go down only; large ones go up and down",
        gt=0,
    )
    rest: float = option(
        0.005,
        "Largest share of the fall in the last tenth of the steps, for a loss that came to rest.",
        source="a line over a cosine has 0.002; an exponential decay has it from five time "
        "constants on, and is no line over a cosine then",
        ge=0,
        lt=1,
    )
    way: float = option(
        0.2,
        "Share of the fall that the last third made, for each unit of the sum of all rates.",
        source="measured on small trainings of 17 data sets and models: of 272 logs above it that "
        "are no line, 259 are of runs that are too slow; ten of the others have one data set",
        gt=0,
    )
    scatter: float = option(
        0.2,
        "Largest scatter about the trend, as a share of the fall.",
        source="chosen by eye",
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
        cosine = 1e-6 * (1 + np.cos(np.pi * x)) / 2
        return (
            Example(
                "a straight line that hardly drops",
                make_run(train_loss=straight, config={"lr": 1e-6}),
                fires=True,
            ),
            Example(
                "a loss that falls as fast as a cosine lets it",
                make_run(train_loss=slowed, lr=cosine),
                fires=True,
            ),
            Example(
                "a loss that levels off", make_run(train_loss=falling(300, seed=8)), fires=False
            ),
            Example("noise only", make_run(train_loss=2.3 + noise(300, 0.05, 9)), fires=False),
            Example(
                "validation levels off",
                make_run(train_loss=straight, val_loss=falling(300, seed=9)),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the shape of the whole loss, in validation where it is long enough."""
        train, val = run["train/loss"], run.get("val/loss")
        curves = [c for c in (val, train) if c is not None and len(c) >= self.points]
        known = [over_learning_time(run, curve) for curve in curves]
        line = self._line()
        assumed = [over_cosine(c) for c in curves if came_to_rest(run, curves[0], self.rest)]
        slow = line.followed(curves, known, self.straightness)
        if slow and not came_far(run, late_share(known[0]) / self.way):
            yield self._told(run, curves[0], known[0])
        elif assumed and line.followed(curves, assumed, self.line):
            yield self._told(run, curves[0], assumed[0], "assumed")
        elif way := short_way(run, curves, self.way, self.hurried, self.poor):
            yield self._told(run, curves[0], known[0], "way", way)

    def _line(self) -> Line:
        late, left = (self.late, self.hurried), self.left
        return Line(late, self.straightness, self.line, left, self.whole, self.climb, self.scatter)

    def _told(
        self, run: RunView, curve: Curve, trend: Trend, how: str = "", way: ShortWay | None = None
    ) -> Finding:
        """Report a slow fall unless the run began well; as a note where it is told ``how``."""
        share = share_of(run, 5, "val/metric") or share_of(run, 20, "train/metric")
        begun, end = (math.nan, math.nan) if share is None else ends_of(share)
        if began_trained(run) or begun >= self.good:
            raise NotApplicable("the run began with a model that was good already")
        poor = held(run) if math.isnan(end) else end <= self.poor
        late = late_share(trend) >= self.warn_late and share_left(curve, trend) >= self.left
        shown = how or ("" if trend is curve.trend else "spent")
        return self._found(run, curve, trend, shown, way, loud=poor and late and not how)

    def _found(
        self, run: RunView, curve: Curve, trend: Trend, shown: str, way: ShortWay | None, loud: bool
    ) -> Finding:
        change, late = higher_rate(run.settings, 3.0), late_share(trend)
        variants = {} if (known := isinstance(change.after, float)) else {"title": "no-rate"}
        variants |= {"evidence": shown} if shown else {}
        variants |= {"observed": shown} if way is not None else {}
        measured, value, limit = "share of the fall in the last third", late, self.late
        confidence = certainty(late / self.late, 0.45, 0.85)
        if way is not None:
            measured, value, limit = "sum of all learning rates", way.total, way.most
            confidence = certainty(way.most / way.total, 0.5, 0.8)
        last = int(curve.steps[-1])
        return self.finding(
            confidence=confidence,
            severity=None if loud else Severity.NOTE,
            evidence=[stretch(curve, curve.steps[0], last, measured, value, limit)],
            changes=(change,),
            variants=variants,
            series=curve.tag,
            axis=curve.axis.value,
            first=float(trend.smooth[0]),
            end=float(trend.smooth[-1]),
            last=last,
            late=late,
            total=way.total if way is not None else 0.0,
            rate=change.after if known else math.nan,
        )
