from __future__ import annotations

import random

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Run
from advisor.sweep import Design, Scale, Search
from advisor.testing import make_run, make_study
from tests.sweeps import along, tried

GRID = [
    tried(f"g{i}{j}", 0.5 + 0.1 * i + 0.01 * j, lr=lr, dropout=drop)
    for i, lr in enumerate((1e-4, 1e-3, 1e-2))
    for j, drop in enumerate((0.1, 0.3))
]


def only(*runs: Run) -> Search:
    searches = make_study(*runs).searches
    assert len(searches) == 1
    return searches[0]


def test_the_best_run_comes_first_in_either_direction() -> None:
    assert [t.name for t in only(*GRID).trials][:2] == ["g21", "g20"]
    losses = [make_run(name=f"r{i}", val_loss=np.full(20, 0.5 + 0.1 * i)) for i in range(3)]
    assert [t.name for t in only(*losses).trials] == ["r0", "r1", "r2"]


def test_what_varied_is_found_with_its_scale() -> None:
    found = only(*GRID)
    assert [(f.name, f.scale, f.numbers) for f in found.factors] == [
        ("dropout", Scale.LINEAR, (0.1, 0.3)),
        ("learning_rate", Scale.LOG, (1e-4, 1e-3, 1e-2)),
    ]
    assert found.design is Design.GRID
    assert found.configurations == 6


@pytest.mark.parametrize(
    "path",
    ["seed", "run_name", "output_dir", "trainer__log_every_n_steps", "device", "wandb__project",
     "exp_name", "num_workers", "_wandb__version", "model__training__hooks___x", "date", "api_key"],
)  # fmt: skip
def test_what_keeps_records_is_no_hyperparameter(path: str) -> None:
    runs = [
        tried(f"r{i}", 0.5 + i / 10, {path.replace("__", "."): f"value-{i}"}, lr=0.1)
        for i in range(4)
    ]
    assert only(*runs).factors == ()


@pytest.mark.parametrize("path", ["fold", "data.fold_id", "cv_fold"])
def test_the_folds_of_a_cross_validation_are_not_compared(path: str) -> None:
    runs = [tried(f"r{i}", 0.5 + i / 10, {path: i}, lr=0.1) for i in range(4)]
    assert make_study(*runs).searches == ()


def test_folds_by_their_names_are_not_compared() -> None:
    assert make_study(*(tried(f"fold_{i}", 0.5) for i in range(4))).searches == ()


def test_settings_are_compared_on_the_same_fold() -> None:
    runs = [
        tried(f"{lr} {fold}", lr + fold / 10, lr=lr, fold=fold)
        for lr in (0.1, 0.2, 0.3)
        for fold in range(2)
    ]
    searches = make_study(*runs).searches
    assert [[f.name for f in search.factors] for search in searches] == [["learning_rate"]] * 2


def test_one_setting_under_two_names_is_one() -> None:
    runs = [tried(f"r{i}", 0.5, lrf=0.1 * i, hyp__lrf=0.1 * i, lr="1e-1") for i in range(1, 5)]
    assert [f.path for f in only(*runs).factors] == ["lrf"]


def test_the_address_of_an_object_is_no_difference() -> None:
    runs = [tried(f"r{i}", 0.5, act=f"<function relu at 0x7f{i}>", lr=0.1) for i in range(4)]
    assert only(*runs).factors == ()


def test_two_spellings_of_a_number_are_one_value() -> None:
    spellings: tuple[Value, ...] = ("1e-1", 0.1, 0.10, "0.01")
    runs = [tried(f"r{i}", 0.5, lr=value) for i, value in enumerate(spellings)]
    assert only(*runs).factors[0].numbers == (0.01, 0.1)


def test_runs_on_other_data_are_another_search() -> None:
    runs = [tried(f"{d}{i}", 0.5, dataset=d, lr=10.0**-i) for d in "ab" for i in range(3)]
    found = make_study(*runs).searches
    assert [s.problem for s in found] == [(("dataset", "a"),), (("dataset", "b"),)]


def test_losses_of_two_functions_are_not_compared() -> None:
    runs = [
        make_run(name=f"{loss}{i}", val_loss=np.full(20, 0.5 + i), config={"criterion": loss})
        for loss in ("mse", "mae")
        for i in range(3)
    ]
    assert len(make_study(*runs).searches) == 2


def test_a_run_that_is_far_shorter_is_left_out() -> None:
    found = only(*GRID, tried("short", 0.9, points=12, lr=1e-3, dropout=0.1))
    assert found.unfinished == ("short",)


