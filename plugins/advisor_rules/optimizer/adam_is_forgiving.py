"""The rule ``adam-is-forgiving``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling, noise
from advisor_rules.learning_rate.diverged import Diverged
from advisor_rules.learning_rate.lr_too_high import LrTooHigh
from advisor_rules.learning_rate.lr_too_low import LrTooLow

_TROUBLE = (Diverged, LrTooHigh, LrTooLow)


class AdamIsForgiving(ConfiguredRule):
    """SGD is in use, and its learning rate makes trouble.

    ## What it checks
    Fires if the recorded optimizer is SGD and ``diverged``, ``lr-too-high`` or ``lr-too-low``
    fires. The finding stands beneath that one: the rate comes first.

    ## Why it matters
    Adam scales the step of each weight by its own gradients, so that a rate that is off by some
    factor does less harm.

    ## What to do
    If a few rates for SGD do not settle it, start with Adam or Nadam at a rate of 1e-3. The
    guide that recommends SGD where the last bit of quality counts assumes that it is well tuned.

    ## When to ignore it
    SGD is what is being studied, or its rate is about to be tuned anyway.
    """

    name = "adam-is-forgiving"
    stage = Stage.OPTIMIZER
    uses = roles_of(*_TROUBLE)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.SGD_STRUGGLES,)
    separated_by = ("a run with Adam at 1e-3",)
    basis = "0.8 times that of the finding on the learning rate."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(5, "Adam is robust to its settings, a poor learning rate among them."),
        sources.wandb(6, "Adam and Nadam are good to start with and forgive a bad learning rate."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try Adam at a learning rate of 1e-3",
        "observed": "SGD has trouble with its learning rate",
        "evidence": "{path:name} is {value:name}, and {rule:name} fires from step {step:step} of "
        "{series:name} on.",
        "do": "First change the rate. If a few rates do not settle it, train once with Adam at "
        "1e-3, everything else the same.",
        "why": "Adam scales the step of each weight by its own gradients, so a rate that is "
        "somewhat off does less harm.",
        "check": "The training loss falls steadily at the first try.",
        "unless": "SGD is what is being studied, or its rate is about to be tuned.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return SGD whose loss rises for good, and runs without trouble or with Adam."""
        x = falling(200, seed=450, start=0, floor=1, rate=3, size=0)
        rising = {"train/loss": falling(200, seed=451) + 6 * x**4 + noise(200, 0.02, 452)}
        good = {"train/loss": falling(200, seed=453)}
        return (
            shown("SGD that diverges", rising, {"optimizer": "SGD"}, fires=True),
            shown("Adam that diverges", rising, {"optimizer": "Adam"}, fires=False),
            shown("SGD that learns", good, {"optimizer": "SGD"}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for trouble with the rate where SGD is in use."""
        setting, chosen = run.settings.get("optimizer"), run.settings.choice("optimizer")
        if setting is None or chosen is None:
            raise NotApplicable("the optimizer is not recorded; add `optimizer` to the config")
        trouble = first_finding(run, *_TROUBLE) if chosen == "sgd" else None
        if trouble is not None:
            yield self.told(
                run,
                0.8 * trouble.confidence,
                change(run.settings, "optimizer", "adam", "set"),
                because=trouble,
                path=own_name(run.settings, "optimizer"),
                value=str(setting.value),
                rule=trouble.rule,
                step=trouble.evidence[0].first_step,
            )
