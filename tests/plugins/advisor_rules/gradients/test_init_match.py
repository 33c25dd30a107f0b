from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.gradients.init_match import InitMatch
from tests.plugins.advisor_rules.conftest import Advise
from tests.plugins.advisor_rules.gradients.needs import LEARNS, STUCK


@pytest.mark.parametrize(
    ("activation", "init", "wanted"),
    [
        ("selu", "he", "lecun"),
        ("SELU", "glorot_uniform", "lecun"),
        ("relu", "zeros", "he"),
        ("tanh", "Zeros", "glorot"),
    ],
)
def test_what_cannot_work_is_a_note_whatever_the_curves(
    advise: Advise, activation: str, init: str, wanted: str
) -> None:
    run = make_run(series=LEARNS, config={"activation": activation, "weight_init": init})
    (finding,) = advise(InitMatch(), run).findings
    assert [(c.before, c.after) for c in finding.changes] == [(init, wanted)]


@pytest.mark.parametrize(
    ("activation", "init", "wanted"),
    [("relu", "xavier_normal_", "he"), ("tanh", "kaiming_uniform_", "glorot"),
     ("sigmoid", "HeNormal", "glorot"), ("elu", "glorot", "lecun")],
)  # fmt: skip
def test_another_mismatch_counts_where_nothing_is_learned(
    advise: Advise, activation: str, init: str, wanted: str
) -> None:
    config: dict[str, Value] = {"activation": activation, "kernel_initializer": init}
    stuck = make_run(series=STUCK, config=config | {"num_classes": 10})
    assert advise(InitMatch(), stuck).findings[0].changes[0].after == wanted
    assert advise(InitMatch(), make_run(series=LEARNS, config=config)).result == "passed"


@pytest.mark.parametrize(
    ("activation", "init"),
    [("relu", "he"), ("leaky_relu", "kaiming_normal_"), ("selu", "lecun_normal"), ("elu", "he"),
     ("elu", "lecun"), ("tanh", "xavier"), ("tanh", "lecun"), ("relu", "orthogonal"),
     ("selu", "normal"), ("relu", "trunc_normal_")],
)  # fmt: skip
def test_what_suits_or_may_suit_passes(advise: Advise, activation: str, init: str) -> None:
    config: dict[str, Value] = {"activation": activation, "weight_init": init, "num_classes": 10}
    assert advise(InitMatch(), make_run(series=STUCK, config=config)).result == "passed"


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"activation": "relu"},
        {"weight_init": "zeros"},
        {"activation": "relu", "bias_initializer": "zeros"},
        {"activation": "relu", "bias.initializer": "zeros"},
        {"activation": "gelu", "weight_init": "glorot"},
        {"activation": "relu", "weight_init": "pretrained"},
    ],
)
def test_what_is_not_recorded_is_not_judged(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(series=STUCK, config=config | {"num_classes": 10})
    assert advise(InitMatch(), run).result == "not-applicable"
