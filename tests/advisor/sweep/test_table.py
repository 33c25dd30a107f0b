from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from advisor.limits import time_limit
from advisor.report import Report
from advisor.report.sweep import Sweep, SweepFactor
from advisor.run import ConfigValue, Run
from advisor.study import Study
from advisor.sweep.table import ROWS, sweep_of
from advisor.testing import make_study
from tests.support import HANG
from tests.sweeps import along, tried


def table(*runs: Run) -> Sweep:
    made = sweep_of(make_study(*runs))
    assert made is not None
    return made


def factor(made: Sweep, name: str) -> SweepFactor:
    return next(f for f in made.factors if f.parameter == name)


def drawn(n: int, score: Callable[[float, float], float], seed: int = 0) -> list[Run]:
    """Draw a rate and a dropout for each of ``n`` runs; ``score`` gets log10(rate) and dropout."""
    rng = np.random.default_rng(seed)
    runs = []
    for i in range(n):
        power, drop = rng.uniform(-5, -1), rng.uniform(0, 0.5)
        reached = score(power, drop) + rng.normal() * 0.01
        runs.append(tried(f"r{i:03}", reached, lr=10**power, dropout=drop))
    return runs


def test_what_decides_is_told_from_what_does_not() -> None:
    made = table(*drawn(40, lambda power, _: 0.9 - 0.1 * (power + 3) ** 2))
    rate, drop = factor(made, "learning_rate"), factor(made, "dropout")
    assert made.factors[0] is rate
    assert rate.share is not None
    assert rate.share > 0.5
    assert rate.low is not None
    assert rate.low > 0.3
    assert drop.low == 0
    assert "Cannot tell" in drop.importance.text


@pytest.mark.parametrize("seed", range(8))
def test_pure_noise_decides_nothing(seed: int) -> None:
    made = table(*drawn(24, lambda _power, _drop: 0.5, seed=seed))
    assert all(not f.low for f in made.factors)


def test_the_importance_of_few_runs_cannot_be_told() -> None:
    made = table(*along("lr", {0.1: 0.1, 0.01: 0.5, 0.001: 0.9}))
    assert made.factors[0].share is None


def test_a_value_for_each_run_cannot_be_told() -> None:
    made = table(*(tried(f"r{i}", i / 20, note_on_features=f"set {i}") for i in range(12)))
    assert made.factors[0].share is None


def test_the_next_region_lies_around_the_best_value() -> None:
    made = table(*along("lr", {1e-4: 0.5, 1e-3: 0.7, 1e-2: 0.8, 1e-1: 0.4}))
    found = factor(made, "learning_rate").search
    assert found is not None
    assert (found.low, found.high, found.beyond) == (1e-3, 1e-1, "")


def test_the_next_region_reaches_beyond_an_edge() -> None:
    made = table(*along("lr", {1e-4: 0.5, 1e-3: 0.7, 1e-2: 0.8}))
    found = factor(made, "learning_rate").search
    assert found is not None
    assert (found.low, found.high, found.beyond) == (1e-3, 1e-1, "high")


def test_a_best_value_at_the_end_of_a_rugged_curve_is_no_edge() -> None:
    made = table(*along("lr", {1e-4: 0.6, 1e-3: 0.5, 1e-2: 0.8}))
    found = factor(made, "learning_rate").search
    assert found is not None
    assert (found.low, found.high, found.beyond) == (1e-3, 1e-2, "")


def test_a_region_keeps_shares_below_one_and_counts_whole() -> None:
    drop = factor(table(*along("dropout", {0.5: 0.5, 0.7: 0.6, 0.9: 0.7})), "dropout").search
    assert drop is not None
    assert drop.high < 1
    width = factor(table(*along("width", {16: 0.5, 64: 0.6, 256: 0.7})), "width").search
    assert width is not None
    assert (width.low, width.high) == (64, 1024)


@pytest.mark.parametrize("parameter", ["epochs", "max_steps"])
def test_no_region_is_given_for_the_length(parameter: str) -> None:
    made = table(*along(parameter, {10: 0.5, 20: 0.6, 40: 0.7}))
    assert made.factors[0].search is None


def test_values_that_seeds_cannot_tell_apart_are_searched_together() -> None:
    scores = {1e-4: (0.1, 0.12), 1e-3: (0.70, 0.74), 1e-2: (0.71, 0.75)}
    runs = [
        tried(f"{lr}-{s}", v, lr=lr, seed=s)
        for lr, values in scores.items()
        for s, v in enumerate(values)
    ]
    made = table(*runs)
    found = factor(made, "learning_rate").search
    assert made.seed_sd == pytest.approx(0.025, rel=0.1)
    assert found is not None
    assert (found.low, found.high, found.beyond) == (1e-3, 1e-2, "")


def test_settings_that_changed_together_give_no_region() -> None:
    runs = [tried(f"r{i}", i / 10, lr=10.0**-i, dropout=i / 10, width=i) for i in range(1, 5)]
    assert all(f.search is None for f in table(*runs).factors)


def test_the_rows_are_the_best_runs_and_the_rest_is_counted() -> None:
    made = table(*drawn(60, lambda power, _: power / 10 + 0.6))
    assert len(made.rows) == ROWS
    assert made.runs == 60
    scores = [row.score for row in made.rows if row.score is not None]
    assert scores == sorted(scores, reverse=True)


def test_a_run_that_failed_is_the_last_row() -> None:
    runs = along("lr", {1e-4: 0.5, 1e-3: 0.7, 1e-2: 0.8, 10.0: float("nan")})
    row = table(*runs).rows[-1]
    assert row.score is None
    assert row.settings == {"learning_rate": 10.0}


def test_long_values_are_cut_and_secrets_left_out() -> None:
    runs = [tried(f"r{i}", i / 10, features="x" * 500 + str(i), api_key=f"k{i}") for i in range(4)]
    made = table(*runs)
    assert [f.parameter for f in made.factors] == ["features"]
    assert all(len(str(v)) <= 40 for f in made.factors for v in f.values)


def test_without_comparable_runs_there_is_no_table() -> None:
    assert sweep_of(Study(runs=())) is None
    assert sweep_of(make_study(tried("a", 0.5), tried("b", 0.6))) is None


def test_the_order_of_the_runs_changes_nothing() -> None:
    study = make_study(*drawn(30, lambda power, drop: power / 10 + drop))
    shuffled = list(study.runs)
    random.Random(1).shuffle(shuffled)
    assert sweep_of(study) == sweep_of(Study(runs=tuple(shuffled)))


def test_an_old_report_without_a_table_still_reads() -> None:
    assert Report.model_fields["sweep"].default is None


def test_two_thousand_runs_do_not_hang() -> None:
    study = make_study(*drawn(3, lambda power, _: power))
    rng = random.Random(0)
    origin = study.runs[0].config["lr"].origin
    runs = []
    for i in range(2000):
        values = {f"p{j}": rng.choice((1, 2, 3)) if j % 2 else rng.random() for j in range(20)}
        config = {path: ConfigValue(value=v, origin=origin) for path, v in values.items()}
        runs.append(study.runs[i % 3].model_copy(update={"name": f"r{i}", "config": config}))
    with time_limit(HANG):
        assert sweep_of(Study(runs=tuple(runs))) is not None
