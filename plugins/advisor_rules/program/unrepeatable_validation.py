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
from advisor_rules.signs.by_validation import Height, against_training
from advisor_rules.signs.drawn import draws_in_validation
from advisor_rules.signs.in_batch import compares_within_batches
from advisor_rules.signs.learning_time import rate_at
from advisor_rules.signs.measure import certainty, ratio, relative, stretch
from advisor_rules.signs.usual_rates import LONGEST_MOMENTUM

_FEWEST, _FEWEST_HIGH = 2, 3
"""The fewest changes from one validation to the next at a vanishing rate, and while it was high,
after the first quarter (chosen by eye)."""
_HIGH, _LEAST = 0.3, 0.01
"""Share of its peak above which the rate moves the weights as usual; and the smallest that one
counts as: below it, rounding would show (both chosen by eye)."""
_LAST, _LASTS = 3, 0.5
"""The changes at the very end, and the least that they are of all the late ones: scatter that the
steps make dies with the rate (chosen by eye)."""
_ONE_WAY, _AS_OFTEN = 0.9, 0.5
"""Share of the late changes that is left of them as a sum, where all go the same way but for the
last bit, as no scatter does (chosen by eye); and the least share of them for the worse, of what
goes up as often as down."""
_DROPS, _AS_TRAINED = (0.1, 0.6), (0.7, 1.5)
"""Dropout that costs a model at work, and leaves it something to lose (chosen by eye). Late
validation losses in multiples of those of training, where dropout may be at work in both:
neither far better for doing without it, nor far worse for what was learned by heart. Measured on
small trainings of 65 data sets and models: 0.73 to 1.42 in all 108 logs of those evaluated with
dropout at work; 4 of the 7 healthy ones that scatter as much lie outside."""


class _Late(NamedTuple):
    """What the validation loss did after the rate was nearly gone."""

    since: int
    """The first step of it."""
    change: float
    """The mean change from one validation to the next."""
    ends: float
    """The mean of the last of all of these changes."""
    before: float
    """The mean change while the rate was high, after the first quarter."""
    left: float
    """The mean late change in multiples of what its rate leaves of the one before."""
    rising: float
    """The share of these changes that were for the worse."""
    drift: float
    """What is left of these changes as a sum, as a share of them: 1 where all go one way."""
    level: float
    """The median loss then."""

    @property
    def scatters(self) -> bool:
        """Whether validation went up and down to the very end."""
        return self.drift < _ONE_WAY and self.ends >= _LASTS * self.change


