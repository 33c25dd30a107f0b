"""The rule ``output-activation``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from advisor.finding import Citation, Finding
from advisor.hyperparameters import Hyperparameters
from advisor.language import term
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.configured import Config, ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling
from advisor_rules.signs.chance import loss_name

_WITH_LOGITS = re.compile(r"[Ww]ith_?[Ll]ogits|(^|[^a-zA-Z])CrossEntropyLoss")
"""Losses that take raw outputs: PyTorch's by name. Keras' and plain words do not tell."""
_SQUARED = re.compile(r"(^|[^a-z])mse|mean_?squared|l1_?loss|(^|[^a-z])mae|huber", re.IGNORECASE)
_PROBABILITIES = re.compile(r"(^|[^a-zA-Z])(BCELoss|NLLLoss)")
"""Losses of PyTorch that take probabilities, or their logarithms."""


class _Misfit(NamedTuple):
    """An output activation that does not fit, the one to use, and the variant of the text."""

    wanted: str
    variant: str
    confidence: float


class OutputActivation(ConfiguredRule):
    """The activation of the outputs does not fit the loss.

    ## What it checks
    Only where the config names both. The rule fires on a sigmoid or softmax before a loss that
    applies one itself (PyTorch's ``CrossEntropyLoss`` and the losses ``…WithLogits``), on outputs
    without activation before a loss that wants probabilities (``BCELoss``, ``NLLLoss``), on a
    softmax over a single output, and on a softmax before a squared or absolute error where
    numbers are learned. Tanh, logistic and softplus on numbers may be meant as bounds.

    ## Why it matters
    A softmax that is applied twice flattens the answers and leaves a floor that no training gets
    below. A softmax over one output is always 1.

    ## What to do
    The guides disagree in words and not in substance: softmax outputs, or raw ones into the loss;
    which of them is right is decided by the loss in use. For numbers use no activation, and for
    bounded or positive ones tanh, logistic or softplus.

    ## When to ignore it
    The activation is used in evaluation only, or the loss is one of your own under that name.
    """

    name = "output-activation"
    stage = Stage.PROGRAM
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.LOSS_MISFIT,)
    confirmed_by = ("probe-output-activation",)
    cleared_by = ("probe-output-activation",)
    separated_by = ("the outputs of one batch: do they sum to 1 before the loss?",)
    basis = "0.9 for a softmax over one output, 0.7 for the rest: it may be for evaluation only."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            4, "None for regression (tanh, logistic or softplus where bounded or positive), "
            "sigmoid for binary, softmax for several classes."
        ),
        sources.notes("A loss that expects raw logits must not be given softmaxed outputs."),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Give the loss what it expects: {wanted:text} outputs",
        "observed": "{value:name} outputs under {loss:name}",
        "evidence": "{path:name} is {value:name} and the loss is {loss:name}, which applies its "
        "own; {series:name} was trained so.",
        "evidence.bare": "{path:name} is {value:name} and the loss is {loss:name}, which wants "
        "probabilities or their logarithms; {series:name} was trained so.",
        "evidence.single": "{path:name} is {value:name} over a single output, which is always 1; "
        "{series:name} was trained so.",
        "evidence.numbers": "{path:name} is {value:name} and the loss is {loss:name}, on numbers; "
        "{series:name} was trained so.",
        "do": "Use {wanted:text} outputs in training, everything else the same; apply the "
        "activation only where you need probabilities.",
        "do.bare": "Use {wanted:text} outputs, or the form of the loss that takes raw ones.",
        "do.single": "Use a {wanted:text} for one output, or two outputs with a softmax.",
        "do.numbers": "Use {wanted:text} outputs: numbers need not sum to 1.",
        "why": "A softmax or sigmoid that is applied twice flattens the answers, so the loss stops "
        "at a floor.",
        "why.bare": "The logarithm of something that is no probability has no meaning, or none "
        "at all.",
        "why.single": "A softmax divides by the sum of its inputs; over one it says nothing.",
        "why.numbers": "A softmax makes outputs compete for a sum of 1.",
        "check": "The training loss ends lower than before.",
        "unless": "the activation is used in evaluation only, or the loss is your own.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return activations that the loss does not expect, and ones that it does."""
        loss = {"train/loss": falling(60, seed=470)}
        torch: Config = {"criterion": "CrossEntropyLoss()", "output_activation": "softmax"}
        keras: Config = {**torch, "criterion": "categorical_crossentropy"}
        linear: Config = {**torch, "output_activation": "linear"}
        return (
            shown("softmax under torch's cross-entropy", loss, torch, fires=True),
            shown("no activation under BCELoss", loss,
                  {**linear, "criterion": "nn.BCELoss"}, fires=True),
            shown("softmax under Keras' cross-entropy", loss, keras, fires=False),
            shown("raw outputs under torch's cross-entropy", loss, linear, fires=False),
        )  # fmt: skip

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the activation of the outputs against the loss."""
        settings = run.settings
        setting, chosen = settings.get("output_activation"), settings.choice("output_activation")
        named = loss_name(settings)
        if setting is None or chosen is None or not named:
            raise NotApplicable(
                "the activation of the outputs and the loss are not both recorded; add "
                "`output_activation` and `loss`"
            )
        misfit = _misfit(run, chosen, named)
        if misfit is not None:
            yield self.told(
                run,
                misfit.confidence,
                change(settings, "output_activation", misfit.wanted, "set"),
                variant=misfit.variant,
                wanted=misfit.wanted,
                path=own_name(settings, "output_activation"),
                value=str(setting.value),
                loss=named,
            )


def _misfit(run: RunView, chosen: str, named: str) -> _Misfit | None:
    if chosen == "softmax" and _single(run.settings):
        return _Misfit("sigmoid", "single", 0.9)
    if chosen in ("softmax", "sigmoid") and _WITH_LOGITS.search(named):
        return _Misfit(term("raw"), "", 0.7)
    if chosen == "linear" and _PROBABILITIES.search(named):
        return _Misfit("sigmoid" if "BCE" in named else "log-softmax", "bare", 0.7)
    if chosen == "softmax" and run.task is Task.REGRESSION and _SQUARED.search(named):
        return _Misfit(term("raw"), "numbers", 0.7)
    return None


def _single(settings: Hyperparameters) -> bool:
    """Tell whether the config records a single output."""
    return settings.number("outputs") == 1
