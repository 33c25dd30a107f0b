"""The rule ``diverged``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import median
from advisor.finding import Citation, Cost, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.signs.above_best import yardstick
from advisor_rules.signs.measure import (
    Turn,
    certainty,
    judged_validation,
    ratio,
    relative,
    stretch,
    turn,
    worse_before,
)
from advisor_rules.signs.other_rate import lower_rate
from advisor_rules.signs.said import At, course, ending


class Sign(NamedTuple):
    """What shows that a loss diverged."""

    measured: str
    value: float
    threshold: float


class Diverged(Rule):
    """The training loss rose far above its own minimum and stayed there.

    ## What it checks
    Compares the level at the end of the training loss with its lowest smoothed level. The
    rule fires if at least ``lost`` of what was gained after the first tenth of the run is
    gone again, the rise is visible against the level (``rise``) and ``t``
    times its standard error, nearly every point of the last tenth is above the best level,
    and the loss is not on its way back down. A spike that recovers is not divergence, and a
    run whose validation is as good as ever is not called diverged. Nor is one whose validation
    had got worse for a while before, unless the loss rose by as much as its best level, or as all
    that it had gained: what began before the rise has another cause.

    A loss that stays ``times`` as high as it began, and more, in all of the last tenth has
    diverged whatever its best level was, and however it swings. One that rose by less than
    ``small`` of its best level, and ended below its first value, is a note: regularization that
    sets in late, or wrong labels, raise it by as much.

    ## Why it matters
    A model whose training loss rises is being made worse by its own updates. What comes
    after the best step is lost compute.

    ## What to do
    Restart from a checkpoint before the rise with a tenth of the learning rate. If the rise
    came as one jump, look at the data of that step and clip the gradient norm as well.

    ## When to ignore it
    The loss itself changed on purpose at that step: a curriculum, a new loss term, a
    stronger augmentation.
    """

    name = "diverged"
    stage = Stage.LEARNING_RATE
    severity = Severity.ERROR
    requires = ("train/loss",)
    uses = ("lr", "objective", "val/metric", "val/loss")
    points = 6
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.LOSS_RISES,)
    silences = (
        "lr-range",
        "stage:epochs",
        "stage:batch-size",
        "stage:decay",
        "stage:fit",
        "lr-too-low",
        "lr-too-high",
        "first-steps-too-large",
        "adam-is-forgiving",
    )
    confirmed_by = ("probe-lr-range", "probe-not-finite")
    separated_by = ("a run at a tenth of the learning rate", "log grad_norm")
    do_separates = ("do",)
    basis = (
        "Grows with the share of the gain that is lost, or with how far above its start the loss "
        "ends, from 0.7 at the threshold to 0.97."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("A learning rate that is too big makes the loss rise."),
        sources.wandb(7, "A rate that is too high dances around the optimum and diverges."),
        sources.wandb(2, "There is a rate at which a model diverges; usable ones lie below."),
        sources.bullettech(3, "Search the learning rate in ten-fold steps."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Lower the learning rate to {rate:rate}",
        "title.no-rate": "Lower the learning rate ten-fold",
        "observed": "Training loss rose from {axis:text} {step:step} on",
        "evidence": "{series:name} rose from {best:number} at {axis:text} {step:step} to "
        "{end:number} at the end.",
        "evidence.jump": "{series:name} was {best:number} at {axis:text} {step:step}, jumped at "
        "{axis:text} {jump:step} and ended at {end:number}.",
        "do": "Restart from a checkpoint before {axis:text} {jump:step} with a tenth of the "
        "learning rate.",
        "why": "Steps that are too large overshoot the valley; from higher up the gradients are "
        "larger still, and the loss settles at a worse level.",
        "check": "Training loss stays near {best:number} past {axis:text} {jump:step}.",
        "unless": "the loss or the data changed on purpose there (a curriculum, a new term).",
        "cost": "{share:percent} of the run came after the best training loss.",
    }

    lost: float = option(
        0.5,
        "Share of the gain after the first tenth of the run that must be lost again.",
        source="runmedic judges divergence by the same share; spikes and warm-up stay below it",
        gt=0,
    )
    rise: float = option(
        0.1,
        "Smallest rise, as a share of the best level and of all that was gained.",
        source="chosen by eye",
        gt=0,
    )
    times: float = option(
        10.0,
        "The lowest level of the last tenth in multiples of the first three.",
        source="chosen by eye: a term that is added on purpose may make it a few. Measured on "
        "5,638 logs of healthy and harmless small trainings of 33 data sets and models: 0.95 at "
        "most",
        gt=1,
    )
    small: float = option(
        0.3,
        "The rise, as a share of the best level, below which a loss that ended below its first "
        "value makes a note.",
        source="measured on small trainings of 40 data sets and models: of 9 that rose by less, "
        "and ended below, steps were too large in 3; of 77 others in 75",
        gt=0,
    )
    t: float = option(5.0, "The rise in units of its standard error.", source="chosen by eye", gt=0)
    recovery: float = option(
        0.2,
        "Share of the rise that a loss on its way down must win back in the last third.",
        source="chosen by eye",
        gt=0,
        le=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return runs that diverge, spike and warm up."""
        x = np.linspace(0, 1, 400)
        jumped = falling(400, seed=2) + 1.5 * (x > 0.6)
        spike = falling(400, seed=3) + 5 * np.exp(-(((x - 0.5) / 0.01) ** 2))
        hump = falling(400, seed=4, rate=8) + 1.5 * np.exp(-(((x - 0.06) / 0.03) ** 2))
        return (
            Example(
                "a jump at 60% that stays",
                make_run(train_loss=jumped, config={"optimizer.lr": 0.3}),
                fires=True,
            ),
            Example(
                "swings that grow without end",
                make_run(train_loss=np.exp(12 * x) * (1.1 + np.sin(60 * x))),
                fires=True,
            ),
            Example("a spike that recovers", make_run(train_loss=spike), fires=False),
            Example("a hump during warm-up", make_run(train_loss=hump), fires=False),
            Example("nothing but noise", make_run(train_loss=2 + noise(400, 0.1, 5)), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the end of the training loss against its best level."""
        curve = run["train/loss"]
        turned = turn(curve)
        lost, times = self._lost(curve, turned), _times(curve)
        if times >= self.times:
            sign = Sign("lowest of the last tenth over the start", times, self.times)
        elif self._turned_for_good(run, curve, turned, lost):
            sign = Sign("share of the gain lost", lost, self.lost)
        else:
            return
        if not _validation_holds(run):
            yield self._found(run, curve, turned, sign)

    def _turned_for_good(self, run: RunView, curve: Curve, turned: Turn, lost: float) -> bool:
        """Tell whether much was lost, surely, and nothing that began before it is the cause."""
        if lost < self.lost or turned.t < self.t or not _stays(curve, turned):
            return False
        if self._recovers(curve, turned):
            return False
        return turned.rise >= yardstick(curve) or not worse_before(run, turned.best.at)

    def _lost(self, curve: Curve, turned: Turn) -> float:
        """Return the rise against the gain before it, but for the easy gain of the first tenth.

        Where hardly anything was gained, the rise is held against the noise.
        """
        trend = curve.trend
        earned = trend.level(0.05, 0.15).value - trend.best.value
        visible = relative(curve, turned.rise, trend.around(trend.best)) >= self.rise
        if not visible or turned.rise < self.rise * trend.gain:
            return 0.0
        return ratio(turned.rise, max(earned, 6 * trend.noise))

    def _recovers(self, curve: Curve, turned: Turn) -> bool:
        slope = curve.trend.slope(0.67, 1.0)
        return slope.t < -4 and -slope.change >= self.recovery * turned.rise

    def _found(self, run: RunView, curve: Curve, turned: Turn, sign: Sign) -> Finding:
        jump = curve.trend.jump()
        sudden = jump.size > 0.5 * turned.rise and jump.place.at >= turned.best.at
        lower = lower_rate(run)
        known = isinstance(lower.after, float)
        variants = ({} if known else {"title": "no-rate"}) | (
            {"evidence": "jump"} if sudden else {}
        )
        last = int(curve.steps[-1])
        best = At(turned.best.step, turned.best.value)
        low, end = course(curve, best, ending(curve))
        return self.finding(
            confidence=certainty(sign.value / sign.threshold, 0.7, 0.97),
            severity=Severity.NOTE if self._is_small(curve, turned) else None,
            evidence=[stretch(curve, turned.best.step, last, *sign)],
            changes=(lower,),
            cost=self._cost(curve, turned),
            variants=variants,
            series=curve.tag,
            axis=curve.axis.value,
            step=turned.best.step,
            jump=jump.place.step if sudden else turned.best.step,
            best=low,
            end=end,
            rate=lower.after if known else math.nan,
        )

    def _is_small(self, curve: Curve, turned: Turn) -> bool:
        """Tell whether a rise is small, and did not bring a loss back to where it began."""
        rise = relative(curve, turned.rise, curve.trend.around(turned.best))
        return rise < self.small and turned.best.value + turned.rise < float(curve.values[0])

    def _cost(self, curve: Curve, turned: Turn) -> Cost:
        share = 1.0 - turned.best.at
        return Cost(
            share=share,
            of="compute",
            first_step=turned.best.step,
            last_step=int(curve.steps[-1]),
            message=self.say("cost", share=share),
        )


def _times(curve: Curve) -> float:
    """Return the lowest of the last tenth in multiples of the start; 0 for a loss below 0."""
    values = curve.trend.values
    first, tail = median(values[:3]), values[-max(3, len(values) // 10) :]
    return ratio(float(tail.min()), first) if curve.values.min() > 0 else 0.0


def _stays(curve: Curve, turned: Turn) -> bool:
    """Tell whether nearly all of the last tenth is above the best level by half the rise."""
    trend = curve.trend
    tail = trend.values[-max(3, len(trend) // 10) :]
    return float((tail > turned.best.value + turned.rise / 2).mean()) >= 0.9


def _validation_holds(run: RunView) -> bool:
    """Tell whether validation ends no worse than it ever was: then the loss only changed scale."""
    validation = judged_validation(run, 5)
    if validation is None:
        return False
    turned = turn(validation)
    return turned.t < 3 and validation.trend.best.at > 0.5
