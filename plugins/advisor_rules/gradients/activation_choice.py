"""The rule ``activation-choice``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import Config, ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling, noise
from advisor_rules.gradients.vanishing_gradients import VanishingGradients
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.program.never_learned import NeverLearned

_SATURATES = frozenset({"sigmoid", "tanh", "softmax"})
_SLOW = (VanishingGradients, NeverLearned, LrTooLow)
"""What a saturated network looks like from outside."""


class ActivationChoice(ConfiguredRule):
    """The hidden layers use an activation that saturates, and are many, or the loss hardly falls.

    ## What it checks
    Fires if the config records sigmoid, tanh or softmax as the one activation of the hidden
    layers, and ``vanishing-gradients``, ``never-learned`` or ``lr-too-low`` fires. Of sigmoid,
    it fires also where the config records ``deep`` layers or more, whatever the curves do: each
    layer passes on a quarter of the gradient at most. Activations of outputs, gates and recurrent
    states are left alone, and so are several that differ.

    ## Why it matters
    Far from 0 these activations are flat. A unit that got there passes hardly any gradient on.

    ## What to do
    Use ReLU to start with. The guide ranks, in general: logistic, tanh, ReLU, leaky ReLU, ELU,
    SELU; and finds ReLU losing ground to ELU and GELU. Settle it by a measured comparison.

    ## When to ignore it
    A smooth or bounded activation is needed, as for solving differential equations.
    """

    name = "activation-choice"
    stage = Stage.GRADIENTS
    uses = roles_of(*_SLOW)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.FIRST_LAYERS_STILL, symptoms.TOO_SLOW)
    silences = ("batch-too-small-noise",)
    precedes = ("underfitting",)
    separated_by = ("a run with ReLU, everything else the same",)
    do_separates = ("do",)
    basis = (
        "0.9 times that of the finding that shows the need; 0.7 times for tanh; 0.6 where only the "
        "config speaks."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            4,
            "In general, from worse to better: logistic, tanh, ReLU, leaky ReLU, ELU, SELU; ReLU "
            "to start, losing ground to ELU and GELU. (The order does not hold everywhere.)",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Try ReLU in the hidden layers",
        "observed": "{activation:text} in the hidden layers, little progress",
        "evidence": "{path:name} is {value:name}, and {rule:name} fires: see {series:name} from "
        "{step:step} on.",
        "observed.deep": "{activation:text} in {depth:count hidden layer|hidden layers}",
        "evidence.deep": "{path:name} is {value:name} and {layers:name} is {depth:step}; "
        "{series:name} was trained so for {count:count point|points}.",
        "do": "Train once with ReLU, or GELU, and the initialization that belongs to it (He), "
        "everything else the same.",
        "why": "Where a sigmoid or tanh is flat, hardly any gradient passes to the layers before.",
        "check": "The training loss falls further in as many steps.",
        "unless": "a smooth or bounded activation is needed.",
    }

    deep: int = option(
        4,
        "So many hidden layers with a sigmoid are reported whatever the curves do.",
        source="Glorot and Bengio 2010: with sigmoids, nets of four hidden layers stood still for "
        "long, and deeper ones never learned",
        ge=2,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a sigmoid net that learns nothing, and nets that learn or use others."""
        flat = {"train/loss": 2.3026 + noise(200, 0.01, 430)}
        flat |= {"val/accuracy": 0.1 + noise(200, 0.003, 431)}
        sigmoid: Config = {"activation": "sigmoid", "num_classes": 10}
        return (
            shown("a sigmoid net that learns nothing", flat, sigmoid, fires=True),
            shown("ReLU, and it learns nothing", flat, {**sigmoid, "activation": "relu"},
                  fires=False),
            shown("a sigmoid net that learns", {"train/loss": falling(200, seed=432)}, sigmoid,
                  fires=False),
            shown("eight layers of sigmoids", {"train/loss": falling(200, seed=433)},
                  {**sigmoid, "num_layers": 8}, fires=True),
        )  # fmt: skip

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for a saturating activation where the loss hardly falls."""
        activation, setting = run.settings.choice("activation"), run.settings.get("activation")
        if activation is None or setting is None:
            raise NotApplicable("no one activation is recorded; add `activation` to the config")
        slow = first_finding(run, *_SLOW) if activation in _SATURATES else None
        depth = int(run.settings.number("layers") or 0)
        if slow is None and activation == "sigmoid" and depth >= self.deep:
            yield self._deep(run, str(setting.value), depth)
        elif slow is not None:
            yield self.told(
                run,
                slow.confidence * (0.7 if activation == "tanh" else 0.9),
                change(run.settings, "activation", "relu", "set"),
                because=slow,
                activation=activation,
                path=own_name(run.settings, "activation"),
                value=str(setting.value),
                rule=slow.rule,
                step=slow.evidence[0].first_step,
            )

    def _deep(self, run: RunView, value: str, depth: int) -> Finding:
        return self.told(
            run,
            0.6,
            change(run.settings, "activation", "relu", "set"),
            variant="deep",
            activation="sigmoid",
            path=own_name(run.settings, "activation"),
            value=value,
            layers=own_name(run.settings, "layers"),
            depth=depth,
        )
