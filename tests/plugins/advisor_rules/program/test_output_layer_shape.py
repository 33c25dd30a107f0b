from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.examples import falling
from advisor_rules.program.output_layer_shape import OutputLayerShape
from tests.plugins.advisor_rules.conftest import Advise

LOSS = falling(60, seed=472)
ENTROPY: dict[str, Value] = {"loss": "CrossEntropyLoss"}


@pytest.mark.parametrize(
    ("config", "wanted"),
    [
        pytest.param(ENTROPY | {"num_classes": 10, "output_dim": 9}, 10, id="one too few"),
        pytest.param(ENTROPY | {"num_classes": 2, "output_dim": 1}, 2, id="one for two"),
        pytest.param(
            ENTROPY | {"class_names": ("a", "b", "c"), "output_dim": 2}, 3, id="classes by name"
        ),
        pytest.param({"target_cols": ("x", "y"), "output_dim": 1}, 2, id="targets"),
    ],
)
def test_fewer_outputs_than_there_are_answers_are_a_note(
    advise: Advise, config: dict[str, Value], wanted: int
) -> None:
    (finding,) = advise(OutputLayerShape(), make_run(train_loss=LOSS, config=config)).findings
    assert [(c.path, c.after) for c in finding.changes] == [("output_dim", wanted)]


@pytest.mark.parametrize(
    "config",
    [
        ENTROPY | {"num_classes": 10, "output_dim": 10},
        ENTROPY | {"num_classes": 10, "output_dim": 11},
        ENTROPY | {"num_classes": 10, "output_dim": 512},
        {"target_columns": ("y",), "output_dim": 1},
        {"target_columns": ("x", "y"), "output_dim": 4},
    ],
)
def test_enough_outputs_pass(advise: Advise, config: dict[str, Value]) -> None:
    assert advise(OutputLayerShape(), make_run(train_loss=LOSS, config=config)).result == "passed"


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"num_classes": 10, "output_dim": 9},
        {"num_classes": 2, "output_dim": 1, "loss": "BCEWithLogitsLoss"},
        {"num_classes": 10, "output_dim": 1, "loss": "mse"},
        ENTROPY | {"num_classes": 10},
        ENTROPY | {"output_dim": 10},
        ENTROPY | {"num_classes": 10, "a.output_dim": 8, "b.output_dim": 10},
        {"target_columns": 2, "output_dim": 1},
    ],
)
def test_what_the_config_does_not_hold_is_not_judged(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(train_loss=LOSS, config=config)
    assert advise(OutputLayerShape(), run).result == "not-applicable"
