"""What the product knows of its own accuracy."""

from __future__ import annotations

import json
from typing import Any

import pytest

from advisor.manager import load_plugins
from advisor_rules.measured import FILE, measurements
from benchmarks.diagnosis.calibrate import FEWEST
from benchmarks.diagnosis.publish import RESULTS, accuracy, text

NONE = {"part": 0, "of": 0}


def figures(right: int, wrong: int) -> dict[str, Any]:
    """Return the figures of a rule that spoke so often, on 300 healthy or harmless trainings."""
    confidence = [[0.8, int(i < right), f"t{i}"] for i in range(right + wrong)]
    return {
        "fine_judged": 300,
        "alarms_loud": {"part": 1, "of": 300},
        "right": {"part": right, "of": right + wrong},
        "recall": {"blatant": {"part": 3, "of": 4}, "clear": NONE, "subtle": NONE},
        "confidence": confidence,
    }


def result(**rules: dict[str, Any]) -> dict[str, Any]:
    named = {name.replace("_", "-"): found for name, found in rules.items()}
    return {"split": "development", "trainings": 900, "rules": named, "led": {}}


def test_a_rule_with_findings_enough_is_calibrated_by_its_own() -> None:
    (found,) = accuracy(result(past_best=figures(40, 20))).rules
    assert (found.name, found.group, len(found.bins)) == ("past-best", "", 1)
    assert (found.alarms.part, found.alarms.of) == (1, 300)
    assert (found.right.part, found.right.of) == (40, 60)
    assert set(found.recall) == {"blatant"}


def test_a_rule_with_few_is_calibrated_by_its_stage_and_else_by_its_nature() -> None:
    few = figures(9, 1)
    found = accuracy(result(past_best=figures(40, 20), still_improving=few, overfitting=few))
    groups = {measurement.name: measurement.group for measurement in found.rules}
    assert groups == {
        "past-best": "",
        "still-improving": "all rules of the stage epochs",
        "overfitting": "all rules on faults",
    }


def test_a_rule_that_is_often_wrong_is_less_sure_than_its_group() -> None:
    found = accuracy(result(past_best=figures(95, 5), still_improving=figures(10, 10)))
    sure = {measurement.name: measurement.bins[0].confidence for measurement in found.rules}
    # Of the group 105 of 120 were right.
    assert sure["still-improving"] == pytest.approx((10 + 10 * 0.875) / 30, abs=0.01)
    assert sure["past-best"] == pytest.approx(0.95, abs=0.01)


def test_a_rule_that_was_always_right_like_its_group_is_not_told_as_certain() -> None:
    found = accuracy(result(past_best=figures(4000, 0), still_improving=figures(45, 0)))
    assert max(measurement.bins[0].confidence for measurement in found.rules) == 0.999


def test_what_a_log_states_plainly_stands_for_no_other_rule() -> None:
    many = figures(FEWEST, 0)
    found = accuracy(result(telemetry_no_config=many, overfitting=figures(9, 1)))
    bins = {measurement.name: measurement.bins for measurement in found.rules}
    assert bins["telemetry-no-config"]
    assert bins["overfitting"] == ()


@pytest.mark.parametrize(("sweeps", "of"), [(False, 0), (True, 300)])
def test_a_rule_across_runs_is_measured_on_sweeps_and_not_on_lone_runs(
    sweeps: bool, of: int
) -> None:
    (found,) = accuracy(result(search_order={**figures(0, 0), "sweeps": sweeps})).rules
    assert found.alarms.of == of


def test_every_rule_of_the_plugin_has_a_measurement() -> None:
    plugins = load_plugins()
    rules = {name for name in plugins.rules if plugins.origin[f"rule {name}"] == "rules"}
    assert rules <= plugins.measurements.keys()


def test_a_rule_that_the_benchmark_does_not_know_was_measured_on_nothing() -> None:
    known, unknown = measurements(["overfitting", "not-there"])
    assert (known.name, unknown.name) == ("overfitting", "not-there")
    assert known.alarms.of > 0
    assert unknown.alarms.of == 0


def test_what_the_product_knows_is_what_was_measured() -> None:
    wanted = text(json.loads(RESULTS.read_text(encoding="utf-8")))
    fresh = FILE.read_text(encoding="utf-8") == wanted
    assert fresh, "run `python -m benchmarks.diagnosis.publish`"
