"""Which rule leads where two see the same run: measured on what was planted where both fired."""

from __future__ import annotations

import pytest

from advisor.finding import Severity
from advisor.judging.diagnose import Diagnoser
from advisor.manager import load_plugins
from advisor.rule import BaseRule
from advisor.selection import select_rules
from advisor.settings import Settings
from tests.support import make_finding


@pytest.fixture(scope="module")
def rules() -> dict[str, BaseRule]:
    return {rule.name: rule for rule in select_rules(load_plugins().rules, Settings())}


def led(
    rules: dict[str, BaseRule], *found: tuple[str, Severity, float]
) -> list[tuple[list[str], int]]:
    """Return the hypotheses of each diagnosis, and how many findings stand beneath them."""
    findings = [
        make_finding(name, "run", severity=severity, confidence=confidence)
        for name, severity, confidence in found
    ]
    return [
        ([hypothesis.rule for hypothesis in diagnosis.hypotheses], len(diagnosis.consequences))
        for diagnosis in Diagnoser(rules).diagnose(findings)
    ]


@pytest.mark.parametrize(
    ("cause", "effect"),
    [
        ("lr-decayed-too-early", "never-learned"),
        ("lr-decayed-too-early", "lr-range"),
        ("hidden-size", "lr-range"),
        ("hidden-size", "underfitting"),
        ("lr-too-low", "never-learned"),
        ("first-steps-too-large", "past-best"),
        ("stale-gradients", "diverged"),
        ("stale-gradients", "lr-too-high"),
        ("stale-gradients", "first-steps-too-large"),
    ],
)
def test_a_likely_cause_leads_however_grave_and_sure_its_effect_is(
    rules: dict[str, BaseRule], cause: str, effect: str
) -> None:
    found = (effect, Severity.WARNING, 0.99), (cause, Severity.NOTE, 0.6)
    assert led(rules, *found) == [([cause, effect], 0)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("lr-decay-on-plateau", "batch-too-small-noise"), ("lr-too-high", "underfitting")],
)
def test_two_explanations_of_one_symptom_are_one_diagnosis_that_the_likelier_leads(
    rules: dict[str, BaseRule], one: str, other: str
) -> None:
    for first, second in ((one, other), (other, one)):
        found = (second, Severity.NOTE, 0.6), (first, Severity.NOTE, 0.9)
        assert led(rules, *found) == [([first, second], 0)]


@pytest.mark.parametrize(
    ("cause", "effect"),
    [
        ("never-learned", "lr-decay-on-plateau"),
        ("never-learned", "batch-too-small-noise"),
        ("lr-too-high", "lr-decay-on-plateau"),
        ("lr-decayed-too-early", "underfitting"),
        ("activation-choice", "batch-too-small-noise"),
        ("batch-sqrt-data", "batch-too-small-noise"),
    ],
)
def test_what_another_explains_stands_beneath_it(
    rules: dict[str, BaseRule], cause: str, effect: str
) -> None:
    found = (effect, Severity.NOTE, 0.99), (cause, Severity.NOTE, 0.6)
    assert led(rules, *found) == [([cause], 1)]


def test_what_the_log_lacks_comes_after_what_is_wrong(rules: dict[str, BaseRule]) -> None:
    found = [(name, Severity.NOTE, 0.9) for name in ("telemetry-too-few-points", "batch-sqrt-data")]
    assert led(rules, *found) == [(["batch-sqrt-data"], 0), (["telemetry-too-few-points"], 0)]


def test_overfitting_leads_a_metric_that_holds_where_data_are_learned_by_heart(
    rules: dict[str, BaseRule],
) -> None:
    note = Severity.NOTE
    both = [("val-loss-rises-metric-holds", note, 0.99), ("overfitting", note, 0.89)]
    assert led(rules, *both) == [(["val-loss-rises-metric-holds", "overfitting"], 0)]
    heart = ("more-data-or-regularization", note, 0.93)
    assert led(rules, *both, heart) == [(["overfitting"], 2)]
