"""The rule ``still-improving``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, turning
from advisor_rules.measure import certainty, judged_validation, ratio, stretch, turn


class StillImproving(Rule):
    """Training and validation were both still improving when the run ended.

    ## What it checks
    Looks at the last fifth of the series that the run is judged by (the validation series,
    or the training loss where there is none). The rule fires if that stretch made ``share``
    of all the progress, the slope is ``t`` times its standard error, the best level is at
    the end, and no other validation series and not the training loss is getting worse. It
    warns only where the last fifth made ``warn_share``; below that it is a note, because
    nearly every healthy run gains a little to its end.

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
    requires = ("train/loss|val/loss|val/metric",)
    uses = ("objective", "val/metric", "val/loss", "train/loss", "lr")
    points = 6
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.STOPPED_EARLY, symptoms.TOO_SLOW)
    separated_by = ("the same run, half as long again",)
    basis = (
        "Grows with the share of progress in the last fifth and its slope against noise, "
        "from 0.6 to 0.95; at most 0.75 on a training loss alone."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("Training and validation both still climbing: train longer."),
        sources.wandb(1, "Start with many epochs and let early stopping end the run."),
        sources.overview("The number of epochs needed depends on the task and the data."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Train longer: half as long again",
        "observed": "Still improving at {axis:text} {last:step}",
        "evidence": "{series:name} went from {before:number} to {end:number} in the last fifth "
        "of the run: {share:percent} of all its progress.",
        "do": "Continue to about {axis:text} {target:step}, with the learning-rate schedule "
        "stretched to the new length.",
        "why": "The slope at the end is clearly above the noise, so the curve has not reached "
        "its floor.",
        "check": "{series:name} is better than {end:number} at {axis:text} {target:step}, by "
        "more than {noise:number}.",
        "unless": "the run was meant to be short (a search trial, a fixed budget).",
    }

    share: float = option(
        0.03,
        "Smallest share of all progress made in the last fifth.",
        source="an exponential decay that is three time constants long makes 4% there; "
        "longer ones have little left",
        gt=0,
        lt=1,
    )
    warn_share: float = option(
        0.12,
        "Share of all progress in the last fifth from which this is a warning.",
        source="an exponential decay one time constant long makes 13%, a straight line 20%",
        gt=0,
        lt=1,
    )
    t: float = option(
        4.0, "The slope in units of its standard error.", source="chosen by eye", gt=0
    )
    decayed: float = option(
        0.1,
        "A logged learning rate below this share of its peak has ended its schedule: a note.",
        source="chosen by eye; schedules commonly end at a tenth of the peak or less",
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
        """Look at the end of the series that the run is judged by."""
        curve = judged_validation(run) or run.get("train/loss")
        if curve is None or len(curve) < self.points:
            raise NotApplicable("too few points of the series that the run is judged by")
        slope = curve.trend.slope()
        share = ratio(-slope.change, curve.trend.gain)
        if share < self.share or slope.t > -self.t or curve.trend.best.at < 0.9:
            return
        if not self._worse(run, curve):
            yield self._found(run, curve, min(share, 1.0), -slope.t)

    def _worse(self, run: RunView, judged: Curve) -> bool:
        """Tell whether another series that matters is getting worse."""
        others = (run.get("val/loss"), run.get("val/metric"), run.get("train/loss"))
        for curve in others:
            if curve is None or curve is judged or len(curve) < 5:
                continue
            turned = turn(curve)
            if turned.t > 3 and turned.relative > 0.01:
                return True
        return False

    def _found(self, run: RunView, curve: Curve, share: float, t: float) -> Finding:
        weak = curve.role.split != "val"
        loud = share >= self.warn_share and not weak and not self._schedule_ended(run)
        strength = min(share / self.share, t / self.t)
        first, last = float(curve.steps[0]), int(curve.steps[-1])
        begin = round(first + 0.8 * (last - first))
        before = curve.trend.level(0.75, 0.85)
        return self.finding(
            confidence=certainty(strength, 0.6, 0.75 if weak else 0.95),
            severity=None if loud else Severity.NOTE,
            evidence=[
                stretch(curve, begin, last, "share of progress in this stretch", share, self.share)
            ],
            changes=_longer(run),
            series=curve.tag,
            axis=curve.axis.value,
            last=last,
            target=round(last + 0.5 * (last - first)),
            before=curve.sign * before.value,
            end=curve.sign * float(curve.trend.smooth[-1]),
            share=share,
            noise=curve.noise,
        )

    def _schedule_ended(self, run: RunView) -> bool:
        rate = run.get("lr")
        if rate is None or len(rate) < 2:
            return False
        return bool(rate.values[-1] < self.decayed * np.max(rate.values))


def _longer(run: RunView) -> tuple[Change, ...]:
    """Propose half as many epochs (or steps) again, where the number is recorded."""
    for parameter in ("epochs", "steps"):
        current = run.settings.number(parameter)
        if current is not None and current >= 1:
            change = Change.model_validate(
                {
                    "parameter": parameter,
                    "path": run.settings.path(parameter),
                    "from": current,
                    "to": round(1.5 * current),
                    "direction": "up",
                    "horizon": "full",
                }
            )
            return (change,)
    return ()
