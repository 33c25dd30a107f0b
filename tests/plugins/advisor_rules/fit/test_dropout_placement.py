from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.fit.dropout_placement import DropoutPlacement
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=426)


def layers(*names: str, prefix: str = "model.layers") -> dict[str, Value]:
    return {f"{prefix}.{place}.class_name": name for place, name in enumerate(names)}


@pytest.mark.parametrize(
    ("config", "path"),
    [
        (layers("Dense", "Dropout"), "model.layers.1.class_name"),
        (layers("Dense", "Dense", "AlphaDropout", "Softmax"), "model.layers.2.class_name"),
        (layers(*["Dense"] * 11, "Dropout", "Activation"), "model.layers.11.class_name"),
    ],
)
def test_dropout_on_the_outputs_is_a_note(
    advise: Advise, config: dict[str, Value], path: str
) -> None:
    (finding,) = advise(DropoutPlacement(), make_run(train_loss=LOSS, config=config)).findings
    assert [(c.parameter, c.path) for c in finding.changes] == [("output_dropout", path)]


@pytest.mark.parametrize("name", ["selu", "nn.SELU()", "SELU"])
def test_ordinary_dropout_with_selu_is_a_note(advise: Advise, name: str) -> None:
    run = make_run(train_loss=LOSS, config={"activation": name, "dropout": 0.1})
    (finding,) = advise(DropoutPlacement(), run).findings
    assert finding.changes[0].after == "alpha dropout"


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(layers("Dense", "Dropout", "Dense"), id="before the output"),
        pytest.param(layers("Dense", "Dropout", "Dense", "Softmax"), id="then an activation"),
        pytest.param(layers(*["Dropout"] * 10, "Dense"), id="ten, ordered as numbers"),
        pytest.param({"activation": "selu", "dropout": 0.0}, id="SELU, dropout off"),
        pytest.param({"activation": "selu", "alpha_dropout": 0.1}, id="SELU, alpha dropout"),
        pytest.param(
            {"activation": "selu", "dropout": 0.1, "dropout_type": "AlphaDropout"}, id="named"
        ),
        pytest.param({"activation": "relu", "dropout": 0.9}, id="ReLU"),
        pytest.param(
            layers("Dense", "Dropout", prefix="encoder.layers")
            | layers("Dense", prefix="decoder.layers"),
            id="two lists",
        ),
        pytest.param({"output_dropout": 0.5}, id="a name that means many things"),
        pytest.param({}, id="nothing recorded"),
    ],
)
def test_dropout_elsewhere_passes(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(train_loss=LOSS, config=config)
    assert advise(DropoutPlacement(), run).findings == ()
