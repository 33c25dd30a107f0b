"""The rule ``init-match``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.language import term
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import Config, ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling, noise
from advisor_rules.gradients.exploding_gradients import ExplodingGradients
from advisor_rules.gradients.vanishing_gradients import VanishingGradients
from advisor_rules.learning_rate.lr_too_low import LrTooLow
from advisor_rules.program.hockey_stick import HockeyStick
from advisor_rules.program.initial_loss import InitialLoss
from advisor_rules.program.never_learned import NeverLearned

_NAMES = {"he": "He", "lecun": "LeCun", "glorot": "Glorot", "zeros": term("All-zero")}
_SCALED = frozenset({"he", "glorot", "lecun"})
SUITS: Mapping[str, tuple[str, ...]] = {
    "relu": ("he",),
    "leaky_relu": ("he",),
    "prelu": ("he",),
    "selu": ("lecun",),
    "elu": ("lecun", "he"),
    "tanh": ("glorot", "lecun"),
    "sigmoid": ("glorot", "lecun"),
}
"""Activation to the initializations that suit it, the guide's own first. ELU also goes with He;
LeCun's was made for tanh."""
_SHOW = (VanishingGradients, ExplodingGradients, NeverLearned, InitialLoss, HockeyStick, LrTooLow)
"""What a wrong initialization looks like from outside."""


class InitMatch(ConfiguredRule):
    """The initialization does not belong to the activation.

    ## What it checks
    Compares the recorded initialization with the recorded activation: He for ReLU and its
    variants, LeCun for SELU and ELU, Glorot for tanh and sigmoid. The rule fires on weights that
    start at 0, on SELU without LeCun, and on any other pair that does not match where the curves
    show the need: gradients that vanish or explode, a loss that starts high or hardly falls.
    A mismatch in a run that learns well is not reported.

    ## Why it matters
    The scale of the weights decides whether signals and gradients keep their size from layer to
    layer. Weights that are all 0 give every unit of a layer the same gradient.

    ## What to do
    Use the initialization of the activation, in its uniform or its normal form.

    ## When to ignore it
    Normalization layers hold the scale, or the weights are loaded.
    """

    name = "init-match"
    stage = Stage.GRADIENTS
    uses = roles_of(*_SHOW)
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.INIT_MISFIT,)
    confirmed_by = ("probe-init-match",)
    cleared_by = ("probe-init-match",)
    separated_by = ("the variance of each layer's activations before training",)
    basis = "0.7 for zeros and for SELU; else 0.8 times that of the finding that shows the need."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            4, "He for (leaky) ReLU, LeCun for SELU and ELU, Glorot for logistic and tanh; "
            "the right one speeds convergence. (ELU goes with He as well.)"
        ),
        sources.notes("A bad initialization shows as easy gain in the first steps."),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Initialize for {activation:text}: {wanted:text}",
        "observed": "{found:text} initialization with {activation:text}",
        "evidence": "{path:name} is {value:name} with {activation:text} as activation, and "
        "{series:name} was trained so.",
        "evidence.need": "{path:name} is {value:name} with {activation:text} as activation, and "
        "{rule:name} fires from step {step:step} of {series:name} on.",
        "do": "Use the {wanted:text} initialization, uniform or normal, everything else the same.",
        "why": "The scale of the weights decides whether signals keep their size from layer to "
        "layer, and each activation needs its own.",
        "check": "The variance of the activations is about the same in all layers, and the loss "
        "falls sooner.",
        "unless": "normalization layers hold the scale, or the weights are loaded.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return initializations that do not belong to the activation, and some that do."""
        loss = {"train/loss": falling(60, seed=434)}
        flat = {"train/loss": 2.3026 + noise(200, 0.01, 435)}
        flat |= {"val/accuracy": 0.1 + noise(200, 0.003, 436)}
        tanh: Config = {"activation": "tanh", "num_classes": 10}
        tanh = {**tanh, "weight_init": "kaiming_normal_"}
        return (
            shown("SELU with He", loss, {"activation": "selu", "weight_init": "he"}, fires=True),
            shown("tanh with He learns nothing", flat, tanh, fires=True),
            shown("tanh with He learns", loss, tanh, fires=False),
            shown(
                "ReLU with He", loss, {"activation": "relu", "weight_init": "he"}, fires=False
            ),
        )  # fmt: skip

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare initialization and activation, and then ask the curves."""
        activation, found = run.settings.choice("activation"), run.settings.choice("initialization")
        if activation is None or activation not in SUITS or found is None:
            raise NotApplicable(
                "activation and initialization are not both recorded; add `activation` and "
                "`weight_init`"
            )
        wanted = SUITS[activation]
        if found == "zeros" or (activation == "selu" and found in _SCALED - {"lecun"}):
            yield self._found(run, activation, found, None)
        elif found in _SCALED and found not in wanted:
            shows = first_finding(run, *_SHOW)
            if shows is not None:
                yield self._found(run, activation, found, shows)

    def _found(self, run: RunView, activation: str, found: str, shows: Finding | None) -> Finding:
        setting = run.settings.get("initialization")
        wanted = SUITS[activation][0]
        return self.told(
            run,
            0.7 if shows is None else 0.8 * shows.confidence,
            change(run.settings, "initialization", wanted, "set"),
            because=shows,
            variant="" if shows is None else "need",
            activation=activation,
            found=_NAMES.get(found, found),
            wanted=_NAMES[wanted],
            path=own_name(run.settings, "initialization"),
            value=str(setting.value) if setting else "",
            rule=shows.rule if shows else "",
            step=shows.evidence[0].first_step if shows else 0,
        )
