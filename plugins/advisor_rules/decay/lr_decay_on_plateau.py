"""The rule ``lr-decay-on-plateau``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Cost, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, Nature, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling
from advisor_rules.given.rescheduling import scheduled
from advisor_rules.signs import schedule
from advisor_rules.signs.learning_time import known_held, named_decay, says_constant
from advisor_rules.signs.measure import certainty, judged_validation, relative, stretch, turn
from advisor_rules.signs.still_better import still_better
from advisor_rules.signs.unsettled import overfits, unsettled

_RENAMED = ("title", "do")
"""What is said in other words where a schedule was meant to lower the rate."""
_ASSUMED = ("observed", "evidence", "unless")
"""What is said in other words where nothing says how the rate went."""
_LONG = 40
"""The fewest points of a training loss in which a plateau is seen (chosen by eye)."""


class LrDecayOnPlateau(Rule):
    """The loss stood on a noisy plateau under a constant learning rate: try lowering the rate.

    ## What it checks
    Looks at the last ``share`` of the training loss. The rule fires if it moved there by less
    than ``flat``, has learned something before, is not near zero, and still scatters by
    ``noise`` of its level, while the learning rate was never lowered: logged as constant, or
    recorded as such. It stays silent there if validation gets worse, or any of it still improves.

    Else it looks at the later half of the validation loss under such a rate, of five to seven
    validations at the last four. The rule fires if a third of its changes and more go up, one
    validation scatters by ``unsettled`` of all that was gained, and the run does not overfit. Where
    nothing says how the rate went, it must have learned something, and of eight and more the
    last two changes be ``lasts`` of those half way: a lower rate calms them.

    ## Why it matters
    With steps of one size a loss settles where their noise balances their progress. Smaller
    steps settle lower.

    ## What to do
    Divide the rate by ten once the loss stands still, or use a schedule that ends near 0.

    ## When to ignore it
    The plateau is the noise of the data: no rate gets below it. Then the loss does not move
    when the rate drops.
    """

    name = "lr-decay-on-plateau"
    stage = Stage.DECAY
    severity = Severity.NOTE
    nature = Nature.OPTION
    requires = ("train/loss",)
    uses = ("lr", "objective", "val/metric", "val/loss")
    points = 5
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.PLATEAU, symptoms.NOISY_END, symptoms.LOSS_UNSTEADY)
    precedes = ("weight-averaging",)
    separated_by = ("continue from the last checkpoint with a tenth of the learning rate",)
    do_separates = ("do", "do.unsettled")
    basis = (
        "0.55 to 0.7, with the length of the plateau: a floor set by the data or the model "
        "looks the same; 0.5 to 0.65 with the scatter of validation."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(7, "Lower the rate by a constant factor when performance stops improving."),
        sources.notes("Learning-rate decay is worth a try."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Lower the learning rate once the loss stands still",
        "title.unsettled": "Lower the learning rate towards the end",
        "title.unused": "Find out why the learning rate never moved",
        "observed": "Flat under a constant rate from {axis:text} {since:step}",
        "observed.unsettled": "Validation is unsteady under a constant rate",
        "observed.restless": "Validation is unsteady to the very end",
        "evidence": "{series:name} stayed near {end:number} from {axis:text} {since:step} on, with "
        "a scatter of {noise:number}, and the learning rate was never lowered.",
        "evidence.unsettled": "{series:name} went up and down by {noise:number} between "
        "{axis:text} {since:step} and the end, {share:percent} of all that it gained, and the "
        "learning rate was never lowered.",
        "evidence.restless": "{series:name} went up and down by {noise:number} between "
        "{axis:text} {since:step} and the end, {share:percent} of all that it gained, and did not "
        "calm down: the learning rate, which is not logged, seems not to have been lowered.",
        "do": "Continue from the last checkpoint with a tenth of the rate. If the loss falls, "
        "lower the rate near {axis:text} {since:step} from the start.",
        "do.unsettled": "Continue from the last checkpoint with a tenth of the rate. If validation "
        "settles lower, use a schedule that ends near 0.",
        "do.unused": "The config names {schedule:name}, but the logged rate never moved: check "
        "that the schedule is stepped, and over how many steps it is spread.",
        "why": "With steps of one size a loss settles where their noise balances their progress; "
        "smaller steps settle lower.",
        "check": "The loss falls below {end:number} by more than {noise:number} soon after the "
        "rate drops.",
        "check.unsettled": "{series:name} is calmer, and lower, soon after the rate drops.",
        "unless.unsettled": "validation takes other samples each time, or only few.",
        "unless.restless": "the rate was lowered, or validation takes other samples each time.",
        "unless": "the loss has reached the noise of its data; then it will not move.",
        "cost": "{share:percent} of the run brought no progress in the training loss.",
    }

    share: float = option(
        0.3, "Share of the run that must be flat.", source="chosen by eye", gt=0, lt=1
    )
    flat: float = option(
        0.01,
        "Largest change over that stretch, as a share of its level (or of a third of the gain, "
        "for a loss that may be negative).",
        source="the same bound as the progress that still-improving asks for",
        gt=0,
    )
    unsure: float = option(
        0.05,
        "Largest change within twice its standard error, as a share of all that was gained.",
        source="chosen by eye; a scatter that hides more does not show a plateau",
        gt=0,
    )
    late: float = option(
        0.4,
        "Share of a significant fall in the last half from which the last third still falls.",
        source="the same bound as in still-improving",
        gt=0,
        le=1,
    )
    noise: float = option(
        0.01,
        "Smallest scatter of one point on the plateau, in the same unit.",
        source="chosen by eye; without scatter it is not the size of the steps that holds it up",
        gt=0,
    )
    left: float = option(
        0.02,
        "Share of its start that a positive loss must still have.",
        source="chosen by eye; below, nothing is left to gain",
        ge=0,
        lt=1,
    )

    unsettled: float = option(
        0.03,
        "Smallest scatter of one validation loss in the later half, as a share of all that was "
        "gained.",
        source="measured on small trainings of 17 data sets and models: of 57 logs of a constant "
        "rate that did harm 19 are so, and 53 of 1,440 trainings that it did no harm",
        gt=0,
    )
    lasts: float = option(
        0.5,
        "Its last two changes over the median one half way, where nothing says how the rate went.",
        source="simulated, with a scatter that goes with the square root of the rate: 8 of 10 runs "
        "that hold it are so, of 16 validations along a cosine one, along a line 4; of small "
        "trainings of 49 data sets and models 24 that are so lowered no rate, and 2 did",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a plateau under a constant rate, and plateaus for other reasons."""
        flat = falling(300, seed=70, rate=15, size=0.03)
        x = np.linspace(0, 1, 300)
        full = np.full(300, 0.1)
        return (
            Example(
                "a noisy plateau under a constant rate",
                make_run(train_loss=flat, lr=full, config={"lr": 0.1}),
                fires=True,
            ),
            Example("the rate was lowered", make_run(train_loss=flat, lr=0.1 * (1 - x)), False),
            Example(
                "still falling",
                make_run(train_loss=falling(300, seed=71, rate=2), lr=full),
                fires=False,
            ),
            Example("nothing known of the rate", make_run(train_loss=flat), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the end of the training loss, then at that of validation, and at the rate."""
        curve = run["train/loss"]
        stands = len(curve) >= _LONG and self._stands_still(curve)
        flat = stands and not (self._worse(curve) or self._validation_moves(run))
        constant = _constant(run)
        if flat and constant:
            yield self._found(run, curve)
        elif (found := self._restless(run)) is not None:
            yield found
        elif flat and constant is None:
            raise NotApplicable(
                "{series:name} stands still, but neither the learning rate nor its schedule is "
                "logged",
                series=curve.tag,
            )

    def _stands_still(self, curve: Curve) -> bool:
        trend = curve.trend
        slope, end = trend.slope(1.0 - self.share), trend.tail(self.share)
        scatter = relative(curve, curve.noise, end)
        near_zero = curve.values.min() > 0 and end.value < self.left * trend.start
        learned = trend.start - end.value >= max(3 * curve.noise, 10 * trend.noise)
        moved = abs(relative(curve, slope.change, end))
        still = abs(slope.t) < 2.0 and abs(slope.change) <= self.unsure * trend.gain
        flat = moved <= self.flat or still
        return learned and flat and scatter >= self.noise and not (near_zero or self._falls(curve))

    def _falls(self, curve: Curve) -> bool:
        """Tell whether the last half shows a fall that its last part hides."""
        trend = curve.trend
        half, third = trend.slope(0.5), trend.slope(0.67)
        return half.t <= -2.5 and third.change <= self.late * half.change

    def _validation_moves(self, run: RunView) -> bool:
        """Tell whether validation improves or gets worse, so that the run is not on a plateau."""
        curve = judged_validation(run, 5)
        moves = curve is not None and (self._worse(curve) or self._falls(curve))
        return moves or still_better(run)

    def _worse(self, curve: Curve) -> bool:
        turned, trend = turn(curve), curve.trend
        # A short good stretch at the start is lost on the smoothed curve.
        better = trend.values < trend.tail(self.share).value - 5 * trend.noise
        return (turned.t > 3 and turned.relative > self.flat / 2) or bool(better.mean() > 0.02)

    def _found(self, run: RunView, curve: Curve) -> Finding:
        since = self._since(curve)
        share = 1.0 - curve.fraction(since)
        last, measured = int(curve.steps[-1]), "share of the run without progress"
        unused = named_decay(run)
        return self.finding(
            confidence=certainty(share / self.share, 0.55, 0.7),
            evidence=[stretch(curve, since, last, measured, share, self.share)],
            changes=(scheduled(run, f"a tenth of the rate from {curve.axis.value} {since:,} on"),),
            cost=Cost(
                share=share,
                of="compute",
                first_step=since,
                last_step=last,
                message=self.say("cost", share=share),
            ),
            variants=dict.fromkeys(_RENAMED, "unused") if unused else None,
            series=curve.tag,
            axis=curve.axis.value,
            since=since,
            end=curve.trend.tail(self.share).value,
            noise=curve.noise,
            schedule=unused,
        )

    def _restless(self, run: RunView) -> Finding | None:
        """Report a validation that goes up and down to the end where no rate was lowered."""
        val, held = run.get("val/loss"), known_held(run)
        if val is None or not (held or _constant(run) is None) or overfits(run, val):
            return None
        seen = unsettled(run, val)
        if seen is None or seen.share < self.unsettled or not (held or seen.left >= self.lasts):
            return None
        unused = named_decay(run)
        parts = ("title", "observed", "evidence", "do", "check", "unless")
        measured, share = "scatter of validation, share of all gained", min(seen.share, 1.0)
        return self.finding(
            confidence=certainty(seen.share / self.unsettled, 0.5, 0.65),
            evidence=[stretch(val, seen.first, seen.last, measured, share, self.unsettled)],
            changes=(scheduled(run, "one that ends near 0"),),
            variants=dict.fromkeys(parts, "unsettled")
            | ({} if held else dict.fromkeys(_ASSUMED, "restless"))
            | (dict.fromkeys(_RENAMED, "unused") if unused else {}),
            series=val.tag,
            axis=val.axis.value,
            since=seen.first,
            noise=seen.scatter,
            share=share,
            schedule=unused,
        )

    def _since(self, curve: Curve) -> int:
        """Return the step from which the smoothed loss stayed within its scatter of the end."""
        trend = curve.trend
        end = trend.tail(self.share).value
        bound = max(trend.noise, abs(end) * self.flat)
        away = np.flatnonzero(np.abs(trend.smooth - end) > bound)
        flat = int(np.searchsorted(trend.at, 1.0 - self.share))
        first = min(int(away[-1]) + 1 if len(away) else 0, flat, len(trend) - 1)
        return int(trend.steps[first])


def _constant(run: RunView) -> bool | None:
    """Tell whether the rate was never lowered; ``None`` if that is not known."""
    rate, named = run.get("lr"), run.settings.get("lr_schedule")
    if rate is not None and schedule.readable(rate):
        return schedule.never_moved(rate)
    return None if named is None else says_constant(named.value)
