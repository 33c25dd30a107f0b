"""The rule ``lr-too-low``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.trend import Slope
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.measure import certainty, higher_rate, ratio, relative, stretch


class LrTooLow(Rule):
    """The training loss falls in a straight line: the learning rate may be too low.

    ## What it checks
    Fits an exponential decay with a free floor to the smoothed training loss. The rule fires
    if the time constant of the fit is at least ``time_constant`` times the length of the run
    (the curve hardly bends), a straight line explains nearly all of it, the fall is far above
    the noise, and most of the loss is still there. It stays silent while a logged learning
    rate changes a lot, because then the shape says more about the schedule.

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
    uses = ("lr",)
    points = 10
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.TOO_SLOW,)
    silences = ("adam-is-forgiving",)
    separated_by = ("the probe lr-quick-drop", "a run at three times the learning rate")
    basis = (
        "Grows with the time constant, from 0.55 at the threshold to 0.8: "
        "a good start and a short run look alike."
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
        "observed": "Training loss fell in a straight line",
        "evidence": "{series:name} fell from {first:number} to {end:number} by {axis:text} "
        "{last:step}, {straight:percent} of it along a straight line.",
        "do": "Try three times the learning rate, for a few hundred steps, and keep raising it "
        "while the loss falls faster.",
        "why": "With small steps the loss stays on its first, straight stretch; a rate that fits "
        "shows a fast fall that levels off.",
        "check": "The loss reaches {end:number} in about a third of the steps, and the curve "
        "bends.",
        "unless": "the model starts from good weights, or a larger rate diverged.",
    }

    time_constant: float = option(
        3.0,
        "Time constant of the decay, in run lengths, from which a curve counts as straight.",
        source="chosen by eye: the slope at the end is then still 72% of the one at the start",
        gt=0,
    )
    straightness: float = option(
        0.97, "Share of variance that a line explains.", source="chosen by eye", gt=0, lt=1
    )
    left: float = option(
        0.5,
        "Share of a positive loss that must be left at the end.",
        source="chosen by eye; a run that halved its loss has not stood still",
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
    scatter: float = option(
        0.2,
        "Largest scatter about the trend, as a share of the fall.",
        source="chosen by eye",
        gt=0,
    )
    schedule: float = option(
        3.0,
        "Factor by which a logged learning rate may change within the run.",
        source="chosen by eye: half a search step on the ten-fold grid of source B3",
        gt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a straight curve and some that bend."""
        x = np.linspace(0, 1, 300)
        straight = 2.3 - 0.25 * x + noise(300, 0.01, 6)
        warmup = 2.3 - 0.25 * x**2 + noise(300, 0.01, 7)
        return (
            Example(
                "a straight line that hardly drops",
                make_run(train_loss=straight, config={"lr": 1e-6}),
                fires=True,
            ),
            Example(
                "a loss that levels off", make_run(train_loss=falling(300, seed=8)), fires=False
            ),
            Example("noise only", make_run(train_loss=2.3 + noise(300, 0.05, 9)), fires=False),
            Example(
                "a rate that is still warming up",
                make_run(train_loss=warmup, lr=1e-3 * (0.01 + x)),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the shape of the whole training loss."""
        self._refuse_schedules(run.get("lr"))
        curve = run["train/loss"]
        trend = curve.trend
        slope = trend.slope(0.0, 1.0)
        if slope.t > -10 or trend.noise > self.scatter * -slope.change:
            return
        if not self._straight(curve, slope) or not self._much_left(curve, slope):
            return
        yield self._found(run, curve)

    def _refuse_schedules(self, rate: Curve | None) -> None:
        if rate is None or len(rate) < 3:
            return
        middle = rate.trend.smooth[len(rate.trend) // 10 :]
        if ratio(float(middle.max()), float(middle.min())) > self.schedule:
            raise NotApplicable("the learning rate changes too much to read the curve's shape")

    def _straight(self, curve: Curve, slope: Slope) -> bool:
        trend = curve.trend
        return (
            trend.time_constant >= self.time_constant
            and trend.straightness >= self.straightness
            and trend.best.at >= 0.9
            and -slope.change >= self.whole * trend.gain
        )

    def _much_left(self, curve: Curve, slope: Slope) -> bool:
        start = curve.trend.level(0.0, 0.05)
        return relative(curve, -slope.change, start) <= 1.0 - self.left

    def _found(self, run: RunView, curve: Curve) -> Finding:
        trend = curve.trend
        change = higher_rate(run.settings, 3.0)
        known = isinstance(change.after, float)
        first, last = int(curve.steps[0]), int(curve.steps[-1])
        tau = trend.time_constant
        return self.finding(
            confidence=certainty(tau / self.time_constant, 0.55, 0.8),
            evidence=[
                stretch(curve, first, last, "time constant in runs", tau, self.time_constant)
            ],
            changes=(change,),
            variants=None if known else {"title": "no-rate"},
            series=curve.tag,
            axis=curve.axis.value,
            first=float(trend.smooth[0]),
            end=float(trend.smooth[-1]),
            last=last,
            straight=trend.straightness,
            rate=change.after if known else math.nan,
        )
