"""The rule ``weight-decay-with-lr``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.configured import Config, ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling
from advisor_rules.given.regularizers import first_weight_decay
from advisor_rules.signs.usual_rates import USUAL

_SHRINKS = frozenset({"sgd", "adamw", "lion", "lamb"})
"""Optimizers whose decay shrinks the weights by rate times decay in each step."""
_PENALIZES = frozenset({"adam", "rmsprop", "adamax", "adagrad", "nadam"})
"""Optimizers whose decay is a part of the gradient, and rescaled with it."""


class WeightDecayWithLr(ConfiguredRule):
    """The weight decay is so large that it may drown the gradient.

    ## What it checks
    For SGD and for AdamW and its kin, the decay shrinks the weights by rate times decay in each
    step. The rule fires if they would shrink to a third within fewer than ``steps`` steps at the
    recorded rate. A rate higher than usual is to blame itself, unless the decay is ``large``. For
    Adam, where the decay is a part of the gradient, it fires from a decay of ``penalty`` on. Where
    optimizer, rate or decay is not recorded it says so and stays silent.

    ## Why it matters
    Rate and decay act together. While a rate is being looked for, a large decay hides which of
    the two holds the loss up.

    ## What to do
    Keep the decay small while looking for the rate; then search both together.

    ## When to ignore it
    The two were searched together, and this was the best pair.
    """

    name = "weight-decay-with-lr"
    stage = Stage.LEARNING_RATE
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (
        symptoms.DECAY_UNUSUAL,
        symptoms.TOO_SLOW,
        symptoms.PLATEAU,
        symptoms.LEARNS_NOTHING,
    )
    silences = ("batch-too-small-noise",)
    precedes = ("underfitting", "never-learned", "lr-too-low")
    separated_by = ("a run without weight decay",)
    basis = "0.6: usual recipes are ten times away, but the loss was not asked."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes(
            "Look for the rate with a small weight decay; then search the two together, coarsely."
        ),
        sources.wandb(8, "Weight decay is tuned together with rate, batch size and momentum."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Lower the weight decay to {after:rate}",
        "observed": "A weight decay of {decay:rate}",
        "evidence": "{path:name} is {decay:rate} at a learning rate of {rate:rate}: by itself it "
        "shrinks the weights to a third in {within:number} steps.",
        "evidence.penalty": "{path:name} is {decay:rate} with {optimizer:text}, which makes it a "
        "part of the gradient; 0.01 and less are usual there.",
        "do": "Set it to {after:rate} while you look for the learning rate; then search rate and "
        "decay together, in ten-fold steps.",
        "why": "Weights that shrink faster than the gradient renews them cannot hold what was "
        "learned.",
        "check": "The training loss ends lower.",
        "unless": "rate and decay were searched together, and this was the best pair.",
    }

    steps: float = option(
        100.0,
        "Steps within which the decay alone may not shrink the weights to a third.",
        source="chosen by eye: a tenth of what the strongest usual recipes reach (a rate of 1e-2 "
        "with a decay of 0.1)",
        gt=1,
    )
    large: float = option(
        0.5,
        "The smallest decay that is to blame whatever the rate.",
        source="chosen by eye: five times the 0.1 of the strongest usual recipes for AdamW",
        gt=0,
    )
    penalty: float = option(
        0.1,
        "The smallest decay that is pointed out where it is a part of the gradient.",
        source="chosen by eye: ten times the 0.01 that is at the upper end of usual",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return decays that drown the gradient, and usual ones."""
        loss = {"train/loss": falling(60, seed=407)}
        sgd: Config = {"optimizer": "SGD", "lr": 0.1}
        adam: Config = {"optimizer": "Adam", "lr": 1e-3}
        return (
            shown("SGD with a decay of 0.2", loss, {**sgd, "weight_decay": 0.2}, fires=True),
            shown("Adam with a decay of 0.5", loss, {**adam, "weight_decay": 0.5}, fires=True),
            shown("SGD with a decay of 5e-4", loss, {**sgd, "weight_decay": 5e-4}, fires=False),
            shown("Adam with a decay of 1e-5", loss, {**adam, "weight_decay": 1e-5}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the decay against what the rate makes of it."""
        settings = run.settings
        optimizer = settings.choice("optimizer")
        rate, decay = settings.number("learning_rate"), settings.number("weight_decay")
        if rate is None or decay is None or rate <= 0 or decay < 0:
            raise NotApplicable("rate and weight decay are not both recorded; add both")
        if optimizer not in _SHRINKS | _PENALIZES:
            raise NotApplicable("the optimizer is not recorded, or its decay is not known")
        highest = USUAL[optimizer][1] if optimizer in USUAL and decay < self.large else rate
        drowns = optimizer in _SHRINKS and min(rate, highest) * decay * self.steps > 1
        if drowns or (optimizer in _PENALIZES and decay >= self.penalty):
            after = first_weight_decay(settings)
            yield self.told(
                run,
                0.6,
                change(settings, "weight_decay", after, "down"),
                variant="" if drowns else "penalty",
                path=own_name(settings, "weight_decay"),
                optimizer=str(optimizer),
                rate=rate,
                decay=decay,
                within=1 / (rate * decay),
                after=after,
            )
