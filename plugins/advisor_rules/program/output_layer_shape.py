"""The rule ``output-layer-shape``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.configured import Config, ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling
from advisor_rules.program.input_layer_shape import listed
from advisor_rules.signs.chance import BINARY_LOSS, classes_of, loss_name

_ONE_FOR_EACH = re.compile(r"cross.?entropy|nll", re.IGNORECASE)
"""Losses that choose one class, and need an output for each."""


class _Wanted(NamedTuple):
    """How many outputs are needed, and the setting that says so."""

    number: int
    path: str
    variant: str


class OutputLayerShape(ConfiguredRule):
    """The model has fewer outputs than it is to predict.

    ## What it checks
    Only where the config holds both sides. The rule fires if the recorded number of outputs is
    smaller than the recorded number of classes under a cross-entropy that chooses one of them,
    and if it is smaller than the number of target columns that the config lists by name. One
    output for two classes is right under a binary loss. More outputs are no mistake: one for
    the background, or features for a layer that follows.

    ## Why it matters
    A class without an output can never be predicted. One output under a softmax is always 1.

    ## What to do
    One output for each class, one for a binary choice, one for each number to predict.

    ## When to ignore it
    The setting is the width of another layer.
    """

    name = "output-layer-shape"
    stage = Stage.PROGRAM
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.SHAPE_MISFIT,)
    confirmed_by = ("probe-output-layer-shape",)
    cleared_by = ("probe-output-layer-shape",)
    separated_by = ("the shape of the outputs of one batch",)
    basis = "0.7: the setting may be the width of another layer."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            1, "One output neuron for regression or a binary choice, one for each class, one for "
            "each value in multivariate regression."
        ),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Give the model {wanted:count output|outputs}",
        "observed": "{outputs:count output|outputs} for {wanted:count class|classes}",
        "observed.targets": "{outputs:count output|outputs} for {wanted:count target|targets}",
        "evidence": "{path:name} is {outputs:step} and {other:name} means {wanted:count "
        "class|classes}, under {loss:name}; {series:name} was trained so.",
        "evidence.targets": "{path:name} is {outputs:step} and {other:name} lists {wanted:count "
        "target|targets}; {series:name} was trained so.",
        "do": "Set the number of outputs to {wanted:step}, or use a binary loss for one output.",
        "do.targets": "Set the number of outputs to {wanted:step}, and look at the outputs of one "
        "batch.",
        "why": "A class without an output can never be predicted, and a softmax over one output "
        "is always 1.",
        "why.targets": "A target without an output is not predicted, or compared with another's.",
        "check": "The outputs of one batch have {wanted:count column|columns}.",
        "unless": "the setting is the width of another layer.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return models with too few outputs, and models with enough."""
        loss = {"train/loss": falling(60, seed=472)}
        ten: Config = {"num_classes": 10, "loss": "CrossEntropyLoss", "output_dim": 9}
        pair: Config = {"target_columns": ("x", "y"), "n_outputs": 1}
        two: Config = {"num_classes": 2, "loss": "BCEWithLogitsLoss", "output_dim": 1}
        return (
            shown("nine outputs for ten classes", loss, ten, fires=True),
            shown("one output for two targets", loss, pair, fires=True),
            shown("ten outputs", loss, {**ten, "output_dim": 10}, fires=False),
            shown("one output under a binary loss", loss, two, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the number of outputs with that of classes or targets."""
        outputs, wanted = run.settings.number("outputs"), _wanted(run)
        if outputs is None or outputs < 1 or wanted is None:
            raise NotApplicable(
                "the config does not hold both the number of outputs and what they are for; add "
                "`output_dim`, `num_classes` and `loss`"
            )
        if outputs < wanted.number:
            yield self.told(
                run,
                0.7,
                change(run.settings, "outputs", wanted.number, "up"),
                variant=wanted.variant,
                outputs=int(outputs),
                wanted=wanted.number,
                path=own_name(run.settings, "outputs"),
                other=wanted.path,
                loss=loss_name(run.settings),
            )


def _wanted(run: RunView) -> _Wanted | None:
    """Return how many outputs the listed targets, or the classes under their loss, need."""
    targets = listed(run.settings, "targets")
    named, classes = loss_name(run.settings), classes_of(run)
    if classes is not None and _ONE_FOR_EACH.search(named) and not BINARY_LOSS.search(named):
        return _Wanted(classes.number, classes.path, "")
    if targets is not None and classes is None and run.task is not Task.CLASSIFICATION:
        return _Wanted(targets, own_name(run.settings, "targets"), "targets")
    return None
