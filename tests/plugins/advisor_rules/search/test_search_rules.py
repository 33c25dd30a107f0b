from __future__ import annotations

import random

import pytest

from advisor.model import Value
from advisor.run import Run
from advisor_rules.search.choice_untested import ChoiceUntested
from advisor_rules.search.retune_per_problem import RetunePerProblem
from advisor_rules.search.search_coarse_to_fine import SearchCoarseToFine
from advisor_rules.search.search_log_scale import SearchLogScale
from advisor_rules.search.search_one_change import SearchOneChange
from advisor_rules.search.search_order import SearchOrder
from advisor_rules.search.search_random_over_grid import SearchRandomOverGrid
from tests.plugins.advisor_rules.search.asking import found
from tests.sweeps import along, tried


def grid(rate_matters: float, drop_matters: float, drops: int = 4) -> list[Run]:
    rng = random.Random(3)
    return [
        tried(f"g{i}{j}", 0.4 + rate_matters * i + drop_matters * j + rng.gauss(0, 0.002),
              lr=10.0 ** (i - 4), dropout=0.1 * (j + 1))
        for i in range(3) for j in range(drops)
    ]  # fmt: skip


def test_a_grid_names_the_setting_that_decides() -> None:
    (finding,) = found(SearchRandomOverGrid(), *grid(0.15, 0.0))
    assert "`lr`" in finding.advice.evidence.text
    assert finding.evidence[0].value > 0.5


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(grid(0.1, 0.08), id="both matter"),
        pytest.param(grid(0.0, 0.0), id="neither matters"),
        pytest.param(grid(0.15, 0.0, drops=2), id="six runs do not tell"),
        pytest.param(along("lr", {10.0**-i: 0.1 * i for i in range(1, 9)}), id="one axis"),
        pytest.param(grid(0.15, 0.0)[:5], id="half a grid"),
    ],
)
def test_other_designs_are_no_wasteful_grid(runs: list[Run]) -> None:
    assert found(SearchRandomOverGrid(), *runs) == ()


@pytest.mark.parametrize("name", ["lr", "weight_decay", "optimizer.lr", "l2"])
def test_rates_in_equal_steps_are_found(name: str) -> None:
    (finding,) = found(SearchLogScale(), *along(name, {0.02 * i: 0.5 for i in range(1, 6)}))
    assert "equal steps" in finding.advice.evidence.text


def test_rates_drawn_evenly_over_decades_are_found() -> None:
    values = [0.001, 0.013, 0.027, 0.038, 0.052, 0.061, 0.074, 0.088, 0.1]
    (finding,) = found(SearchLogScale(), *along("lr", dict.fromkeys(values, 0.5)))
    assert "upper decade" in finding.advice.evidence.text


@pytest.mark.parametrize(
    ("name", "values"),
    [
        pytest.param("lr", [1e-4, 1e-3, 1e-2, 1e-1], id="ten-fold"),
        pytest.param("lr", [1e-3, 3e-3, 1e-2, 3e-2], id="three-fold"),
        pytest.param("lr", [0.1, 0.2, 0.3], id="three values"),
        pytest.param("lr", [0.1, 0.11, 0.12, 0.13], id="a narrow look around one value"),
        pytest.param("dropout", [0.1, 0.2, 0.3, 0.4], id="dropout goes in equal steps"),
        pytest.param("epochs", [10, 20, 30, 40], id="epochs"),
        pytest.param("momentum", [0.2, 0.4, 0.6, 0.8], id="momentum"),
        pytest.param("lr", [0, 1e-3, 1e-2, 1e-1], id="zero is no step"),
    ],
)
def test_other_scales_pass(name: str, values: list[float]) -> None:
    assert found(SearchLogScale(), *along(name, dict.fromkeys(values, 0.5))) == ()


def shapes(**more: Value) -> list[Run]:
    return [
        tried(f"s{w}{d}", 0.5, {"hidden": w, "layers": d, **more})
        for w in (32, 64, 128) for d in (1, 2)
    ]  # fmt: skip


def test_a_rate_that_never_moved_is_found() -> None:
    (finding,) = found(SearchOrder(), *shapes(lr=1e-3))
    assert "1e-3" in finding.advice.evidence.text


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(shapes(), id="no rate recorded"),
        pytest.param(shapes(lr="auto"), id="the rate is no number"),
        pytest.param(shapes(lr=1.0, optimizer="Prodigy"), id="the optimizer sets the rate"),
        pytest.param(
            [tried(f"v{i}", 0.5, lr=0.1, pi_lr=10.0**-i, width=i, depth=i % 3) for i in range(6)],
            id="another rate was searched",
        ),
        pytest.param(along("hidden", {2**i: 0.5 for i in range(8)}, lr=0.1), id="one setting"),
        pytest.param(
            [tried(f"e{i}", 0.5, lr=0.1, epochs=i + 5, hidden=2**i) for i in range(6)],
            id="only the length and one more",
        ),
    ],
)
def test_a_search_with_another_order_passes(runs: list[Run]) -> None:
    assert found(SearchOrder(), *runs) == ()


