"""The rule ``lr-range``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import schedule, sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import LOSS, ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling
from advisor_rules.good_start import began_trained
from advisor_rules.learning_rate.diverged import Diverged
from advisor_rules.learning_rate.lr_too_high import LrTooHigh
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.measure import certainty, relative
from advisor_rules.usual_rates import USUAL

_TOO_HIGH = (Diverged, LrTooHigh)
_LEARNED = 0.2
"""A loss that fell by so much of its level, and no longer falls, had steps enough (by eye)."""
_SAME = 3.0
"""A logged peak so many times off the recorded rate belongs to another rate (chosen by eye)."""


class LrRange(ConfiguredRule):
    """The learning rate is far outside of what its optimizer is usually given.

    ## What it checks
    Compares the recorded learning rate with the range that is usual for the recorded optimizer,
    and fires if it is beyond either end by more than ``margin`` times. A run that began with
    trained weights may be ten times lower still. Where the logged rate is another one than the
    recorded one, or the optimizer is not known, it says so and stays silent.

    ## Why it matters
    The rate is the setting that decides most. A slip of the exponent, or a rate taken over from
    another optimizer, costs the whole run.

    ## What to do
    Start from the nearest usual rate. Then try rates by a constant factor apart, or run a range
    test: the rate at which the loss diverges bounds the usable ones from above. The guides
    disagree on where to begin: 0.01, or whatever lowers the loss within 100 steps, or the
    result of a range test. The last two fit any optimizer.

    ## When to ignore it
    The loss is a sum and not a mean, the rate is scaled in the program, or a range test chose it.
    """

    name = "lr-range"
    stage = Stage.LEARNING_RATE
    uses = roles_of(LrTooLow, *_TOO_HIGH)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (
        symptoms.RATE_UNUSUAL,
        symptoms.LEARNS_NOTHING,
        symptoms.TOO_SLOW,
        symptoms.PLATEAU,
    )
    precedes = ("never-learned",)
    separated_by = ("a range test over rates from 1e-6 to 10",)
    basis = (
        "Grows with the distance from the usual range, from 0.55 to 0.75; losses differ in scale."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.overview("0.01 is a common rate to start with; it varies with the model."),
        sources.wandb(2, "Search rates from 1e-6 by a constant factor up to about 10; range test."),
        sources.notes("Look for the rate that lowers the loss clearly within 100 iterations."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try a learning rate of {bound:rate}",
        "observed": "{rate:rate} is unusual for {optimizer:text}",
        "evidence": "{path:name} is {rate:rate}; usual for {optimizer:text} is {low:rate} to "
        "{high:rate}. {series:name} was trained so for {count:count point|points}.",
        "do": "Train with {bound:rate}, everything else the same; then search around it in "
        "ten-fold steps, or run a range test.",
        "why": "Optimizers scale their steps differently, so a rate that suits one is far off "
        "for another.",
        "check": "The loss falls clearly within the first 100 steps, without rising.",
        "unless": "the loss is a sum, the rate is scaled in the program, or a range test chose it.",
    }

    margin: float = option(
        10.0,
        "How many times beyond the usual range a rate must be.",
        source="chosen by eye: the guides search in ten-fold steps",
        gt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return rates far off, and rates that are usual or of an unknown optimizer."""
        loss = {"train/loss": falling(60, seed=400)}
        slow = {"train/loss": falling(60, seed=399, rate=0.3)}
        sgd, adam = {"optimizer": "SGD"}, {"optimizer": "Adam"}
        return (
            shown("Adam with the rate of SGD", loss, {**adam, "lr": 0.5}, fires=True),
            shown("SGD with the rate of fine-tuning", slow, {**sgd, "lr": 3e-5}, fires=True),
            shown("Adam at 3e-4", loss, {**adam, "lr": 3e-4}, fires=False),
            shown("no optimizer recorded", loss, {"lr": 0.5}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the recorded rate against the usual ones."""
        optimizer, rate = run.settings.choice("optimizer"), run.settings.number("learning_rate")
        if optimizer is None or rate is None or optimizer not in USUAL or rate <= 0:
            raise NotApplicable(
                "optimizer and learning rate are not both recorded, or no range is known for this "
                "optimizer; add `optimizer` and `lr` to the config"
            )
        if not _trained_with(run, rate):
            raise NotApplicable("the logged learning rate is not the recorded one")
        low, high = USUAL[optimizer]
        lowest = low / 10 if began_trained(run) else low
        off = max(rate / high, lowest / rate)
        if off > self.margin * (1 + 1e-9) and not _spoken_against(run, low=rate < low):
            yield self._found(run, optimizer, rate, off)

    def _found(self, run: RunView, optimizer: str, rate: float, off: float) -> Finding:
        low, high = USUAL[optimizer]
        bound = high if rate > high else low
        moved = change(run.settings, "learning_rate", bound, "down" if rate > high else "up")
        return self.told(
            run,
            certainty(off / self.margin, 0.55, 0.75),
            moved,
            path=own_name(run.settings, "learning_rate"),
            optimizer=optimizer,
            rate=rate,
            bound=bound,
            low=low,
            high=high,
        )


def _spoken_against(run: RunView, *, low: bool) -> bool:
    """Tell whether the curves say that a low rate is not too low, or a high one not too high."""
    if not low:
        return first_finding(run, LrTooLow) is not None
    loss = run[LOSS]
    if len(loss.non_finite) or first_finding(run, *_TOO_HIGH) is not None:
        return True
    end = loss.trend.tail()
    fell = relative(loss, loss.trend.start - end.value, end)
    return fell >= _LEARNED and loss.trend.slope(0.67).t > -2.5


def _trained_with(run: RunView, rate: float) -> bool:
    """Tell whether nothing logged says that the run had another rate."""
    logged = run.get("lr")
    if logged is None or not schedule.readable(logged):
        return True
    return rate / _SAME <= schedule.peak(logged) <= rate * _SAME
