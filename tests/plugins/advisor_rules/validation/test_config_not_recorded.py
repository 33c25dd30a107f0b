from __future__ import annotations

import pytest

from advisor.model import Value
from advisor.testing import make_run
from advisor_rules.validation.config_not_recorded import ConfigNotRecorded
from tests.plugins.advisor_rules.search.asking import found
from tests.sweeps import tried

RISING = (0.1, 0.5, 0.6, 0.7)


def count(*configs: dict[str, Value], step: float = 0.1) -> int:
    runs = [tried(f"r{i}", 0.5 + step * i, config) for i, config in enumerate(configs)]
    return len(found(ConfigNotRecorded(), *runs))


@pytest.mark.parametrize(
    "configs",
    [
        pytest.param([{}] * 3, id="none"),
        pytest.param([{}, {}, {"lr": 0.1}], id="only one"),
        pytest.param([{"lr": 0.1, "width": 8}] * 4, id="all the same"),
        pytest.param([{"lr": 0.1, "seed": 1}] * 4, id="the seed too"),
    ],
)
def test_runs_that_cannot_be_told_apart_are_found(configs: list[dict[str, Value]]) -> None:
    assert count(*configs) == 1


@pytest.mark.parametrize(
    ("configs", "step"),
    [
        pytest.param([{"lr": 0.1}, {"lr": 0.01}, {"lr": 0.2}], 0.1, id="rates"),
        pytest.param([{"lr": 0.1, "seed": i} for i in range(4)], 0.1, id="seeds"),
        pytest.param([{"lr": 0.1}] * 4, 1e-5, id="equal scores"),
        pytest.param([{}, {}], 0.1, id="two runs"),
        pytest.param([{}, {"lr": 0.1}, {"lr": 0.2}, {"lr": 0.3}], 0.1, id="one of four lacks them"),
        pytest.param([], 0.1, id="no runs"),
    ],
)
def test_runs_that_can_be_compared_pass(configs: list[dict[str, Value]], step: float) -> None:
    assert count(*configs, step=step) == 0


def test_runs_of_unrelated_programs_are_no_study() -> None:
    runs = [
        make_run(name="a", val_accuracy=RISING),
        make_run(name="b", val_auc=RISING),
        make_run(name="c", val_f1=RISING),
        make_run(name="d", val_dice=RISING),
    ]
    assert found(ConfigNotRecorded(), *runs) == ()


def test_a_run_of_another_program_is_not_counted() -> None:
    runs = [tried(f"r{i}", 0.5 + 0.1 * i, {}) for i in range(4)]
    other = make_run(name="other", val_dice=RISING)
    (finding,) = found(ConfigNotRecorded(), *runs, other)
    assert "4 of 4 runs" in finding.advice.evidence.text
    assert "other" not in finding.runs


def test_a_few_runs_among_many_that_record_their_settings_are_no_study() -> None:
    bare = [tried(f"r{i}", 0.5, {}) for i in range(3)]
    others = [
        make_run(name=f"other {i}", val_dice=RISING, config={"lr": 0.1 / (i + 1)}) for i in range(4)
    ]
    assert found(ConfigNotRecorded(), *bare, *others) == ()
    assert found(ConfigNotRecorded(), *bare, *others[:3])


@pytest.mark.parametrize("name", ["fold_{}", "fold-{}/log", "a/kfold{}", "cv_{}", "Fold {}"])
def test_folds_of_one_configuration_are_told_apart_by_their_names(name: str) -> None:
    runs = [tried(name.format(i), 0.5 + 0.1 * i, {}) for i in range(4)]
    assert found(ConfigNotRecorded(), *runs) == ()


@pytest.mark.parametrize(
    "name", ["width_{}", "unfold_{}", "fold_0.{}", "{} of fold_1", "model_{}/fold_{}"]
)
def test_other_numbers_in_names_are_no_folds(name: str) -> None:
    runs = [tried(name.format(i, i), 0.5 + 0.1 * i, {}) for i in range(4)]
    assert len(found(ConfigNotRecorded(), *runs)) == 1


def test_a_recorded_fold_tells_runs_apart() -> None:
    folds: list[dict[str, Value]] = [{"lr": 0.1, "fold": i} for i in range(4)]
    assert count(*folds) == 0
