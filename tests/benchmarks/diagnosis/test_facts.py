"""What is true of a training whatever was planted follows from its curves over the seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from advisor.run import Floats
    from benchmarks.diagnosis.setup import Setup

pytestmark = pytest.mark.needs("torch", "sklearn")


def _facts(val: Sequence[float], train: Sequence[float], *, patience: int = 0) -> set[str]:
    """Judge three seeds, a thousandth apart, of four epochs of ten steps."""
    from benchmarks.diagnosis.facts import facts
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import LOSS, Judge

    def results(setup: Setup) -> dict[str, Floats]:
        return {
            "val_loss": np.asarray(val) + 0.001 * setup.seed,
            "val_metric": np.zeros(0),
            "loss": np.repeat(np.asarray(train, dtype=float), 10),
            "ends": np.arange(9, 40, 10),
        }

    setup = Setup("clusters", "mlp", 1, 4, 32, 1e-3, patience=patience)
    return facts(Judge([], results), setup, LOSS)


def test_a_run_that_ends_at_its_best_went_nowhere_too_far() -> None:
    assert _facts((1.2, 0.8, 0.6, 0.5), (1.2, 0.8, 0.6, 0.5)) == set()


def test_a_validation_loss_that_rises_while_training_falls_is_overfitting() -> None:
    found = _facts((1.2, 0.5, 0.7, 0.9), (1.2, 0.8, 0.4, 0.1))
    assert {"past-best", "overfitting"} <= found


def test_a_validation_loss_that_rises_with_that_of_training_is_no_overfitting() -> None:
    found = _facts((1.2, 0.5, 0.7, 0.9), (1.2, 0.5, 0.7, 0.9))
    assert "past-best" in found
    assert "overfitting" not in found


def test_early_stopping_kept_what_was_best() -> None:
    assert _facts((1.2, 0.5, 0.7, 0.9), (1.2, 0.8, 0.4, 0.1), patience=2) == set()


@pytest.mark.parametrize(
    ("train", "rule"),
    [((1.2, 0.8, np.nan, np.nan), "loss-not-finite"), ((1.2, 0.8, 3.0, 5.0), "diverged")],
)
def test_a_loss_that_is_lost_is_a_fact(train: tuple[float, ...], rule: str) -> None:
    assert rule in _facts((1.2, 1.2, 1.2, 1.2), train)


@pytest.mark.parametrize(("end", "better"), [(0.6, False), (0.3, True)])
@pytest.mark.parametrize(
    ("kind", "rule"), [("longer", "still-improving"), ("faster", "lr-too-low")]
)
def test_what_a_rule_asks_for_is_a_fact_where_it_ends_better(
    kind: str, rule: str, end: float, *, better: bool
) -> None:
    from benchmarks.diagnosis.facts import facts, unknown
    from benchmarks.diagnosis.plan import INSTEAD, Cell
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import LOSS, Judge, Truth

    def results(made: Setup) -> dict[str, Floats]:
        last = 0.6 if made.changed(seed=0) == setup else end
        val = np.array([1.2, 1.0, 0.8, last]) + 0.001 * setup.seed
        loss = np.repeat(val, 10)
        return {
            "val_loss": val,
            "val_metric": np.zeros(0),
            "loss": loss,
            "ends": np.arange(9.0, 40.0, 10.0),
        }

    setup = Setup("clusters", "mlp", 0, 4, 32, 1e-3)
    judge = Judge([Cell(kind, "lr-too-low", "3", INSTEAD[kind](setup))], results)
    seed = setup.changed(seed=2)
    assert (rule in facts(judge, seed, LOSS)) is better
    assert rule not in unknown(judge, seed, Truth("planted"), stop_shown=True)


@pytest.mark.parametrize(
    ("faster", "right"),
    [
        ((0.7, 0.6, 0.6, 0.6), True),
        ((1.1, 0.9, 0.8, 0.6), False),  # as late
        ((0.7, 0.6, 0.6, 0.8), False),  # as far at first, and worse at the end
    ],
)
def test_three_times_the_rate_is_right_where_it_comes_as_far_in_far_fewer_steps(
    faster: tuple[float, ...], *, right: bool
) -> None:
    from benchmarks.diagnosis.facts import facts
    from benchmarks.diagnosis.plan import INSTEAD, Cell
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import LOSS, Judge

    def results(made: Setup) -> dict[str, Floats]:
        val = np.array((1.2, 1.0, 0.8, 0.6) if made.changed(seed=0) == setup else faster)
        val = val + 0.001 * made.seed
        ends = np.arange(9.0, 40.0, 10.0)
        return {"val_loss": val, "val_metric": val[:0], "loss": np.repeat(val, 10), "ends": ends}

    setup = Setup("clusters", "mlp", 0, 4, 32, 1e-3)
    judge = Judge([Cell("faster", "lr-too-low", "3", INSTEAD["faster"](setup))], results)
    assert ("lr-too-low" in facts(judge, setup.changed(seed=2), LOSS)) is right


@pytest.mark.parametrize(("patience", "right"), [(0, True), (5, False)])
def test_what_early_stopping_ended_short_of_the_goal_did_not_come_as_far(
    patience: int, *, right: bool
) -> None:
    from benchmarks.diagnosis.facts import facts
    from benchmarks.diagnosis.plan import INSTEAD, Cell
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import LOSS, Judge

    def results(made: Setup) -> dict[str, Floats]:
        slow = made.changed(seed=0) == setup
        val = np.array((1.2, 1.0, 0.8, 0.6) if slow else (0.7, 0.6125)) + 0.01 * made.seed
        ends = np.arange(9.0, 40.0, 10.0)[: len(val)]
        return {"val_loss": val, "val_metric": val[:0], "loss": np.repeat(val, 10), "ends": ends}

    setup = Setup("clusters", "mlp", 0, 4, 32, 1e-3, patience=patience)
    fast = INSTEAD["faster"](setup)
    plan = [Cell("healthy", "plain", "", setup), Cell("faster", "lr-too-low", "3", fast)]
    judge = Judge(plan, results)
    assert ("lr-too-low" in facts(judge, setup.changed(seed=2), LOSS)) is right


def test_nobody_knows_what_would_come_of_a_fault_that_was_not_trained_longer_and_faster() -> None:
    from benchmarks.diagnosis.facts import unknown
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import Judge, Truth

    judge, setup = Judge([], lambda _: {}), Setup("clusters", "mlp", 1, 4, 32, 1e-3)
    planted = unknown(judge, setup, Truth("planted"), stop_shown=True)
    assert planted == ("lr-too-low", "still-improving")
    assert unknown(judge, setup, Truth("healthy"), stop_shown=True) == ()


def test_a_trial_of_one_seed_does_not_say_what_would_come_of_a_fault() -> None:
    from benchmarks.diagnosis.facts import unknown
    from benchmarks.diagnosis.plan import Cell, faster
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import Judge, Truth

    setup = Setup("clusters", "mlp", 0, 4, 32, 1e-3)
    judge = Judge([Cell("trial", "rate", "", faster(setup))], lambda _: {})
    assert "lr-too-low" in unknown(judge, setup, Truth("planted"), stop_shown=True)


@pytest.mark.parametrize("bug", ["softmax-first", "eval-forgotten", "no-zero-grad"])
def test_to_name_a_bug_that_does_no_harm_is_a_false_alarm(bug: str) -> None:
    from benchmarks.diagnosis.facts import unknown
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import Judge, Truth

    setup = Setup("clusters", "mlp", 1, 4, 32, 1e-3, bugs=(bug,))
    assert unknown(Judge([], lambda _: {}), setup, Truth("harmless"), stop_shown=True) == ()


@pytest.mark.parametrize(
    ("shown", "rules"),
    [
        (True, {"best-checkpoint-not-kept", "loss-is-not-the-metric"}),
        (
            False,
            {
                "best-checkpoint-not-kept",
                "early-stopping-missing",
                "more-data-or-regularization",
                "val-loss-rises-metric-holds",
                "loss-is-not-the-metric",
                "overfitting",
                "past-best",
            },
        ),
    ],
)
def test_nobody_knows_of_early_stopping_what_no_log_shows(*, shown: bool, rules: set[str]) -> None:
    from benchmarks.diagnosis.facts import unknown
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import Judge, Truth

    setup, judge = Setup("clusters", "mlp", 1, 4, 32, 1e-3, patience=5), Judge([], lambda _: {})
    assert set(unknown(judge, setup, Truth("healthy"), stop_shown=shown)) == rules


@pytest.mark.parametrize("problem", ["clusters", "docstrings"])
@pytest.mark.parametrize(
    ("metric", "misleads"), [((0.3, 0.6, 0.9, 0.9), True), ((0.3, 0.9, 0.9, 0.9), False)]
)
def test_the_lowest_loss_misleads_where_the_accuracy_is_worse_there(
    problem: str, metric: tuple[float, ...], *, misleads: bool
) -> None:
    from benchmarks.diagnosis.facts import facts
    from benchmarks.diagnosis.setup import Setup
    from benchmarks.diagnosis.truth import METRIC, Judge

    def results(made: Setup) -> dict[str, Floats]:
        return {
            "val_loss": np.array([1.2, 0.5, 0.7, 0.9]) + 0.001 * made.seed,
            "val_metric": np.array(metric) + 0.001 * made.seed,
            "loss": np.repeat(np.array([1.2, 1.0, 1.1, 1.2]), 10),
            "ends": np.arange(9.0, 40.0, 10.0),
        }

    found = facts(Judge([], results), Setup(problem, "mlp", 1, 4, 32, 1e-3), METRIC)
    assert ("loss-is-not-the-metric" in found) is misleads
