"""What counts as a fault, as harmless and as healthy follows from trainings and their twins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from advisor.run import Floats
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import Truth

pytestmark = pytest.mark.needs("torch", "sklearn")

GOOD = (0.80, 0.82, 0.81)
WAY, CHECK, FAULT = 1.0, 2.0, 3.0
"""The learning rates by which the trainings are told apart."""


def _setup(rate: float) -> Setup:
    from benchmarks.diagnosis.setup import Setup

    return Setup("clusters", "mlp", 0, 10, 32, rate)


def _truths(
    ends: Mapping[float, tuple[float, ...]], late: float = 0.0, objective: str = "metric"
) -> tuple[Truth, Truth]:
    """Judge a way to train and a fault whose seeds end as given; ``late`` gets there last."""
    from benchmarks.diagnosis.plan import Cell
    from benchmarks.diagnosis.truth import Judge

    def results(asked: Setup) -> dict[str, Floats]:
        end = ends[asked.learning_rate][asked.seed - 1]
        at = 9 if asked.learning_rate == late else 4
        curve = np.where(np.arange(10) < at, 0.25, end)
        return {"val_metric": curve, "val_loss": -curve, "ends": np.arange(1, 11) * 10}

    way = Cell("healthy", "plain", "", _setup(WAY))
    check = Cell("check", "longer", "plain", _setup(CHECK), _setup(WAY))
    fault = Cell("fault", "lr-too-high", "3", _setup(FAULT), _setup(WAY))
    judge = Judge([way, check, fault], results)
    return judge.truth(way, objective), judge.truth(fault, objective)


def _own(ends: tuple[float, ...], seed: int, late: tuple[int, ...] = ()) -> Truth:
    """Judge one training of a fault whose seeds end as given; those in ``late`` get there last."""
    from benchmarks.diagnosis.plan import Cell
    from benchmarks.diagnosis.truth import Judge

    def results(asked: Setup) -> dict[str, Floats]:
        planted = asked.learning_rate == FAULT
        at = 9 if planted and asked.seed in late else 4
        curve = np.where(np.arange(10) < at, 0.25, (ends if planted else GOOD)[asked.seed - 1])
        return {
            "val_metric": curve,
            "val_loss": -curve,
            "loss": -curve,
            "ends": np.arange(1, 11) * 10,
        }

    way = Cell("healthy", "plain", "", _setup(WAY))
    check = Cell("check", "longer", "plain", _setup(CHECK), _setup(WAY))
    fault = Cell("fault", "lr-too-high", "3", _setup(FAULT), _setup(WAY))
    judge = Judge([way, check, fault], results)
    return judge.truth_of(fault.setup.changed(seed=seed), fault, "metric")


@pytest.mark.parametrize("ends", [(0.81, 0.80, 0.82), (0.80, 0.80, 0.81), (0.9, 0.9, 0.9)])
def test_a_training_that_ends_no_worse_than_the_seeds_vary_is_harmless(
    ends: tuple[float, ...],
) -> None:
    _, fault = _truths({WAY: GOOD, CHECK: GOOD, FAULT: ends})
    assert fault.state == "harmless"


@pytest.mark.parametrize(
    ("ends", "level"),
    [
        ((0.78, 0.77, 0.78), "subtle"),
        ((0.70, 0.72, 0.71), "clear"),
        ((0.30, 0.30, 0.30), "blatant"),
    ],
)
def test_the_level_of_a_fault_is_the_share_of_what_was_learned_that_it_costs(
    ends: tuple[float, ...], level: str
) -> None:
    _, fault = _truths({WAY: GOOD, CHECK: GOOD, FAULT: ends})
    assert (fault.state, fault.level) == ("planted", level)


def test_a_training_that_ends_as_well_but_much_later_has_a_fault() -> None:
    _, fault = _truths({WAY: GOOD, CHECK: GOOD, FAULT: GOOD}, late=FAULT)
    assert (fault.state, fault.level) == ("planted", "subtle")


def test_a_way_that_no_check_beats_is_healthy() -> None:
    way, _ = _truths({WAY: GOOD, CHECK: (0.81, 0.82, 0.82), FAULT: GOOD})
    assert way.state == "healthy"


def test_where_a_check_is_better_neither_the_way_nor_what_equals_it_is_judged() -> None:
    way, fault = _truths({WAY: GOOD, CHECK: (0.9, 0.9, 0.9), FAULT: GOOD})
    assert (way.state, fault.state) == ("unclear", "unclear")


def test_a_loss_that_is_not_finite_is_a_blatant_fault() -> None:
    bad = (np.nan, np.nan, np.nan)
    _, fault = _truths({WAY: GOOD, CHECK: GOOD, FAULT: bad}, objective="loss")
    assert fault.level == "blatant"


def _struck(
    bug: str, ends: tuple[float, ...], *, seed: int = 1, blown_up: bool = True
) -> tuple[Truth, Truth]:
    """Judge a bug's training of one seed by its metric and by its loss, which is far higher."""
    from benchmarks.diagnosis.plan import Cell
    from benchmarks.diagnosis.truth import Judge

    def results(asked: Setup) -> dict[str, Floats]:
        end = (ends if asked.bugs else GOOD)[asked.seed - 1]
        loss = np.full(10, 9.0 if asked.bugs else 0.1)
        steps = np.append(loss[1:], np.nan) if asked.bugs and blown_up else loss
        return {"val_metric": np.full(10, end), "val_loss": loss, "loss": steps,
                "ends": np.arange(1, 11) * 10}  # fmt: skip

    twin = _setup(WAY)
    bugged = twin.changed(bugs=(bug,))
    cells = [Cell("healthy", "plain", "", twin), Cell("check", "longer", "plain", twin, twin)]
    cells.append(Cell("fault", bug, "always", bugged, twin))
    judge, run = Judge(cells, results), bugged.changed(seed=seed)
    return judge.truth_of(run, cells[2], "metric"), judge.truth_of(run, cells[2], "loss")


