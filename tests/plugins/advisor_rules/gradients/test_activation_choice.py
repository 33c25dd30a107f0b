from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.gradients.activation_choice import ActivationChoice
from tests.plugins.advisor_rules.conftest import Advise
from tests.plugins.advisor_rules.gradients.needs import LEARNS, STUCK

TEN: dict[str, Value] = {"num_classes": 10}


@pytest.mark.parametrize("name", ["sigmoid", "nn.Sigmoid()", "logistic", "Tanh", "softmax"])
def test_a_saturating_activation_is_named_where_nothing_is_learned(
    advise: Advise, name: str
) -> None:
    run = make_run(series=STUCK, config={"model.activation": name, **TEN})
    (finding,) = advise(ActivationChoice(), run).findings
    (change,) = finding.changes
    assert (change.path, change.before, change.after) == ("model.activation", name, "relu")


def test_tanh_is_less_sure_than_sigmoid(advise: Advise) -> None:
    sigmoid, tanh = (
        advise(ActivationChoice(), make_run(series=STUCK, config={"act": name, **TEN})).findings[0]
        for name in ("sigmoid", "tanh")
    )
    assert sigmoid.confidence > tanh.confidence


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "gelu", "selu"])
def test_an_activation_with_which_the_run_learns_passes(advise: Advise, name: str) -> None:
    run = make_run(series=LEARNS, config={"activation": name, **TEN})
    assert advise(ActivationChoice(), run).result == "passed"


@pytest.mark.parametrize("depth", [4, 8])
def test_many_layers_of_sigmoids_are_named_whatever_the_curves_do(
    advise: Advise, depth: int
) -> None:
    run = make_run(series=LEARNS, config={"activation": "sigmoid", "num_layers": depth})
    (finding,) = advise(ActivationChoice(), run).findings
    assert finding.confidence == 0.6
    assert finding.changes[0].after == "relu"


@pytest.mark.parametrize(
    "config",
    [
        {"activation": "sigmoid", "num_layers": 3},
        {"activation": "tanh", "num_layers": 8},
        {"activation": "gelu", "num_layers": 48},
        {"activation": "sigmoid", "tree.depth": 8},
    ],
)
def test_a_shallow_net_or_another_activation_passes(
    advise: Advise, config: dict[str, Value]
) -> None:
    assert advise(ActivationChoice(), make_run(series=LEARNS, config=config)).result == "passed"


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "gelu", "silu", "linear"])
def test_an_activation_that_does_not_saturate_passes(advise: Advise, name: str) -> None:
    run = make_run(series=STUCK, config={"activation": name, **TEN})
    assert advise(ActivationChoice(), run).result == "passed"


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"output_activation": "sigmoid"},
        {"head.activation": "sigmoid"},
        {"lstm.gate.activation": "sigmoid"},
        {"layers.0.activation": "relu", "layers.1.activation": "sigmoid"},
        {"activation": "my own"},
    ],
)
def test_what_is_not_known_to_be_hidden_is_not_judged(
    advise: Advise, config: dict[str, Value]
) -> None:
    run = make_run(series=STUCK, config=config | TEN)
    assert advise(ActivationChoice(), run).result == "not-applicable"