class UnrepeatableValidation(Rule):
    """Validation scatters on while the weights stand still: the same model gets other results.

    ## What it checks
    Once a schedule has taken the learning rate below ``low`` of its peak, the weights hardly
    move, and one validation should be like the next. What steps scatter goes with the square root
    of the rate, or falls faster. The rule fires if each change of the validation loss is still,
    on average, ``still`` times what its rate leaves by that of those while the rate was high (or
    ``unsaid`` times, where validation ends about as well as training), if they go up and down to
    the very end, and come to ``visible`` of its level. The schedule must be logged, or recorded as
    a cosine or linear one together with the number of epochs, all of which were trained.

    Where the config records dropout, and validation ends about as well as training, as it does
    with dropout at work in both, ``dropped`` times as much is enough, whichever way it goes; and
    ``no_easier`` times as much, if validation costs no less than training in the first third too,
    where it should gain by doing without dropout, and rises as often as it falls at the end.
    Where the config says that there is no dropout, where a momentum near 1 moves weights on and
    on, where the loss is named as one that compares the samples of a batch, where loss or
    settings name a model that draws noise, codes or masks in validation too (diffusion,
    variational autoencoders, masked modelling), and where validation ends worse than it began and
    has other troubles, the rule says nothing.

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
    do_separates = ("do",)
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
        0.12,
        "Share of its peak below which the rate hardly moves the weights.",
        source="chosen by eye: a cosine spends more than its last fifth there",
        gt=0,
        lt=0.3,
    )
    still: float = option(
        3.0,
        "Mean change at such a rate, in multiples of what the rate leaves of the one before.",
        source="far above the 1 that steps leave at most. Measured on small trainings of 65 data "
        "sets and models whose settings tell of no dropout: none of 1,233 logs of healthy and "
        "harmless ones that scatter visibly to the end had more, and 18 of 32 of those that lost "
        "by being evaluated with dropout at work",
        gt=0,
    )
    unsaid: float = option(
        2.0,
        "The same where no dropout is recorded, and validation ends about as well as training.",
        source="twice the 1 that steps leave at most; measured on small trainings of 105 data sets "
        "and models: of 6 logs that only this finds, 5 are of evaluation with dropout at work",
        gt=0,
    )
    dropped: float = option(
        1.5,
        "The same where dropout is recorded, and validation ends about as well as training.",
        source="half as much again as the 1 that steps leave at most. In the same measurement 3 of "
        "194 logs of healthy and harmless ones that were evaluated without dropout had more, and "
        "76 of 92 of those that lost by evaluating with it",
        gt=0,
    )
    no_easier: float = option(
        1.0,
        "The same where, beside that, validation costs at least what training does from the start "
        "on, and at such a rate goes up as often as down.",
        source="what steps leave at most; without dropout, validation begins below training. In "
        "the same measurement no log of a healthy or harmless training that was evaluated so is "
        "such a one, at 0.3 neither; of simulated fine-tunings with little dropout one in twelve "
        "is, at 0.5",
        gt=0,
    )
    visible: float = option(
        0.02,
        "Smallest late change, as a share of the level (or of a third of the gain, for a loss that "
        "may be negative); a twentieth where dropout is recorded.",
        source="chosen by eye: less is little beside what else a checkpoint is chosen by",
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
        rate = rate_at(run, loss)
        if (run.settings.number("momentum") or 0.0) > LONGEST_MOMENTUM:
            raise NotApplicable("a momentum so near to 1 moves the weights without any rate")
        if rate is None:
            raise NotApplicable("the learning rate along {series:name} is not known: log it",
                                series=loss.tag)  # fmt: skip
        if compares_within_batches(run, loss):
            raise NotApplicable("a loss that compares samples differs with who shares a batch")
        if draws_in_validation(run, loss):
            raise NotApplicable("such a model draws at random in each validation")
        if _never_drops(run):
            raise NotApplicable("the config has no dropout that could be at work in validation")
        dropout, height = run.settings.number("dropout"), _height(run, loss)
        late = self._late(loss, rate)
        if late.level > loss.values[0]:
            return
        seen = relative(loss, late.change, loss.trend.tail())
        still, visible, scatters = self.still, self.visible, late.scatters
        if height is not None and dropout is not None:
            still = self.no_easier if _no_easier(height, late) else self.dropped
            visible, scatters = visible / 20, _as_trained(height)
        elif _as_trained(height):
            still = self.unsaid
        if scatters and late.left >= still and seen >= visible:
            yield self._found(loss, late, still, (seen, visible))

    def _late(self, loss: Curve, rate: Floats) -> _Late:
        """Measure what came once the rate was low for good."""
        changes, number = np.diff(loss.values), np.arange(len(loss) - 1)
        between = (rate[1:] + rate[:-1]) / 2
        high = (between > _HIGH) & (number >= len(number) // 4)
        ending = number > np.flatnonzero(between > _HIGH).max(initial=-1)
        low = ending & (between < self.low)
        if high.sum() < _FEWEST_HIGH or low.sum() < _FEWEST:
            raise NotApplicable(
                "the learning rate fell below {low:percent} of its peak for too few validations",
                low=self.low,
            )
        before, share = _size(changes[high]), np.sqrt(np.maximum(between[low], _LEAST))
        return _Late(
            since=int(loss.steps[1:][low][0]),
            change=_size(changes[low]),
            ends=_size(changes[-_LAST:]),
            before=before,
            left=ratio(_size(changes[low] / share), before),
            rising=float(np.mean(changes[low] > 0)),
            drift=ratio(abs(float(changes[low].mean())), _size(changes[low])),
            level=float(np.median(loss.values[1:][low])),
        )

    def _found(self, loss: Curve, late: _Late, still: float, seen: tuple[float, float]) -> Finding:
        last = int(loss.steps[-1])
        left = "late change over what so low a rate leaves of the one before"
        return self.finding(
            confidence=certainty(late.left / still, 0.6, 0.9),
            evidence=[
                stretch(loss, late.since, last, left, late.left, still),
                stretch(loss, late.since, last, "late change, relative", *seen),
            ],
            axis=loss.axis.value,
            step=late.since,
            low=self.low,
            series=loss.tag,
            change=late.change,
            before=late.before,
        )


def _as_trained(height: Height | None) -> bool:
    """Tell whether validation ends about as high as training."""
    return height is not None and _AS_TRAINED[0] <= height.late <= _AS_TRAINED[1]


def _no_easier(height: Height, late: _Late) -> bool:
    """Tell whether validation never gained by doing without dropout, nor by weights at rest."""
    return height.early >= 1.0 and late.scatters and late.rising >= _AS_OFTEN


def _height(run: RunView, val: Curve) -> Height | None:
    """Return validation over training; ``None`` where dropout or the series do not allow it."""
    rate, train = run.settings.number("dropout"), run.get("train/loss")
    if train is None or not (rate is None or _DROPS[0] <= rate <= _DROPS[1]):
        return None
    return against_training(train, val)


def _size(changes: Floats) -> float:
    """Return the mean size of changes, whichever way they go."""
    return float(np.abs(changes).mean())


def _never_drops(run: RunView) -> bool:
    """Tell whether a config says that there is no dropout, or would name it."""
    named = drops(run.settings)
    return not named and (named is False or is_rich(run.settings))


def _run(loss: Floats, rate: Floats) -> Run:
    return make_run(series={"val/loss": loss, "lr": 0.01 * rate})
