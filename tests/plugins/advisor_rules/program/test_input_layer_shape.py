from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.program.input_layer_shape import InputLayerShape
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=471)
FOUR = ("age", "income", "height", "weight")


@pytest.mark.parametrize("inputs", [1, 3, "3"])
def test_fewer_inputs_than_features_are_a_note(advise: Advise, inputs: Value) -> None:
    run = make_run(train_loss=LOSS, config={"model.in_features": inputs, "feature_cols": FOUR})
    (finding,) = advise(InputLayerShape(), run).findings
    assert [(c.path, c.after) for c in finding.changes] == [("model.in_features", 4)]


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"input_dim": 4, "feature_names": FOUR}, id="one each"),
        pytest.param({"input_dim": 40, "feature_names": FOUR}, id="a window of ten"),
        pytest.param({"input_dim": 7, "feature_names": FOUR}, id="one encoded"),
        pytest.param({"input_dim": 2, "features": ("x", "y", "x")}, id="one listed twice"),
    ],
)
def test_enough_inputs_pass(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(InputLayerShape(), make_run(train_loss=LOSS, config=config)).result == "passed"


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"input_dim": 3},
        {"feature_names": FOUR},
        {"input_dim": 3, "features": 64},
        {"input_dim": 3, "features": (64, 128, 256, 512)},
        {"input_size": (3, 224, 224), "feature_names": FOUR},
        {"a.input_dim": 2, "b.input_dim": 3, "feature_names": FOUR},
    ],
)
def test_without_both_sides_it_says_what_to_record(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=LOSS, config=config)
    assert advise(InputLayerShape(), run).result == "not-applicable"
