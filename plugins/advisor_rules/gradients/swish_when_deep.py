"""The rule ``swish-when-deep``."""

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

_OLDER = frozenset({"relu", "leaky_relu", "prelu", "rrelu", "elu", "tanh", "sigmoid"})
"""What Swish was compared with; GELU and Mish have its shape already."""


class SwishWhenDeep(ConfiguredRule):
    """The network is deeper than 40 layers and uses ReLU or the like.

    ## What it checks
    Fires if the config records both the number of layers, more than ``layers``, and one activation
    of the hidden layers that is ReLU, one of its variants, ELU, tanh or sigmoid. In shallower nets
    it stays silent: whether Swish helps there has to be measured.

    ## Why it matters
    Swish, x times the sigmoid of x, is smooth and passes some gradient below 0. Its authors find
    it better than ReLU and others in networks of more than 40 layers.

    ## What to do
    Compare one run with Swish (SiLU) with one of the present activation.

    ## When to ignore it
    Speed matters more: Swish costs more than ReLU, and low-precision hardware may lack it.
    """

    name = "swish-when-deep"
    stage = Stage.GRADIENTS
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.ACTIVATION_OPEN,)
    separated_by = ("a run with Swish, everything else the same",)
    do_separates = ("do",)
    basis = "0.5: the gain was found by others on other data."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(
            7, "x times sigmoid(x) beats ReLU beyond 40 layers; in shallow nets, measure."
        ),
        Citation(
            source="Ramachandran, Zoph & Le (2017), Searching for activation functions",
            supports="The paper on Swish, and its comparison with ReLU in deep networks.",
            url="https://arxiv.org/abs/1710.05941",
        ),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Compare Swish (SiLU) with {activation:text}",
        "observed": "{layers:step} layers with {activation:text}",
        "evidence": "{path:name} is {value:name} in {layers:step} layers, and {series:name} was "
        "trained so.",
        "do": "Train once with Swish (`nn.SiLU`), everything else the same, and compare the "
        "validation metric.",
        "why": "Swish is smooth and lets some gradient pass below 0, which adds up over many "
        "layers.",
        "check": "The validation metric is better by more than seeds differ.",
        "unless": "speed matters more, or the weights were pre-trained with this activation.",
    }

    layers: int = option(
        40,
        "Layers beyond which Swish is proposed.",
        source="the tips by Void, section 7, after Ramachandran et al. (2017)",
        ge=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a deep net with ReLU, and nets that are shallow or use Swish."""
        loss = {"train/loss": falling(60, seed=433)}
        deep: Config = {"activation": "relu", "num_layers": 64}
        return (
            shown("64 layers with ReLU", loss, deep, fires=True),
            shown("64 layers with SiLU", loss, {**deep, "activation": "silu"}, fires=False),
            shown("12 layers with ReLU", loss, {**deep, "num_layers": 12}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look for many layers with an older activation."""
        setting, activation = run.settings.get("activation"), run.settings.choice("activation")
        layers = run.settings.number("layers")
        if setting is None or activation is None or layers is None:
            raise NotApplicable(
                "depth and activation are not both recorded; add `num_layers` and `activation`"
            )
        if layers > self.layers and activation in _OLDER:
            yield self.told(
                run,
                0.5,
                change(run.settings, "activation", "silu", "set"),
                activation=activation,
                layers=int(layers),
                path=own_name(run.settings, "activation"),
                value=str(setting.value),
            )