def test_larger_batches_take_fewer_updates_for_the_same_work() -> None:
    runs = [tried(f"b{b}", 0.5, points=3200 // b, batch_size=b) for b in (16, 32, 64, 128)]
    assert only(*runs).unfinished == ()


def test_as_many_updates_with_a_smaller_batch_are_finished_too() -> None:
    runs = [tried(f"b{b}-{i}", 0.5, batch_size=b) for b in (16, 512) for i in range(3)]
    assert only(*runs).unfinished == ()


def test_a_run_that_records_other_settings_is_left_out() -> None:
    found = only(*GRID, tried("strange", 0.5, width=3, heads=4))
    assert found.unlike == ("strange",)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_runs_are_no_search(count: int) -> None:
    assert make_study(*GRID[:count]).searches == ()


def test_seed_noise_is_pooled_over_configurations() -> None:
    scores = {("a", 0): 0.50, ("a", 1): 0.54, ("b", 0): 0.70, ("b", 1): 0.74}
    runs = [tried(f"{c}{s}", v, optimizer=c, seed=s) for (c, s), v in scores.items()]
    noise = only(*runs).noise
    assert noise is not None
    assert noise.sd == pytest.approx(0.0283, rel=0.05)
    assert (noise.configurations, noise.freedom) == (2, 2)


@pytest.mark.parametrize(
    "configs",
    [
        pytest.param([{"lr": 0.1}] * 4, id="no seed is recorded"),
        pytest.param([{"lr": 0.1, "seed": 1}] * 4, id="one seed"),
        pytest.param([{"lr": 10.0**-i, "seed": i} for i in range(4)], id="another rate as well"),
        pytest.param(
            [{"lr": 0.1, "seed": i, "a" * (i + 1): 1} for i in range(4)], id="another setting"
        ),
    ],
)
def test_without_two_seeds_of_one_configuration_the_noise_is_unknown(
    configs: list[dict[str, Value]],
) -> None:
    found = only(*(tried(f"r{i}", 0.5 + i / 10, c) for i, c in enumerate(configs)))
    assert found.noise is None
    assert found.clear(1.0) is None


def test_runs_are_ordered_in_time_and_the_changes_found() -> None:
    runs = [
        tried("z", 0.5, at=0, lr=0.1, dropout=0.1),
        tried("y", 0.6, at=1, lr=0.01, dropout=0.1),
        tried("x", 0.7, at=2, lr=0.001, dropout=0.3),
    ]
    found = only(*runs)
    assert [t.name for t in found.ordered] == ["z", "y", "x"]
    assert found.changes == (("learning_rate",), ("dropout", "learning_rate"))


def test_times_that_count_from_the_start_of_a_run_order_nothing() -> None:
    x = np.linspace(0.5, 0.9, 20)
    runs = [
        make_run(name=f"r{i}", val_accuracy=x, started=float(i), config={"lr": 0.1 * i})
        for i in range(4)
    ]
    assert only(*runs).ordered == ()


def test_designs_are_told_apart() -> None:
    rng = random.Random(0)
    drawn = [tried(f"r{i}", 0.5, lr=10 ** rng.uniform(-5, -1)) for i in range(10)]
    assert only(*drawn).design is Design.RANDOM
    rates = along("lr", {0.1: 0.5, 0.01: 0.6, 0.001: 0.7})
    assert only(*rates).design is Design.ONE_AT_A_TIME
    mixed = [tried(f"m{i}", 0.5, at=i, lr=10.0**-i, dropout=i / 10) for i in range(1, 5)]
    assert only(*mixed).design is Design.OTHER


def test_slices_hold_all_but_one_setting() -> None:
    found = only(*GRID)
    rate = found.factor("learning_rate")
    assert rate is not None
    names = [{found.trials[row].name for row in rows} for rows in found.slices(rate)]
    assert sorted(map(sorted, names)) == [["g00", "g10", "g20"], ["g01", "g11", "g21"]]


def test_what_only_some_runs_record_spoils_a_slice() -> None:
    runs = [tried(f"r{i}", 0.5, lr=10.0**-i, epochs=9) for i in range(1, 6)]
    runs += [tried("extra", 0.9, lr=1e-6, epochs=9, trick=True)]
    found = only(*runs)
    rate = found.factor("learning_rate")
    assert rate is not None
    assert "extra" not in {found.trials[row].name for rows in found.slices(rate) for row in rows}


def test_the_order_of_the_runs_changes_nothing() -> None:
    turned = only(*GRID[::-1])
    assert [t.name for t in turned.trials] == [t.name for t in only(*GRID).trials]
    assert [f.index.tolist() for f in turned.factors] == [
        f.index.tolist() for f in only(*GRID).factors
    ]


def test_runs_that_differ_in_nearly_everything_are_no_search() -> None:
    names = ("lr", "dropout", "width", "epochs", "weight_decay", "momentum")
    runs = [
        tried(f"r{i}", 0.5, {n: (i + 1) * (j + 1) for j, n in enumerate(names)}) for i in (0, 1, 2)
    ]
    assert make_study(*runs).searches == ()
    constant = {f"p{i}": 1 for i in range(8)}
    more = [tried(f"r{i}", 0.5, {**constant, **dict.fromkeys(names, i + 1)}) for i in range(3)]
    assert len(make_study(*more).searches) == 1


def test_runs_of_another_task_or_another_logger_are_another_search() -> None:
    x = np.linspace(2.0, 1.0, 20)
    plain = [make_run(name=f"a{i}", val_loss=x, config={"lr": 10.0**-i}) for i in range(3)]
    named = [make_run(name=f"b{i}", series={"valid_loss": x, "train_loss": x}) for i in range(3)]
    assert len(make_study(*plain, *named).searches) == 2