@pytest.mark.parametrize("bug", ["softmax-first", "log-of-zero"])
def test_a_bug_that_puts_another_loss_in_its_place_is_judged_by_the_accuracy(bug: str) -> None:
    by_metric, by_loss = _struck(bug, (0.70, 0.72, 0.71))
    assert by_metric == by_loss
    assert by_metric.level == "clear"


def test_a_loss_of_the_same_unit_is_held_against_that_of_the_twin() -> None:
    _, by_loss = _struck("no-zero-grad", GOOD)
    assert by_loss.level == "blatant"


def test_the_seed_that_a_fault_did_not_strike_has_none() -> None:
    ends = (0.3, 0.3, 0.81)
    assert _struck("no-zero-grad", ends, seed=1)[0].level == "blatant"
    assert _struck("no-zero-grad", ends, seed=3)[0].state == "unclear"


@pytest.mark.parametrize(("seed", "level"), [(1, "blatant"), (2, "clear"), (3, "subtle")])
def test_the_level_is_that_of_the_training_and_not_of_its_like(seed: int, level: str) -> None:
    assert _own((0.30, 0.72, 0.77), seed).level == level


def test_the_one_seed_that_a_fault_did_strike_has_it() -> None:
    ends = (0.73, 0.82, 0.81)
    assert _own(ends, 1).level == "clear"
    assert _own(ends, 2).state == "harmless"


def test_one_seed_that_is_worse_by_no_more_than_the_seeds_vary_is_harmless() -> None:
    assert _own((0.78, 0.82, 0.81), 1).state == "harmless"


@pytest.mark.parametrize(("seed", "state"), [(1, "planted"), (2, "planted"), (3, "unclear")])
def test_a_fault_that_only_costs_time_counts_for_the_seeds_that_took_it(
    seed: int, state: str
) -> None:
    assert _own(GOOD, seed, late=(1, 2)).state == state


def test_a_logarithm_of_0_that_was_never_taken_is_no_fault() -> None:
    assert _struck("log-of-zero", (0.3, 0.3, 0.3))[0].level == "blatant"
    assert _struck("log-of-zero", (0.3, 0.3, 0.3), blown_up=False)[0].state == "unclear"
