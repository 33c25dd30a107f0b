from __future__ import annotations

import pytest

from advisor.judging.judge import judge_study
from advisor_rules.fit.overfit_then_regularize import OverfitThenRegularize
from advisor_rules.trials import losses

DROPS = (0.0, 0.2, 0.4)


def count(training: float, validation: float, *, turn: float = 1.0, name: str = "dropout") -> int:
    """Ask about runs whose losses rise by so much for each unit of a setting."""
    runs = [(0.5 + training * d, 0.8 + validation * d, {name: d}) for d in DROPS]
    study = losses(runs, turn=turn)
    return len(judge_study(study, OverfitThenRegularize(), seconds=60).findings)


@pytest.mark.parametrize("name", ["dropout", "weight_decay", "label_smoothing"])
def test_regularization_that_only_costs_is_found(name: str) -> None:
    assert count(0.5, 0.3, name=name) == 1


@pytest.mark.parametrize(
    ("training", "validation", "turn", "name"),
    [
        pytest.param(0.5, -0.3, 1.0, "dropout", id="validation gains"),
        pytest.param(0.0, 0.3, 1.0, "dropout", id="training does not suffer"),
        pytest.param(-0.5, 0.3, 1.0, "dropout", id="training gains"),
        pytest.param(0.5, 0.3, 0.3, "dropout", id="the weaker overfits"),
        pytest.param(0.5, 0.3, 1.0, "width", id="no regularizer"),
    ],
)
def test_other_effects_pass(training: float, validation: float, turn: float, name: str) -> None:
    assert count(training, validation, turn=turn, name=name) == 0


def test_runs_that_differ_in_more_are_no_pairs() -> None:
    study = losses([(0.5 + d, 0.8 + d, {"dropout": d, "lr": 0.1 + d}) for d in DROPS])
    assert judge_study(study, OverfitThenRegularize(), seconds=60).findings == ()
