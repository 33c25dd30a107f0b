"""The rule ``dropout-placement``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Change, Citation, Finding
from advisor.hyperparameters import Hyperparameters
from advisor.rule import Example, NotApplicable, Stage
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.configured import Config, ConfiguredRule, change, shown
from advisor_rules.examples import falling

_LAYER = re.compile(r"(?P<where>(?:^|.*\.)layers)\.(?P<place>\d+)\.(?:class_name|type|_target_)$")
_AFTER = re.compile(r"activation|softmax|sigmoid|identity|flatten|reshape", re.IGNORECASE)
"""Layers without weights that may follow the output layer."""


class DropoutPlacement(ConfiguredRule):
    """Dropout stands where it does harm: on the outputs, or between SELU layers.

    ## What it checks
    Fires if the config lists the layers of the model and the last one, activations aside, is a
    dropout; and if the hidden layers are recorded to use SELU with ordinary dropout and no alpha
    dropout is named. What the config does not say is not guessed.

    ## Why it matters
    Dropout on the outputs throws away answers. Between SELU layers it changes mean and deviation
    of what flows through, which SELU is made to keep.

    ## What to do
    Use dropout in the earlier layers, and vary it there. With SELU use alpha dropout. With batch
    norm take care: what dropout does to the deviation in training is gone in evaluation.

    ## When to ignore it
    The outputs are features for another model.
    """

    name = "dropout-placement"
    stage = Stage.FIT
    symptoms = (symptoms.DROPOUT_UNUSUAL,)
    separated_by = ("a run with the dropout in the earlier layers only",)
    basis = "0.8 for a dropout on the outputs, 0.7 for one between SELU layers."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            5,
            "No dropout in the output layer; vary it in the earlier ones; take care with batch "
            "norm; AlphaDropout keeps mean and deviation for SELU.",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Take the dropout off the outputs",
        "title.selu": "Use alpha dropout with SELU",
        "observed": "Dropout is the last layer",
        "observed.selu": "Ordinary dropout between SELU layers",
        "evidence": "{path:name} is {value:name}, the last layer of the model; {series:name} was "
        "trained so.",
        "evidence.selu": "{path:name} is {value:name} with a dropout of {rate:number}, and no "
        "alpha dropout is recorded; {series:name} was trained so.",
        "do": "Remove the dropout after the output layer; keep it in the earlier layers.",
        "do.selu": "Replace dropout by alpha dropout (`nn.AlphaDropout`) at the same rate or "
        "lower.",
        "why": "Dropout on the outputs throws away answers at random, in training only.",
        "why.selu": "SELU keeps the mean and deviation of its inputs; ordinary dropout changes "
        "both.",
        "check": "The validation metric is better by more than seeds differ.",
        "unless": "the outputs are features for another model.",
        "unless.selu": "the dropout is an alpha dropout under another name.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return dropout in the wrong places, and in the right ones."""
        loss = {"train/loss": falling(60, seed=413)}
        dense, drop = {"layers.0.class_name": "Dense"}, "Dropout"
        selu: Config = {"activation": "selu", "dropout": 0.1}
        return (
            shown("the last layer", loss, {**dense, "layers.1.class_name": drop}, fires=True),
            shown("SELU with dropout", loss, selu, fires=True),
            shown("in the middle", loss, {**dense, "layers.1.class_name": "Dense"}, fires=False),
            shown("ReLU with dropout", loss, {**selu, "activation": "relu"}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the last layer, then at SELU."""
        last, rate = _last_layer(run.settings), run.settings.number("dropout")
        selu = run.settings.choice("activation") == "selu"
        if last is None and not (selu and rate):
            raise NotApplicable("neither the list of layers nor SELU with dropout is recorded")
        if last is not None and "dropout" in last[1].lower():
            taken = Change.model_validate(
                {"parameter": "output_dropout", "path": last[0], "from": last[1],
                 "to": "none", "direction": "set", "horizon": "full"}
            )  # fmt: skip
            yield self.told(run, 0.8, taken, path=last[0], value=last[1], rate=0.0)
        elif selu and rate and not _names_alpha(run.settings):
            path = run.settings.path("activation") or "activation"
            after = change(run.settings, "dropout", "alpha dropout", "set")
            yield self.told(run, 0.7, after, variant="selu", path=path, value="selu", rate=rate)


def _last_layer(settings: Hyperparameters) -> tuple[str, str] | None:
    """Return path and class of the last listed layer that is more than an activation.

    ``None`` where no layers, or several lists of layers, are recorded.
    """
    found = [(match, value) for path, value in settings.recorded.items()
             if (match := _LAYER.match(path))]  # fmt: skip
    if len({match["where"] for match, _ in found}) != 1:
        return None
    ordered = sorted(found, key=lambda item: -int(item[0]["place"]))
    named = ((match.string, str(value)) for match, value in ordered)
    return next(((path, name) for path, name in named if not _AFTER.search(name)), None)


def _names_alpha(settings: Hyperparameters) -> bool:
    texts = (f"{path}={value}".lower() for path, value in settings.recorded.items())
    return any("alpha" in text and "drop" in text for text in texts)
