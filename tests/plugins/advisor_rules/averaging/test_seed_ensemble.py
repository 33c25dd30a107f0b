from __future__ import annotations

import pytest

from advisor.run import Run
from advisor_rules.averaging.seed_ensemble import SeedEnsemble
from tests.plugins.advisor_rules.search.asking import found
from tests.sweeps import tried


def seeds(n: int, score: float, **config: float | str) -> list[Run]:
    return [
        tried(f"{config}{i}", score + 0.01 * i, {"num_classes": 10, "seed": i, **config})
        for i in range(n)
    ]


def test_seeds_of_the_best_configuration_are_found() -> None:
    (finding,) = found(SeedEnsemble(), *seeds(3, 0.8, lr=0.1), *seeds(1, 0.6, lr=0.01))
    assert "3 runs" in finding.advice.evidence.text
    assert finding.evidence[0].value == pytest.approx(0.81, abs=0.01)


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param([*seeds(2, 0.8, lr=0.1), *seeds(1, 0.6, lr=0.01)], id="two seeds"),
        pytest.param([*seeds(3, 0.5, lr=0.1), *seeds(1, 0.9, lr=0.01)], id="a worse one"),
        pytest.param([tried(f"r{i}", 0.8, num_classes=10, lr=0.1) for i in range(4)], id="no seed"),
        pytest.param(
            [tried(f"r{i}", 0.8, num_classes=10, lr=0.1, seed=1) for i in range(4)], id="one seed"
        ),
        pytest.param(
            [tried(f"r{i}", 0.8, num_classes=10, lr=0.1**i, seed=i) for i in range(4)],
            id="the rate differs too",
        ),
    ],
)
def test_other_studies_pass(runs: list[Run]) -> None:
    assert found(SeedEnsemble(), *runs) == ()
