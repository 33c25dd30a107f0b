"""The rule ``lr-range``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import LOSS, Config, ConfiguredRule, change, shown
from advisor_rules.examples import falling, noise
from advisor_rules.fit.underfitting import Underfitting
from advisor_rules.learning_rate.diverged import Diverged
from advisor_rules.learning_rate.lr_too_high import LrTooHigh
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.program.never_learned import NeverLearned
from advisor_rules.signs import schedule
from advisor_rules.signs.good_start import began_trained
from advisor_rules.signs.learned_little import (
    ended_high,
    fell_little,
    learned_most,
    turned_early,
)
from advisor_rules.signs.measure import certainty, fell
from advisor_rules.signs.right_answers import right_at_end
from advisor_rules.signs.rose_together import rose_together
from advisor_rules.signs.usual_rates import Rate, momentum_of, rate_of

_TOO_HIGH = (Diverged, LrTooHigh)
_LEARNED = 0.2
"""A loss that fell by so much of its level, and no longer falls, had steps enough (by eye)."""
_EXACTLY = 1 + 1e-9
"""What decimals may add: a rate exactly at a bound is not beyond it."""
_NEARLY = 0.8
"""The share of ``margin`` from which validation may show that little was learned, where training
does not. Measured on small trainings of 65 data sets and models: of 7 that only this finds all were
harmed, and from half of ``margin`` on one in two."""
_BATCH = 256
"""The largest batch at which the usual rates of SGD hold; they grow as it does (Goyal et al.
2017)."""


class LrRange(ConfiguredRule):
    """The learning rate is far outside of what its optimizer is usually given.

    ## What it checks
    Compares the recorded learning rate with the range that is usual for the recorded optimizer,
    and fires if it is more than ``margin`` times beyond it, or high by exactly that of a run that
    has more to learn, and not by steps as calm as ``lr-too-low`` looks for. Its lower end is that
    of fine-tuning. The steps of SGD grow with the gradient, so that ``steep`` times its upper end
    is enough; momentum lowers that end, and batches above 256 raise it. A run that began with
    trained weights may be ten times lower still. Where the logged rate is another one than the
    recorded one, or the optimizer is not known, it says so and stays silent.

    Where the model learned nothing (``never-learned``) or stays far from good (``underfitting``),
    or the loss fell by less than a third at a high rate, the rate is a suspect, and less is needed:
    more than ``hinted`` times beyond the range; or a rate above ``unknown``, as logged or recorded,
    of an optimizer that is not recorded. The latter is a suspect, too, where training and
    validation loss rose together, both by a tenth of what they had gained. Where validation was
    best in the first fifth of the run and got worse since, a high rate is one of more than
    ``turned`` times beyond the range; and one of nearly ``margin`` times where validation ended
    less than a third below the first training losses.

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
    uses = tuple(dict.fromkeys(("lr", *roles_of(NeverLearned, Underfitting, *_TOO_HIGH, LrTooLow))))
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (
        symptoms.RATE_UNUSUAL,
        symptoms.LEARNS_NOTHING,
        symptoms.TOO_SLOW,
        symptoms.PLATEAU,
    )
    precedes = ("never-learned", "underfitting")
    separated_by = (
        "a few hundred steps at a tenth and at ten times the learning rate",
        "a range test over rates from 1e-6 to 10",
    )
    basis = (
        "Grows with the distance from the usual range, from 0.55 to 0.75; 0.55 where the optimizer "
        "is not known: losses differ in scale."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.overview("0.01 is a common rate to start with; it varies with the model."),
        sources.wandb(2, "Search rates from 1e-6 by a constant factor up to about 10; range test."),
        sources.notes("Look for the rate that lowers the loss clearly within 100 iterations."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try a learning rate of {bound:rate}",
        "observed": "{rate:rate} is unusual for {optimizer:text}",
        "observed.unknown": "{rate:rate} is a high learning rate",
        "evidence": "{path:name} is {rate:rate}; usual for {optimizer:text} is {low:rate} to "
        "{high:rate}. {series:name} was trained so for {count:count point|points}.",
        "evidence.momentum": "{path:name} is {rate:rate} with a momentum of {momentum:number}, "
        "which makes its steps longer; usual with it is {low:rate} to {high:rate}. {series:name} "
        "was trained so for {count:count point|points}.",
        "evidence.unknown": "{path:name} is {rate:rate} and the optimizer is not recorded: high "
        "for SGD with momentum, and ten times and more what is usual for Adam and its like. "
        "{series:name} was trained so for {count:count point|points}.",
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
        source="chosen by eye: the guides search in ten-fold steps; measured on small trainings of "
        "65 data sets and models: at exactly ten times the upper end one in three of those that "
        "learned most of what there was is harmed, and hardly, and of the others three in five",
        gt=1,
    )
    steep: float = option(
        5.0,
        "How many times the upper end a rate of SGD must be.",
        source="half of `margin`; in the same measurement all 13 at five times were harmed, and 20 "
        "of 20 at ten",
        gt=1,
    )
    hinted: float = option(
        3.0,
        "The same where the run learned nothing, or stays far from good.",
        source="half a ten-fold step: a rate three times off costs little by itself",
        gt=1,
    )
    turned: float = option(
        5.0,
        "The same for a high rate where validation was best in the first fifth and got worse.",
        source="half of `margin`; measured on small trainings of 49 data sets and models: all 10 "
        "that only this finds had a rate 3 to 30 times that of their twins",
        gt=1,
    )
    unknown: float = option(
        0.1,
        "The highest rate that is left alone where the optimizer is not recorded, of such a run, "
        "or one whose losses rose together.",
        source="ten times what is usual for Adam at most, and the highest usual one for SGD with "
        "a momentum of 0.9",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return rates far off, and rates that are usual or of an unknown optimizer."""
        loss = {"train/loss": falling(60, seed=400)}
        slow = {"train/loss": falling(60, seed=399, rate=0.3)}
        sgd: Config = {"optimizer": "SGD"}
        adam: Config = {"optimizer": "Adam"}
        dead = {"train/loss": 2.303 + noise(60, 0.004, 402), "val/accuracy": np.full(60, 0.1)}
        fast: Config = {**sgd, "lr": 0.4, "momentum": 0.9, "num_classes": 10}
        return (
            shown("Adam with the rate of SGD", loss, {**adam, "lr": 0.5}, fires=True),
            shown("SGD with the rate of fine-tuning", slow, {**sgd, "lr": 3e-5}, fires=True),
            shown("SGD with momentum, and nothing learned", dead, fast, fires=True),
            shown("no optimizer recorded, and 20 works", loss, {"lr": 20.0}, fires=False),
            shown("five times what SGD has", loss, {**fast, "lr": 0.5}, fires=True),
            shown("and large batches", loss, {**fast, "lr": 0.5, "batch_size": 512}, fires=False),
            shown("nearly ten times what Adam has", loss, {**adam, "lr": 0.09}, fires=False),
            shown("Adam at 3e-4", loss, {**adam, "lr": 3e-4}, fires=False),
            shown("no optimizer recorded", loss, {"lr": 0.5}, fires=False),
            shown("SGD with momentum that learns", loss, fast, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the rate against the usual ones, more strictly where the run is poor."""
        rate = rate_of(run)
        usual = None if rate is None else rate.usual
        found = None
        if rate is not None:
            found = self._high(run, rate) if usual is None else self._unusual(run, rate, *usual)
        if found is not None:
            yield found
        elif usual is None:
            raise NotApplicable(
                "optimizer and learning rate are not both recorded, or no range is known for this "
                "optimizer; add `optimizer` and `lr` to the config"
            )

    def _unusual(self, run: RunView, rate: Rate, low: float, high: float) -> Finding | None:
        """Hold a rate against what its optimizer is usually given."""
        lowest = low / 10 if began_trained(run) else low
        momentum = momentum_of(run, rate.optimizer) or 0.0
        high *= (1.0 - momentum) * _batches(run, rate)
        off = _off(rate, lowest, high)
        # Hardly any rate is so far off; few runs need to be asked how poor they are.
        if off <= self.hinted * _EXACTLY:
            return None
        steep = rate.optimizer == "sgd" and rate.value > high and off * _EXACTLY >= self.steep
        far = steep or off > self.margin * _EXACTLY or self._at_margin(run, rate, off, high)
        if not far and not self._suspect(run, rate, off, low):
            return None
        if rate.value < low and _suits(run):
            return None
        above = rate.value > high
        bound = float(f"{high if above else low:.3g}")
        return self.told(
            run,
            certainty(off / (self.steep if steep else self.margin), 0.55, 0.75),
            change(run.settings, "learning_rate", bound, "down" if above else "up"),
            variant="momentum" if momentum and above else "",
            path=rate.path,
            optimizer=rate.optimizer,
            rate=rate.value,
            bound=bound,
            low=low,
            high=high,
            momentum=momentum,
        )

    def _at_margin(self, run: RunView, rate: Rate, off: float, high: float) -> bool:
        """Tell whether a rate is high by exactly the margin, of a run that has more to learn.

        Long steps make some validations worse: where none is, the rate may as well be too low.
        """
        exactly = rate.value > high and off >= self.margin / _EXACTLY
        if not exactly or learned_most(run[LOSS], right_at_end(run)):
            return False
        return first_finding(run, LrTooLow, above=0.0) is None

    def _suspect(self, run: RunView, rate: Rate, off: float, low: float) -> bool:
        """Tell whether a run is so poor, or got worse so early, that less is enough."""
        # A low rate that lowers a loss by little may be that of fine-tuning.
        if (rate.value > low and fell_little(run[LOSS])) or _is_poor(run):
            return True
        if rate.value < low:
            return False
        nearly = off >= _NEARLY * self.margin and ended_high(run[LOSS], run.get("val/loss"))
        return nearly or (off > self.turned * _EXACTLY and turned_early(run.get("val/loss")))

    def _high(self, run: RunView, rate: Rate) -> Finding | None:
        """Report a rate that is high for most optimizers, where it is not known which one it is."""
        if run.settings.get("optimizer") is not None or rate.value <= self.unknown:
            return None
        if not _rose(run) and (not _is_poor(run) or first_finding(run, LrTooLow) is not None):
            return None
        bound = float(f"{rate.value / 10:.3g}")
        moved = change(run.settings, "learning_rate", bound, "down")
        return self.told(
            run, 0.55, moved, variant="unknown", path=rate.path, rate=rate.value, bound=bound
        )


def _off(rate: Rate, low: float, high: float) -> float:
    """Return how many times a rate is beyond a range; 1 and less within it."""
    return max(rate.value / high, low / rate.value)


def _batches(run: RunView, rate: Rate) -> float:
    """Return how many times the usual rates of SGD are higher for batches of the recorded size."""
    size = run.settings.number("batch_size") if rate.optimizer == "sgd" else None
    return max((size or 0.0) / _BATCH, 1.0)


def _is_poor(run: RunView) -> bool:
    """Tell whether the model learned nothing, or stays far from good."""
    return first_finding(run, NeverLearned, Underfitting, above=0.0) is not None


def _rose(run: RunView) -> bool:
    """Tell whether training and validation loss rose together, and not with the rate."""
    loss, val, rate = run[LOSS], run.get("val/loss"), run.get("lr")
    if rate is not None and schedule.readable(rate) and schedule.restarted(rate):
        return False
    return val is not None and rose_together(loss, val)


def _suits(run: RunView) -> bool:
    """Tell whether the curves say that a low rate is not too low."""
    loss = run[LOSS]
    if len(loss.non_finite) or first_finding(run, *_TOO_HIGH) is not None:
        return True
    return fell(loss) >= _LEARNED and loss.trend.slope(0.67).t > -2.5
