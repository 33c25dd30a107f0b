"""The rule ``lr-decayed-too-early``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Cost, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, half_cosine, stopped
from advisor_rules.given.rescheduling import stretched
from advisor_rules.signs import schedule
from advisor_rules.signs.expected_fall import Stop, expected_fall
from advisor_rules.signs.idle_rate import VANISHED, lost_little, rounded_away
from advisor_rules.signs.measure import certainty, relative, stretch, validation_worse
from advisor_rules.signs.standstill import FELL, Standstill, standstill

_NEARLY_ALL = 0.85
"""Share of the run after the rate had vanished that no plateau excuses (chosen by eye)."""


class LrDecayedTooEarly(Rule):
    """The loss stopped falling because the learning rate had vanished: lower the rate later.

    ## What it checks
    Finds the step from which the logged rate stayed below ``vanished`` of its peak. The rule
    fires if at least ``rest`` of the run came after it, the training loss was falling steadily
    until the rate fell below ``full`` of its peak, and what came afterwards is less than
    ``came`` of what the loss had left, had it gone on slowing down as it did before, and the end
    is above where it would have got by ``missing``. A rate that had vanished for ``idle`` of the
    run makes a note if validation still gained steadily, and so fast for its rate, then and before,
    that a usual one would have brought a quarter of all that was learned, unless the accuracy ended
    above 0.9. Where nobody knows that, it does unless the loss levelled off before, or the accuracy
    ended above 0.8; for nearly all of the run, in any case. A schedule that reaches its end with
    the run is never reported, nor drops that brought the loss down, nor a slow, exponential decay.

    Where no rate is logged, a validation loss that only drifts down along a line for the last
    seven tenths of the run, after a fall of the training loss many times as large, is a note:
    a vanished rate leaves that, and a loss that levels off by itself does not.

    ## Why it matters
    Updates scale with the rate. Once it has vanished, the run costs as much as before and
    changes nothing.

    ## What to do
    Stretch the schedule, so that the rate vanishes at the end of the run and not before.

    ## When to ignore it
    The last part of the run was meant to collect statistics, or to average weights.
    """

    name = "lr-decayed-too-early"
    stage = Stage.DECAY
    severity = Severity.WARNING
    requires = ("train/loss",)
    uses = ("lr", "objective", "val/metric", "val/loss")
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.PLATEAU, symptoms.LEARNS_NOTHING)
    silences = ("lr-too-low", "still-improving", "underfitting", "batch-too-small-noise")
    # What learned nothing may owe it to a rate that vanished, whatever its peak.
    precedes = ("never-learned", "lr-range")
    separated_by = ("continue from the last checkpoint at a tenth of the peak rate",)
    basis = "Grows with the fall that did not come against its bound, from 0.6 to 0.9."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(7, "Slow down on reaching a valley; with too low a rate it takes very long."),
        sources.bullettech(3, "Which decay fits differs between models and tasks."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Let the learning rate fall later than {axis:text} {step:step}",
        "observed": "Loss stopped as the rate vanished at {axis:text} {step:step}",
        "observed.idle": "The rate had vanished by {axis:text} {step:step}",
        "evidence.idle": "{series:name} stayed below {vanished:percent} of its peak after "
        "{axis:text} {step:step}, for {share:percent} of the run.",
        "evidence": "{series:name} was falling steadily until the rate vanished at {axis:text} "
        "{step:step}, and fell by {actual:number} after that; at its own pace it had "
        "{expected:number} to go.",
        "observed.unseen": "Validation stood still from {axis:text} {step:step} on",
        "evidence.unseen": "{series:name} fell by {moved:percent} after {axis:text} {step:step}, "
        "along a line; the training loss had fallen by {fell:percent} before. That is "
        "what a rate that has vanished leaves; none is logged.",
        "do.unseen": "Log the learning rate. If it vanishes near {axis:text} {step:step}, stretch "
        "the schedule to the end of the run, {axis:text} {last:step}.",
        "do": "Stretch the schedule so that it reaches its end at {axis:text} {last:step}, the "
        "end of the run.",
        "why": "Updates scale with the rate: once that has vanished, the weights hardly move.",
        "check": "The loss falls below {end:number} before {axis:text} {last:step}.",
        "unless": "the last part was meant for averaging weights or for statistics.",
        "cost": "{share:percent} of the run came after the rate had vanished.",
    }

    vanished: float = option(
        VANISHED,
        "Share of its peak below which a rate has vanished.",
        source="chosen by eye; a cosine spends its last 11% below it",
        gt=0,
        lt=1,
    )
    full: float = option(
        0.5,
        "Share of its peak above which a rate still moves the weights at full speed.",
        source="chosen by eye: source W2 takes half of a rate for as good as the rate",
        gt=0,
        le=1,
    )
    rest: float = option(
        0.15,
        "Smallest share of the run after the rate had vanished.",
        source="chosen by eye; well above the end of a cosine",
        gt=0,
        lt=1,
    )
    warn_rest: float = option(
        0.3,
        "Share of the run after the rate had vanished from which this is a warning.",
        source="chosen by eye",
        gt=0,
        lt=1,
    )
    idle: float = option(
        0.6,
        "Share of the run after the rate had vanished that is noted, unless the loss is seen to "
        "level off before.",
        source="chosen by eye: no schedule in common use spends half of a run so",
        gt=0,
        lt=1,
    )
    level: float = option(
        0.1,
        "Share of all progress in the last third of the rate spent, below which the loss had "
        "levelled off before.",
        source="an exponential decay two and a half time constants long makes 0.12",
        ge=0,
        lt=1,
    )
    came: float = option(
        0.25,
        "Largest part that came of the fall that was to come.",
        source="chosen by eye",
        ge=0,
        lt=1,
    )
    steady: float = option(
        0.4,
        "Smallest ratio of two falls in a row, before the rate fell, for a steady fall.",
        source="chosen by eye; below, the loss was levelling off by itself",
        gt=0,
        le=1,
    )
    missing: float = option(
        0.02,
        "Smallest fall that did not come, as a share of the level at the end (or of a third of "
        "the gain, for a loss that may be negative).",
        source="chosen by eye; less is hardly worth another run",
        gt=0,
    )
    t: float = option(
        4.0,
        "The fall before, in each of its halves, in units of its standard error.",
        source="chosen by eye",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a schedule that ended in mid-fall, and others that did not."""
        x = np.linspace(0, 1, 400)
        cosine = 0.1 * (1 + np.cos(np.pi * np.minimum(x, 1.0))) / 2
        return (
            Example(
                "a cosine over half the run",
                make_run(train_loss=stopped(400, 0.5), lr=half_cosine(400, 0.5)),
                fires=True,
            ),
            Example(
                "a cosine to the end",
                make_run(train_loss=falling(400, seed=80), lr=cosine),
                fires=False,
            ),
            Example(
                "it had levelled off before",
                make_run(train_loss=falling(400, seed=81, rate=15), lr=half_cosine(400, 0.5)),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the loss before the rate vanished with the loss after."""
        curve, rate, val = run["train/loss"], run.get("lr"), run.get("val/loss")
        if rate is None:
            still = standstill(curve, val) if val is not None else None
            if val is None or still is None:
                raise NotApplicable("the learning rate is not logged")
            yield self._unseen(run, val, still)
            return
        if not schedule.readable(rate):
            raise NotApplicable("the logged learning rate is not a schedule that can be read")
        stop = self._stop(curve, rate)
        if stop is not None and self._moved(curve, stop) >= self.missing:
            # Where validation got worse, it was right that training slowed down.
            if not validation_worse(run):
                yield self._found(run, curve, stop)
        elif self._idled(run, curve, rate):
            yield self._idle(run, curve, rate)

    def _idled(self, run: RunView, curve: Curve, rate: Curve) -> bool:
        """Tell whether most of the run passed at no rate, and no plateau was seen before that."""
        step = schedule.last_above(rate, self.vanished)
        rest = 1.0 - curve.fraction_at(rate, step)
        if rest < self.idle or rounded_away(curve, rate):
            return False
        return rest >= _NEARLY_ALL or not lost_little(run, curve, rate, step, self.level)

    def _stop(self, curve: Curve, rate: Curve) -> Stop | None:
        slowed = curve.fraction_at(rate, schedule.last_above(rate, self.full))
        gone = curve.fraction_at(rate, schedule.fell_below(rate, self.vanished))
        if 1.0 - gone < self.rest or slowed < self.rest:
            return None
        expected = expected_fall(curve.trend, slowed, gone, t=self.t, steady=self.steady)
        if expected is None:
            return None
        trend = curve.trend
        end, tail = trend.tail(), trend.level(gone, gone + 0.05)
        # A drop of the rate often brings a fall of its own: only the sum of both tells.
        missing = expected.all - (trend.level(slowed - 0.05, slowed).value - end.value)
        actual = tail.value - end.value
        if actual > self.came * expected.late or missing < 6 * max(end.error, tail.error):
            return None
        step = int(trend.steps[min(int(np.searchsorted(trend.at, gone)), len(trend) - 1)])
        return Stop(step, 1.0 - gone, expected.late, max(actual, 0.0), missing)

    def _moved(self, curve: Curve, stop: Stop) -> float:
        return relative(curve, stop.missing, curve.trend.tail())

    def _found(self, run: RunView, curve: Curve, stop: Stop) -> Finding:
        last = int(curve.steps[-1])
        moved, measured = self._moved(curve, stop), "fall that did not come, relative"
        return self.finding(
            confidence=certainty(moved / self.missing, 0.6, 0.9),
            severity=None if stop.rest >= self.warn_rest else Severity.NOTE,
            evidence=[stretch(curve, stop.step, last, measured, moved, self.missing)],
            changes=(stretched(run, curve, last),),
            cost=self._cost(stop.step, last, stop.rest),
            series=curve.tag,
            axis=curve.axis.value,
            step=stop.step,
            last=last,
            actual=stop.actual,
            expected=stop.expected,
            end=curve.trend.tail().value,
        )

    def _cost(self, first: int, last: int, share: float) -> Cost:
        said = self.say("cost", share=share)
        return Cost(share=share, of="compute", first_step=first, last_step=last, message=said)

    def _idle(self, run: RunView, curve: Curve, rate: Curve) -> Finding:
        step = schedule.last_above(rate, self.vanished)
        first, last = int(rate.steps[0]), int(rate.steps[-1])
        share = (last - step) / (last - first)
        return self.finding(
            confidence=0.6,
            severity=Severity.NOTE,
            evidence=[stretch(rate, step, last, "share of the run at no rate", share, self.idle)],
            changes=(stretched(run, curve, last),),
            cost=self._cost(step, last, share),
            variants=dict.fromkeys(("observed", "evidence"), "idle"),
            series=rate.tag,
            axis=curve.axis.value,
            step=step,
            last=last,
            share=share,
            vanished=self.vanished,
            end=curve.trend.tail().value,
        )

    def _unseen(self, run: RunView, val: Curve, still: Standstill) -> Finding:
        last, measured = int(val.steps[-1]), "fall before in multiples of what came after"
        return self.finding(
            confidence=certainty(still.times / FELL, 0.5, 0.8),
            severity=Severity.NOTE,
            evidence=[stretch(val, still.step, last, measured, still.times, FELL)],
            changes=(stretched(run, val, last),),
            cost=self._cost(still.step, last, still.rest),
            variants=dict.fromkeys(("observed", "evidence", "do"), "unseen"),
            series=val.tag,
            axis=val.axis.value,
            step=still.step,
            last=last,
            moved=still.moved,
            fell=still.fell,
            end=val.trend.tail().value,
        )
