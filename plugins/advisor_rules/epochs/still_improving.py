"""The rule ``still-improving``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.curve.trend import Trend
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Split, Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.cut_short import CUT_TEXTS, cut_finding, cut_short
from advisor_rules.examples import falling, turning
from advisor_rules.learning_time import over_learning_time, schedule_ended
from advisor_rules.measure import certainty, half_as_long_again, ratio, relative, stretch
from advisor_rules.run_end import early_stopping_saw, got_worse, judged_by

_FEWEST = 4
"""Fewer points than this are no curve."""
_SLOPED = 6
"""Fewer points than this have no slope with an error; each must be better than the one before."""
_EVEN = 0.5
"""Smallest of a few gains against the largest in what is no bend: one in a hundred by chance."""


class StillImproving(Rule):
    """Training and validation were both still improving when the run ended.

    ## What it checks
    Looks at the last half of the series that the run is judged by: its validation metric or
    loss, the return of an agent, or the training loss where there is nothing else. The rule
    fires if that stretch improved by ``progress`` (or made ``most`` of all progress, however
    little) and by ``t`` standard errors, the last third made its part of it, the best level is
    near the end, and no series that matters is getting worse. Where the rate was lowered, a
    curve flattens whether it is done or not: it is looked at over the learning rate that was
    spent as well, and must have made ``spent_share`` of its progress in the last third of that.
    Where a recorded patience ended the run, the curve that did must still improve by its trend.
    What improves has to be worth another run: by ``worth`` of all progress, and, where the rate
    ended near 0 and every curve falls with it, by ten times the scatter of single points. It
    warns only where the last third made ``warn_share`` of all progress; below that it is a note,
    because healthy runs gain a little to their end. And a run of two validations and more is
    noted that ended less than ``planned`` into its schedule, or into its recorded epochs, while
    the last validation was the best: early stopping waits after the best one, and did not end it.

    ## Why it matters
    The best model is probably beyond the end of the run, and comparing the run with others
    says more about their lengths than about their settings.

    ## What to do
    Train half as long again, with the schedule stretched to the new length. If the budget is
    fixed, look for a faster way down first: a larger learning rate.

    ## When to ignore it
    The run was meant to be short: a search trial, a smoke test, a fixed budget.
    """

    name = "still-improving"
    stage = Stage.EPOCHS
    severity = Severity.WARNING
    requires = ("train/loss|val/loss|val/metric|return|val/return",)
    uses = ("objective", "val/metric", "val/loss", "train/loss", "lr", "epoch")
    points = 2
    after_end = True
    not_for = frozenset({Task.GAN})
    symptoms = (symptoms.STOPPED_EARLY, symptoms.TOO_SLOW)
    silences = ("telemetry-too-few-points",)
    separated_by = ("the same run, half as long again",)
    basis = (
        "Grows with the slope against its error, from 0.6 to 0.95; at most 0.75 without "
        "validation, 0.6 where the training loss is a straight line; 0.7 where a plan was cut off."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("Training and validation both still climbing: train longer."),
        sources.wandb(1, "Start with many epochs and let early stopping end the run."),
        sources.overview("The number of epochs needed depends on the task and the data."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Train longer: half as long again",
        "observed": "Still improving at {axis:text} {last:step}",
        "evidence": "{series:name} went from {before:number} to {end:number} in the last half "
        "of the run; its last third made {share:percent} of all progress.",
        "do": "Continue to about {axis:text} {target:step}, with the learning-rate schedule "
        "stretched to the new length.",
        "why": "The slope at the end is clearly above the noise, so the curve has not reached "
        "its floor.",
        "check": "{series:name} is better than {end:number} at {axis:text} {target:step}, by "
        "more than {noise:number}.",
        "unless": "the run was meant to be short (a search trial, a fixed budget).",
        **CUT_TEXTS,
    }

    progress: float = option(
        0.01,
        "Smallest improvement over the last half, as a share of the level at the end (or of a "
        "third of the gain, for a loss that may be negative).",
        source="chosen by eye; below, more training hardly pays",
        gt=0,
    )
    t: float = option(
        2.5,
        "The improvement in units of its standard error.",
        source="the usual two and a half: chance does that once in 160 runs",
        gt=0,
    )
    late: float = option(
        0.4,
        "Share of the improvement of the last half that the last third must have made.",
        source="a straight line makes 0.67, an exponential decay five time constants long 0.38",
        gt=0,
        le=1,
    )
    warn_share: float = option(
        0.2,
        "Share of all progress in the last third from which this is a warning.",
        source="an exponential decay one time constant long makes 23%, a straight line 33%",
        gt=0,
        lt=1,
    )
    warn_t: float = option(
        5.0,
        "The improvement in standard errors from which this is a warning.",
        source="chosen by eye",
        gt=0,
    )
    few_progress: float = option(
        0.03,
        "Smallest improvement of the last of four or five points over the one before, or of all of "
        "them where each brought at least half as much as any other.",
        source="chosen by eye: three times what a slope must show, for want of its error",
        gt=0,
    )
    most: float = option(
        0.4,
        "Share of all progress in the last third from which its size does not matter.",
        source="more than a straight line makes: the run has only begun to learn",
        gt=0,
        le=1,
    )
    spent_share: float = option(
        0.14,
        "Share of all progress in the last third of the learning rate that was spent.",
        source="the bound of lr-too-low: an exponential decay two time constants long makes 0.15",
        gt=0,
        lt=1,
    )
    worth: float = option(
        0.05,
        "Smallest improvement over the last half (of the learning rate that was spent), as a share "
        "of all progress. A training loss need not show it.",
        source="measured on small trainings: 57 of 65 logs below gained nothing by twice the steps",
        gt=0,
        lt=1,
    )
    scatter: float = option(
        0.1,
        "Largest scatter of single points, as a share of the improvement over the last half, where "
        "the rate ended near 0.",
        source="measured on small trainings: two thirds of the logs above gained nothing by twice "
        "the steps that another seed would not",
        gt=0,
    )
    straight: float = option(
        3.0,
        "Time constant of the training loss, in run lengths, from which the learning rate is "
        "the likelier cause.",
        source="chosen by eye: the slope at the end is then still 72% of the one at the start",
        gt=0,
    )
    planned: float = option(
        0.2,
        "Share of a schedule, or of the recorded epochs, below which a run was cut short.",
        source="chosen by eye: a cosine is then still at nine tenths of its peak",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run that stopped early, and runs that are done or getting worse."""
        short = falling(60, seed=30, rate=0.8)
        return (
            Example(
                "one time constant long",
                make_run(train_loss=short, val_loss=short + 0.1, config={"trainer.max_epochs": 60}),
                fires=True,
            ),
            Example("levelled off", make_run(train_loss=falling(60, seed=31, rate=9)), fires=False),
            Example(
                "training falls, validation rises",
                make_run(train_loss=short, val_loss=turning(60, seed=32)),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the end of what the run is judged by."""
        curves, cut = judged_by(run, _FEWEST), cut_short(run, self.planned)
        if not curves and cut is None:
            raise NotApplicable("too few points of the series that the run is judged by")
        rising = [curve for curve in curves if self._improves(run, curve)]
        done = got_worse(run, curves) or early_stopping_saw(run, curves, rising)
        if rising and not done:
            yield self._found(run, max(rising, key=_late_share))
        elif cut is not None:
            yield cut_finding(self, run, cut, self.planned)

    def _improves(self, run: RunView, curve: Curve) -> bool:
        if curve.trend.best.at < 0.85:
            return False
        if len(curve) < _SLOPED:
            return self._each_better(curve)
        spent = over_learning_time(run, curve)
        if not self._matters(curve, spent, ended=schedule_ended(run)):
            return False
        if self._falls(curve, curve.trend):
            return True
        late = ratio(-spent.slope(0.67).change, spent.gain)
        return spent is not curve.trend and late >= self.spent_share and self._falls(curve, spent)

    def _falls(self, curve: Curve, trend: Trend) -> bool:
        """Tell whether the last half of a trend got better, and its last third went on so."""
        half, third = trend.slope(0.5), trend.slope(0.67)
        large = relative(curve, -half.change, trend.tail()) >= self.progress
        begun = -third.change >= self.most * trend.gain and half.t <= -self.warn_t
        steady = third.change <= self.late * half.change
        return half.t <= -self.t and steady and (large or begun)

    def _matters(self, curve: Curve, spent: Trend, *, ended: bool) -> bool:
        """Tell whether the last half brought what another seed, or a lower rate, does not."""
        fell, gained = -curve.trend.slope(0.5).change, -spent.slope(0.5).change
        large = curve.role.split is Split.TRAIN or gained >= self.worth * spent.gain
        return large and not (ended and curve.trend.noise > self.scatter * fell)

    def _each_better(self, curve: Curve) -> bool:
        """Tell whether each of a few points was better: the last by far, or all as much."""
        gains = -np.diff(curve.sign * curve.values)
        if gains.min() <= 0 or gains[-1] < self.warn_share * gains.sum():
            return False
        even = gains.min() >= _EVEN * gains.max()
        counted = float(gains.sum() if even else gains[-1])
        return relative(curve, counted, curve.trend.tail()) >= self.few_progress

    def _found(self, run: RunView, curve: Curve) -> Finding:
        trend = curve.trend
        weak = curve.role.split != Split.VALIDATION
        half = trend.slope(0.5)
        share = _late_share(curve)
        sure = share >= self.warn_share and half.t <= -self.warn_t and not weak
        loud = sure and len(curve) >= 10 and not schedule_ended(run)
        first, last = float(curve.steps[0]), int(curve.steps[-1])
        return self.finding(
            confidence=certainty(-half.t / self.t, 0.6, self._highest(run, curve)),
            severity=None if loud else Severity.NOTE,
            evidence=[
                stretch(
                    curve,
                    round((first + last) / 2),
                    last,
                    "improvement over this stretch, relative",
                    relative(curve, -half.change, trend.tail()),
                    self.progress,
                )
            ],
            changes=half_as_long_again(run.settings),
            series=curve.tag,
            axis=curve.axis.value,
            last=last,
            target=round(last + 0.5 * (last - first)),
            before=curve.sign * trend.level(0.45, 0.55).value,
            end=curve.sign * trend.tail().value,
            share=share,
            noise=curve.noise,
        )

    def _highest(self, run: RunView, curve: Curve) -> float:
        """Return the most that can be known; a straight loss may as well have too low a rate."""
        train = run.get("train/loss")
        spent = over_learning_time(run, train) if train is not None and len(train) else None
        if spent is not None and spent.time_constant >= self.straight:
            return 0.6
        if len(curve) < _SLOPED:
            return 0.65
        return 0.95 if curve.role.split == Split.VALIDATION else 0.75


def _late_share(curve: Curve) -> float:
    """Return the share of all progress that the last third made, 0 to 1."""
    trend = curve.trend
    return min(max(ratio(-trend.slope(0.67).change, trend.gain), 0.0), 1.0)
