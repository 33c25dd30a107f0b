"""What else it was where a rule led, and what its findings may say of that."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from advisor.manager import load_plugins
from advisor_rules.causes import CAUSES
from benchmarks.diagnosis.answers import ANSWERS, OF_LOGS
from benchmarks.diagnosis.leading import also

BEHIND = {"stopped-too-early": 70, "lr-too-low": 20, "batch-too-large": 2, "vanishing": 8}


def _told(rule: str, faults: Mapping[str, int]) -> list[tuple[str, int, int]]:
    return [(cause.name, cause.part, cause.of) for cause in also(rule, faults)]


def test_the_frequent_causes_are_told_that_the_rule_does_not_name() -> None:
    assert _told("still-improving", BEHIND) == [("lr-too-low", 20, 100), ("vanishing", 8, 100)]


def test_nothing_is_told_of_a_rule_that_led_few_trainings() -> None:
    assert _told("still-improving", {"stopped-too-early": 30, "lr-too-low": 19}) == []


@pytest.mark.parametrize("rule", ["metric-not-logged", "telemetry-too-few-points", "no-validation"])
def test_what_a_log_lacks_is_never_what_is_wrong_with_the_training(rule: str) -> None:
    assert _told(rule, BEHIND) == []


def test_a_cause_is_one_that_the_benchmark_plants_and_its_rule_exists() -> None:
    assert CAUSES.keys() == ANSWERS.keys() - OF_LOGS
    assert {cause.rule for cause in CAUSES.values()} <= load_plugins().rules.keys()
