from __future__ import annotations

from collections.abc import Mapping

import pytest

from advisor.judging.judge import judge_study
from advisor.model import Value
from advisor_rules.fit.regularization_not_tuned import RegularizationNotTuned
from advisor_rules.trials import losses


def count(*configs: Mapping[str, Value], turn: float = 0.3) -> int:
    study = losses([(0.05, 1.0, config) for config in configs], turn=turn)
    return len(judge_study(study, RegularizationNotTuned(), seconds=60).findings)


def rates(n: int, **more: Value) -> list[dict[str, Value]]:
    return [{"lr": 10.0**-i, **more} for i in range(n)]


@pytest.mark.parametrize("more", [{"dropout": 0.1}, {"weight_decay": 0.0}, {"model.dropout": 0.5}])
def test_one_regularization_in_overfitted_runs_is_found(more: dict[str, Value]) -> None:
    assert count(*rates(5, **more)) == 1


@pytest.mark.parametrize(
    ("configs", "turn"),
    [
        pytest.param(rates(5, dropout=0.1), 1.0, id="no overfitting"),
        pytest.param(rates(5, dropout=0.1), 0.95, id="a turn at the very end"),
        pytest.param(rates(5), 0.3, id="not recorded"),
        pytest.param(rates(3, dropout=0.1), 0.3, id="three runs"),
        pytest.param([{"dropout": 0.1 * i, "lr": 0.1} for i in range(5)], 0.3, id="searched"),
        pytest.param([{"dropout": 0.1}] * 5, 0.3, id="nothing varied"),
    ],
)
def test_other_studies_pass(configs: list[dict[str, Value]], turn: float) -> None:
    assert count(*configs, turn=turn) == 0
