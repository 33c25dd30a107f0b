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
from advisor_rules.learning_time import rate_at
from advisor_rules.measure import certainty, ratio, relative, stretch

_FEWEST = 4
"""The fewest changes from one validation to the next, late and before (chosen by eye)."""
_HIGH = 0.3
"""Share of its peak above which the rate moves the weights as usual (chosen by eye)."""
_BOTH_WAYS = 0.2
"""The smallest share of the late changes that go either way: scatter is no trend (by eye)."""


class _Late(NamedTuple):
    """What the validation loss did after the rate was nearly gone."""

    since: int
    """The first step of it."""
    change: float
    """The median change from one validation to the next."""
    before: float
    """The same while the rate was high."""
    rising: float
    """The share of the late changes that were for the worse."""


class UnrepeatableValidation(Rule):
    """Validation scatters on while the weights stand still: the same model gets other results.

    ## What it checks
    Once a schedule has taken the learning rate below ``low`` of its peak, the weights hardly
    move, and one validation should be like the next. The rule fires if the validation loss still
    changes, up and down, by ``still`` of what it did while the rate was high, and by ``visible``
    of its level. The schedule must be logged, or recorded as a cosine or linear one
    together with the number of epochs, all of which were trained.

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
    uses = ("lr",)
    points = 12
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
        source="measured on 1,227 logs of healthy and harmless small trainings of 17 data sets and "
        "models: 2 had more, with visible changes up and down, and 43 of 57 that evaluated with "
        "dropout at work",
        gt=0,
    )
    visible: float = option(
        0.02,
        "Smallest late change, as a share of the level (or of a third of the gain, for a loss that "
        "may be negative).",
        source="in the same measurement: at half of it 5 healthy logs are left, and one more of "
        "the others",
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
        if rate is None:
            raise NotApplicable("the learning rate along {series:name} is not known: log it",
                                series=loss.tag)  # fmt: skip
        late = self._late(loss, rate)
        left = ratio(late.change, late.before)
        seen = relative(loss, late.change, loss.trend.tail())
        scatters = _BOTH_WAYS <= late.rising <= 1.0 - _BOTH_WAYS
        if left >= self.still and seen >= self.visible and scatters:
            yield self._found(loss, late, left, seen)

    def _late(self, loss: Curve, rate: Floats) -> _Late:
        changes = np.diff(loss.values)
        high = (rate[1:] > _HIGH) & (np.arange(len(changes)) >= len(changes) // 4)
        low = (rate[1:] < self.low) & (
            np.arange(len(changes)) > np.flatnonzero(rate > _HIGH).max(initial=-1)
        )
        if min(high.sum(), low.sum()) < _FEWEST:
            raise NotApplicable(
                "the learning rate fell below {low:percent} of its peak for too few validations",
                low=self.low,
            )
        return _Late(
            int(loss.steps[1:][low][0]),
            float(np.median(np.abs(changes[low]))),
            float(np.median(np.abs(changes[high]))),
            float(np.mean(changes[low] > 0)),
        )

    def _found(self, loss: Curve, late: _Late, left: float, seen: float) -> Finding:
        last = int(loss.steps[-1])
        return self.finding(
            confidence=certainty(left / self.still, 0.6, 0.9),
            evidence=[
                stretch(loss, late.since, last, "late change over before", left, self.still),
                stretch(loss, late.since, last, "late change, relative", seen, self.visible),
            ],
            axis=loss.axis.value,
            step=late.since,
            low=self.low,
            series=loss.tag,
            change=late.change,
            before=late.before,
        )


def _run(loss: Floats, rate: Floats) -> Run:
    return make_run(series={"val/loss": loss, "lr": 0.01 * rate})