def test_a_best_rate_at_the_end_is_followed() -> None:
    (finding,) = found(SearchCoarseToFine(), *along("lr", {1e-4: 0.5, 1e-3: 0.7, 1e-2: 0.8}))
    change = finding.changes[0]
    assert (change.parameter, change.direction, change.after) == ("learning_rate", "up", 0.1)


def test_a_best_rate_between_distant_neighbours_is_refined() -> None:
    (finding,) = found(SearchCoarseToFine(), *along("lr", {1e-4: 0.5, 1e-3: 0.8, 1e-2: 0.6}))
    assert finding.changes == ()


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(along("lr", {1e-3: 0.7, 2e-3: 0.8, 4e-3: 0.75}), id="fine already"),
        pytest.param(along("lr", {1e-4: 0.7, 1e-3: 0.5, 1e-2: 0.8}), id="a rugged end"),
        pytest.param(along("lr", {1e-4: 0.7, 1e-3: 0.8}), id="two values"),
        pytest.param(along("epochs", {10: 0.5, 20: 0.7, 40: 0.8}), id="the length"),
        pytest.param(
            [tried(f"{p}{s}", 0.5 + 0.01 * p + 0.1 * s, lr=10.0**-p, seed=s)
             for p in (2, 3, 4) for s in (0, 1)], id="within the noise between seeds"),
        pytest.param(
            [tried(f"r{i}", 0.5 + i / 10, lr=10.0**-i, width=2**i) for i in range(1, 4)],
            id="something else changed as well"),
    ],
)  # fmt: skip
def test_a_search_without_an_open_end_passes(runs: list[Run]) -> None:
    assert found(SearchCoarseToFine(), *runs) == ()


def together(n: int, *, timed: bool = True, **more: Value) -> list[Run]:
    return [
        tried(f"r{i}", 0.5 + i / 50, {"lr": 0.5**i, "dropout": i / 20, "width": i, **more},
              at=i if timed else None)
        for i in range(1, n + 1)
    ]  # fmt: skip


def test_changes_all_at_once_are_found() -> None:
    (finding,) = found(SearchOneChange(), *together(5))
    assert finding.evidence[0].value == 4


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(together(5, timed=False), id="the order is not known"),
        pytest.param(together(3), id="two steps"),
        pytest.param(grid(0.1, 0.1), id="a grid"),
        pytest.param(along("lr", {0.5**i: 0.5 for i in range(6)}), id="one at a time"),
        pytest.param(
            [tried(f"t{i}", 0.5, lr=(0.1, 0.01)[i % 2], width=(8, 16)[i // 2 % 2],
                   depth=(1, 2)[i // 4], at=i * 5 % 8) for i in range(8)],
            id="effects can be fitted"),
    ],
)  # fmt: skip
def test_comparisons_that_can_be_read_pass(runs: list[Run]) -> None:
    assert found(SearchOneChange(), *runs) == ()


def stalled(best: int, n: int = 12, **more: Value) -> list[Run]:
    return [
        tried(f"r{i}", 0.8 - 0.01 * abs(i - best), {"lr": 0.7**i, "optimizer": "sgd", **more}, at=i)
        for i in range(n)
    ]


def test_a_stalled_search_is_shown_its_open_choices() -> None:
    (finding,) = found(ChoiceUntested(), *stalled(2, activation="relu"))
    assert "`optimizer`, `activation`" in finding.advice.evidence.text


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(stalled(9), id="the best came late"),
        pytest.param(stalled(2, n=6), id="few runs"),
        pytest.param(
            [tried(f"r{i}", 0.8 - 0.01 * i, lr=0.7**i, at=i) for i in range(12)], id="no choice"
        ),
        pytest.param(
            [tried(f"r{i}", 0.8 - 0.01 * i, lr=0.7**i, optimizer="sgd") for i in range(12)],
            id="the order is not known",
        ),
    ],
)
def test_a_search_that_goes_on_passes(runs: list[Run]) -> None:
    assert found(ChoiceUntested(), *runs) == ()


FIRST = [
    tried(f"a{i}", 0.8 - 0.1 * abs(i - 3), lr=10.0**-i, dataset="cifar10") for i in range(2, 5)
]


def second(rates: list[float], dataset: str = "svhn") -> list[Run]:
    return [tried(f"b{i}", 0.5, lr=r, dataset=dataset, layers=i) for i, r in enumerate(rates)]


def test_a_rate_that_was_carried_over_names_the_new_data() -> None:
    (finding,) = found(RetunePerProblem(), *FIRST, *second([1e-3] * 3))
    assert finding.runs == ("b0", "b1", "b2")
    assert "`svhn`" in finding.advice.evidence.text


@pytest.mark.parametrize(
    "runs",
    [
        pytest.param(second([1e-3, 1e-2, 1e-1]), id="searched there too"),
        pytest.param(second([3e-4] * 3), id="another rate"),
        pytest.param(second([1e-3] * 3, "cifar10"), id="the same data"),
        pytest.param(second([1e-3] * 2), id="two runs"),
    ],
)
def test_other_data_with_settings_of_their_own_pass(runs: list[Run]) -> None:
    assert found(RetunePerProblem(), *FIRST, *runs) == ()
