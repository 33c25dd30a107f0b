from __future__ import annotations

import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.testing.runs import make_run
from advisor_rules.gradients.swish_when_deep import SwishWhenDeep
from tests.plugins.advisor_rules.conftest import Advise
from tests.plugins.advisor_rules.gradients.needs import LEARNS


@pytest.mark.parametrize(
    ("layers", "name"), [(41, "relu"), ("101", "nn.ReLU"), (1001, "leaky_relu"), (56, "tanh")]
)
def test_many_layers_with_an_older_activation_are_a_note(
    advise: Advise, layers: Value, name: str
) -> None:
    run = make_run(series=LEARNS, config={"depth": layers, "act": name})
    (finding,) = advise(SwishWhenDeep(), run).findings
    assert finding.severity is Severity.NOTE
    assert [(c.path, c.after) for c in finding.changes] == [("act", "silu")]


@pytest.mark.parametrize(
    ("layers", "name"), [(40, "relu"), (12, "relu"), (96, "gelu"), (101, "swish"), (50, "mish")]
)
def test_other_nets_pass(advise: Advise, layers: int, name: str) -> None:
    run = make_run(series=LEARNS, config={"n_layers": layers, "activation": name})
    assert advise(SwishWhenDeep(), run).result == "passed"


@pytest.mark.parametrize(
    "config", [{}, {"depth": 101}, {"act": "relu"}, {"arch": "resnet101", "act": "relu"}]
)
def test_without_both_it_says_what_to_record(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(series=LEARNS, config=config)
    assert advise(SwishWhenDeep(), run).result == "not-applicable"
