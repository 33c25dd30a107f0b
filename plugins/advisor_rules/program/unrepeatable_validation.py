"""The rule ``unrepeatable-validation``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise
from advisor_rules.given.recorded import is_rich
from advisor_rules.given.regularizers import drops
from advisor_rules.signs.by_validation import against_training
from advisor_rules.signs.learning_time import rate_at
from advisor_rules.signs.measure import certainty, ratio, relative, stretch
from advisor_rules.signs.usual_rates import LONGEST_MOMENTUM

_FEWEST = 4
"""The fewest changes from one validation to the next, late and before (chosen by eye)."""
_FEWEST_DROPPED = 3
"""The same where dropout made validation no better. Measured on small trainings of 33 data sets and
models: two logs more, of models that were evaluated with dropout at work."""
_HIGH = 0.3
"""Share of its peak above which the rate moves the weights as usual (chosen by eye)."""
_LAST = 3
"""The changes at the very end, where a schedule has taken the rate to next to nothing (by eye)."""
_BOTH_WAYS = 0.2
"""The smallest share of the late changes that go either way: scatter is no trend (by eye)."""
_DROPS = (0.25, 0.6)
"""Dropout that costs a model at work, and leaves it something to lose (chosen by eye)."""
_NO_BETTER = (0.95, 1.2)
"""Early validation losses in multiples of those of training, where dropout makes no difference: no
better, and not yet worse for what was learned by heart (chosen by eye)."""


class _Late(NamedTuple):
    """What the validation loss did after the rate was nearly gone."""

    since: int
    """The first step of it."""
    low: float
    """The share of its peak below which the rate was."""
    change: float
    """The median change from one validation to the next."""
    before: float
    """The same while the rate was high."""
    rising: float
    """The share of the late changes that were for the worse."""
    level: float
    """The median loss there."""
    ends: float
    """The mean of the last changes of all in multiples of that while the rate was high."""

    @property
    def left(self) -> float:
        """The late change in multiples of the one before."""
        return ratio(self.change, self.before)


class UnrepeatableValidation(Rule):
    """Validation scatters on while the weights stand still: the same model gets other results.

    ## What it checks
    Once a schedule has taken the learning rate below ``low`` of its peak, the weights hardly
    move, and one validation should be like the next. The rule fires if the validation loss still
    changes, up and down, by ``still`` of what it did while the rate was high, by ``ends`` of it to
    the very end, and by ``visible`` of its level. The schedule must be logged, or recorded as a
    cosine or linear one together with the number of epochs, all of which were trained.

    Where the config records dropout, validation should be better than training at first, since it
    does without. If it is not, ``dropped`` of the earlier change is enough. Where the config says
    that there is no dropout, where a momentum near 1 moves weights on and on, and where validation
    ends worse than it began and has other troubles, the rule says nothing.

    ## Why it matters
    An evaluation with dropout at work, or with batch norm in training mode, is that of another
    and worse model. Its noise decides which checkpoint is called the best.

    ## What to do
    Evaluate the last checkpoint twice. If the results differ, call ``model.eval()`` before each
    evaluation (and ``model.train()`` after it), and look for random augmentation or sampling of
    the validation data.

    ## When to ignore it
    Each validation draws other samples on purpose.
    """

    name = "unrepeatable-validation"
    stage = Stage.PROGRAM
    severity = Severity.NOTE
    requires = ("val/loss",)
    uses = ("lr", "train/loss")
    points = 8
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.EVALUATION_OFF,)
    separated_by = ("evaluate the last checkpoint twice: the results should be equal",)
    basis = "0.6 to 0.9, growing with the scatter that is left."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("A common mistake: forgetting to toggle train and eval mode of the net."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Call `model.eval()` before validation",
        "observed": "Validation scatters while the rate is nearly 0",
        "evidence": "From {axis:text} {step:step} on the learning rate was below {low:percent} of "
        "its peak, and {series:name} still changed by {change:number} between validations, "
        "against {before:number} before.",
        "do": "Evaluate the last checkpoint twice. If the results differ, call `model.eval()` "
        "before each evaluation, or fix what is drawn at random in the validation data.",
        "why": "Weights that stand still give one result. Dropout at work, or batch statistics, "
        "give another one each time, and a worse one.",
        "check": "The last validations of {series:name} differ by much less than {change:number}.",
        "unless": "each validation draws other samples on purpose.",
    }

    low: float = option(
        0.1,
        "Share of its peak below which the rate hardly moves the weights.",
        source="chosen by eye: a cosine spends its last fifth there",
        gt=0,
        lt=0.3,
    )
    still: float = option(
        0.4,
        "Late change over the one before.",
        source="measured on small trainings of 33 data sets and models whose settings do not rule "
        "dropout out: 3 of 1,349 logs of healthy and harmless ones had more, with visible changes "
        "up and down, and 39 of 52 of those that lost by evaluating with dropout at work",
        gt=0,
    )
    dropped: float = option(
        0.2,
        "The same where dropout made validation no better.",
        source="in the same measurement 52 of 57 logs of those that lost by evaluating with it had "
        "more, and 11 of 37 of healthy and harmless ones, of which 5 were evaluated with it and 2 "
        "trained without it",
        gt=0,
    )
    ends: float = option(
        0.25,
        "The last three changes of all over those while the rate was high, in the mean.",
        source="scatter that the steps make goes with the square root of the rate, of which a "
        "sixteenth is left there, or less; of small trainings of 49 data sets and models 9 logs "
        "between it and 0.3 are otherwise as the rule asks: all of them evaluated with dropout at "
        "work, which did no harm to one; below, down to 0.2, 2 of 6 lost by it",
        gt=0,
    )
    visible: float = option(
        0.02,
        "Smallest late change, as a share of the level (or of a third of the gain, for a loss that "
        "may be negative).",
        source="in the same measurement: at half of it 10 more of the healthy and harmless logs, "
        "and none of the others",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a validation that scatters to the end, and ones that come to rest."""
        x = np.linspace(0, 1, 40)
        rate = (1 + np.cos(np.pi * x)) / 2
        loss, scatter = falling(40, seed=490, size=0.0), noise(40, 0.08, 491)
        return (
            Example("scatter to the end", _run(loss + scatter, rate), fires=True),
            Example("it dies with the rate", _run(loss + scatter * rate, rate), fires=False),
            Example("a constant rate", _run(loss + scatter, np.ones(40)), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare how validation changes late with how it changed before."""
        loss = run["val/loss"]
        rate, momentum = rate_at(run, loss), run.settings.number("momentum")
        if momentum is not None and momentum > LONGEST_MOMENTUM:
            raise NotApplicable("a momentum so near to 1 moves the weights without any rate")
        if rate is None:
            raise NotApplicable("the learning rate along {series:name} is not known: log it",
                                series=loss.tag)  # fmt: skip
        if _never_drops(run):
            raise NotApplicable("the config has no dropout that could be at work in validation")
        dropped = _drops_as_in_training(run, loss)
        late = self._late(loss, rate, dropped=dropped)
        scatters = _BOTH_WAYS <= late.rising <= 1.0 - _BOTH_WAYS
        still = self.dropped if dropped else self.still
        lasts = late.left >= still and late.ends >= self.ends
        if not lasts or not scatters or late.level > loss.values[0]:
            return
        seen = relative(loss, late.change, loss.trend.tail())
        if seen >= (self.visible / 4 if dropped else self.visible):
            yield self._found(loss, late, still, seen)

    def _late(self, loss: Curve, rate: Floats, *, dropped: bool) -> _Late:
        """Measure what came once the rate was low for good; no longer high, where that will do."""
        least, fewest = (_HIGH, _FEWEST_DROPPED) if dropped else (self.low, _FEWEST)
        changes, number = np.diff(loss.values), np.arange(len(loss) - 1)
        high = (rate[1:] > _HIGH) & (number >= len(number) // 4)
        low = (rate[1:] < least) & (number > np.flatnonzero(rate > _HIGH).max(initial=-1))
        if min(high.sum(), low.sum()) < fewest:
            raise NotApplicable(
                "the learning rate fell below {low:percent} of its peak for too few validations",
                low=least,
            )
        return _Late(
            int(loss.steps[1:][low][0]),
            least,
            float(np.median(np.abs(changes[low]))),
            float(np.median(np.abs(changes[high]))),
            float(np.mean(changes[low] > 0)),
            float(np.median(loss.values[1:][low])),
            ratio(float(np.abs(changes[-_LAST:]).mean()), float(np.abs(changes[high]).mean())),
        )

    def _found(self, loss: Curve, late: _Late, still: float, seen: float) -> Finding:
        last = int(loss.steps[-1])
        return self.finding(
            confidence=certainty(late.left / still, 0.6, 0.9),
            evidence=[
                stretch(loss, late.since, last, "late change over before", late.left, still),
                stretch(loss, late.since, last, "late change, relative", seen, self.visible),
            ],
            axis=loss.axis.value,
            step=late.since,
            low=late.low,
            series=loss.tag,
            change=late.change,
            before=late.before,
        )


def _drops_as_in_training(run: RunView, val: Curve) -> bool:
    """Tell whether dropout is recorded, and validation is no better for doing without it."""
    rate, train = run.settings.number("dropout"), run.get("train/loss")
    if rate is None or train is None or not _DROPS[0] <= rate <= _DROPS[1]:
        return False
    against = against_training(train, val)
    return against is not None and _NO_BETTER[0] <= against <= _NO_BETTER[1]


def _never_drops(run: RunView) -> bool:
    """Tell whether a config says that there is no dropout, or would name it."""
    named = drops(run.settings)
    return not named and (named is False or is_rich(run.settings))


def _run(loss: Floats, rate: Floats) -> Run:
    return make_run(series={"val/loss": loss, "lr": 0.01 * rate})
