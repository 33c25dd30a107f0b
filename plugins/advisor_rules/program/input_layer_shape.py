"""The rule ``input-layer-shape``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Change, Citation, Finding
from advisor.hyperparameters import Hyperparameters
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.configured import Config, ConfiguredRule, own_name, shown
from advisor_rules.examples import falling


class InputLayerShape(ConfiguredRule):
    """The model has fewer inputs than the config lists features.

    ## What it checks
    Only where the config holds both sides: the list of the features by name, and the number of
    inputs of the model. The rule fires if there are fewer inputs than features. More inputs are
    no mistake: a feature that names a class takes one for each of its values, and a window one
    for each of its steps.

    ## Why it matters
    One input is needed for each feature. What has none is not seen by the model, or the columns
    that it does see are other ones than you think.

    ## What to do
    Set the number of inputs to the number of features, after encoding, and look at one sample.

    ## When to ignore it
    The features are combined before they reach the model, as by PCA or an embedding.
    """

    name = "input-layer-shape"
    stage = Stage.PROGRAM
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.SHAPE_MISFIT,)
    confirmed_by = ("probe-input-layer-shape",)
    cleared_by = ("probe-input-layer-shape",)
    separated_by = ("the shape of one batch beside that of the first layer's weights",)
    do_separates = ("do",)
    basis = "0.6: features may be combined before they reach the model."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(1, "One input neuron for each feature; for images the product of the sizes."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Give each of the {features:step} features an input",
        "observed": "{inputs:count input|inputs} for {features:count feature|features}",
        "evidence": "{path:name} is {inputs:step}, and {listed:name} lists {features:count "
        "feature|features}; {series:name} was trained so.",
        "do": "Print the shape of one batch beside that of the first layer's weights, and set the "
        "number of inputs to that of the features.",
        "why": "A feature without an input is not seen; where columns are dropped by position, "
        "others are seen than you think.",
        "check": "The first layer has at least {features:count input|inputs}.",
        "unless": "the features are combined before they reach the model.",
    }

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a model with too few inputs, and models with enough."""
        loss = {"train/loss": falling(60, seed=471)}
        named = ("age", "income", "height", "weight")
        few: Config = {"input_dim": 3, "feature_names": named}
        return (
            shown("three inputs for four features", loss, few, fires=True),
            shown("four inputs", loss, {**few, "input_dim": 4}, fires=False),
            shown("twelve, in a window", loss, {**few, "input_dim": 12}, fires=False),
            shown("features not listed", loss, {"input_dim": 3}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Compare the number of inputs with that of the listed features."""
        inputs = run.settings.number("inputs")
        features = listed(run.settings, "features")
        if inputs is None or inputs < 1 or features is None:
            raise NotApplicable(
                "the config does not hold both the features by name and the number of inputs; add "
                "`feature_names` and `input_dim`"
            )
        if inputs < features:
            path = own_name(run.settings, "inputs")
            more = Change.model_validate(
                {"parameter": "inputs", "path": path, "from": inputs, "to": features,
                 "direction": "up"}
            )  # fmt: skip
            yield self.told(
                run,
                0.6,
                more,
                inputs=int(inputs),
                features=features,
                path=path,
                listed=own_name(run.settings, "features"),
            )


def listed(settings: Hyperparameters, parameter: str) -> int | None:
    """Return how many different names a setting lists; ``None`` if it is no list of names."""
    setting = settings.get(parameter)
    if setting is None or not isinstance(setting.value, tuple) or not setting.value:
        return None
    names = [value for value in setting.value if isinstance(value, str)]
    return len(set(names)) if len(names) == len(setting.value) else None
