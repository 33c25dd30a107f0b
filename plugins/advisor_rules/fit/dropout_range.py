"""The rule ``dropout-range``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.hyperparameters import Hyperparameters
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import LOSS, ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.fit.underfitting import Underfitting
from advisor_rules.given.regularizers import DROPOUT, USUAL_DROPOUT

_LOW, _HIGH = USUAL_DROPOUT
_RECURRENT = re.compile(r"rnn|lstm|gru", re.IGNORECASE)
_FOR_RECURRENT = 0.3


class DropoutRange(ConfiguredRule):
    """The dropout rate is outside of 0.1 to 0.5, and the curves ask for another one.

    ## What it checks
    Fires on a recorded rate above 0 and below 0.1 where ``overfitting`` fires, on one above 0.5
    where ``underfitting`` fires, and on one of at least ``largest`` whatever the curves do.

    ## Why it matters
    A rate near 0 changes nothing; one near 1 leaves too little of the network to learn with.

    ## What to do
    Try a rate in the usual range: towards 0.3 for recurrent nets and 0.5 for convolutional ones,
    more for larger layers. Raise it against overfitting, lower it against underfitting.

    ## When to ignore it
    The rate was tuned.
    """

    name = "dropout-range"
    stage = Stage.FIT
    uses = roles_of(Overfitting, Underfitting)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (
        symptoms.DROPOUT_UNUSUAL,
        symptoms.TOO_SLOW,
        symptoms.PLATEAU,
        symptoms.LEARNS_NOTHING,
    )
    silences = ("batch-too-small-noise",)
    precedes = ("underfitting", "never-learned", "lr-too-low")
    separated_by = ("runs with a few rates between 0.1 and 0.5",)
    basis = "0.9 times that of the over- or underfitting; 0.6 for a rate that is very high."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            5,
            "0.1 to 0.5; 0.3 for RNNs, 0.5 for CNNs, more for bigger layers; raise it against "
            "overfitting, lower it against underfitting.",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Set dropout to {after:number}",
        "observed": "A dropout of {rate:number}",
        "observed.low": "Overfitting with a dropout of {rate:number}",
        "observed.high": "Underfitting with a dropout of {rate:number}",
        "evidence": "{path:name} is {rate:number}, where 0.1 to 0.5 is usual; {series:name} was "
        "trained so for {count:count point|points}.",
        "evidence.low": "{series:name} rose after {axis:text} {step:step} with {path:name} at "
        "{rate:number}, where 0.1 to 0.5 is usual.",
        "evidence.high": "Training and validation stay far from good with {path:name} at "
        "{rate:number}, where 0.1 to 0.5 is usual.",
        "do": "Train once with {after:number}, everything else the same.",
        "why": "A rate this high leaves too few units in each step to learn with.",
        "why.low": "A rate this low hardly changes what the network learns.",
        "check": "The best validation is better by more than seeds differ.",
        "unless": "the rate was tuned.",
    }

    largest: float = option(
        0.8,
        "The rate from which the curves are not asked.",
        source="chosen by eye: a fifth of the units is left, where the guide leaves half",
        gt=_HIGH,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return rates that the curves speak against, and rates that may be right."""
        train, turned = falling(100, seed=410, floor=0.1), turning(100, seed=411)
        over = {"train/loss": train, "val/loss": turned}
        good = {"train/loss": train, "val/loss": train + noise(100, 0.01, 412)}
        return (
            shown("overfits with 0.02", over, {"dropout": 0.02}, fires=True),
            shown("a rate of 0.9", good, {"dropout": 0.9}, fires=True),
            shown("overfits with 0.3", over, {"dropout": 0.3}, fires=False),
            shown("does not overfit with 0.02", good, {"dropout": 0.02}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the rate against the range and the curves."""
        rate = run.settings.number("dropout")
        if rate is None or not 0 <= rate < 1:
            raise NotApplicable("no single dropout rate is recorded; add `dropout` to the config")
        over = first_finding(run, Overfitting) if 0 < rate < _LOW else None
        under = first_finding(run, Underfitting) if _HIGH < rate < self.largest else None
        if over is not None:
            yield self._found(run, rate, _start(run.settings), over, "low")
        elif under is not None or rate >= self.largest:
            yield self._found(run, rate, _HIGH, under, "high" if under else "")

    def _found(
        self, run: RunView, rate: float, after: float, because: Finding | None, variant: str
    ) -> Finding:
        return self.told(
            run,
            0.9 * because.confidence if because else 0.6,
            change(run.settings, "dropout", after, "up" if after > rate else "down"),
            because=because,
            variant=variant,
            axis=run[LOSS].axis.value,
            step=because.evidence[0].first_step if because else 0,
            path=own_name(run.settings, "dropout"),
            rate=rate,
            after=after,
        )


def _start(settings: Hyperparameters) -> float:
    model = settings.get("architecture")
    recurrent = model is not None and _RECURRENT.search(str(model.value))
    return _FOR_RECURRENT if recurrent else DROPOUT
