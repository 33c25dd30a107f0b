from __future__ import annotations

import pytest

from advisor.run import Run
from advisor_rules.learning_rate.lr_retune import LrRetune
from tests.plugins.advisor_rules.search.asking import found
from tests.sweeps import tried

SEARCHED = [tried(f"a{i}", 0.5, lr=10.0**-i, optimizer="sgd", batch_size=32) for i in (1, 2, 3)]


def kept(n: int, **more: str | float) -> list[Run]:
    config = {"lr": 0.1, "optimizer": "sgd", "batch_size": 32, **more}
    return [tried(f"b{i}", 0.6, config, layers=i) for i in range(n)]


@pytest.mark.parametrize(("name", "value"), [("optimizer", "adam"), ("batch_size", 512)])
def test_a_rate_that_was_kept_for_a_new_value_is_found(name: str, value: str | int) -> None:
    (finding,) = found(LrRetune(), *SEARCHED, *kept(2, **{name: value}))
    assert finding.evidence[0].value == 1
    assert "2 runs" in finding.advice.evidence.text


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(kept(1, optimizer="adam"), id="a single controlled pair"),
        pytest.param(kept(3), id="nothing else changed"),
        pytest.param(kept(2, lr=3e-4, optimizer="adam"), id="a rate of its own"),
        pytest.param(
            [tried(f"c{i}", 0.5, lr=10.0**-i, optimizer="adam") for i in (1, 2, 3)], id="searched"
        ),
        pytest.param(kept(2, note="x"), id="a setting that no rate depends on"),
    ],
)
def test_other_comparisons_pass(runs: list[Run]) -> None:
    assert found(LrRetune(), *SEARCHED, *runs) == ()
