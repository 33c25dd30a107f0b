"""What probes say of hypotheses: confirmed, refuted, or still open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from advisor.composing.settle import probes_asked, settled
from advisor.finding import Change, Finding
from advisor.manager import load_plugins
from advisor.report import Diagnosis, Hypothesis, NextStep, Report, Status
from advisor.rule import BaseRule
from advisor.testing.reports import empty_report, small_report
from advisor.text import message

RULES: dict[str, type[BaseRule]] = load_plugins().rules
SAID = message("test", "A sentence.")


def finding(rule: str, direction: str | None = None) -> Finding:
    """Return a finding, with a change of the learning rate if a direction is given."""
    changes: tuple[Change, ...] = ()
    if direction:
        change = {"parameter": "learning_rate", "to": 0.1, "direction": direction}
        changes = (Change.model_validate(change),)
    base = small_report().findings[0]
    advice = base.advice.model_copy(update={"title": message("test", f"Mend {rule}")})
    changed = {"rule": rule, "changes": changes, "advice": advice}
    return base.model_copy(update=changed).located("run")


def logs(*findings: Finding, kind: Any = "change") -> Report:
    """Return a report with one diagnosis whose hypotheses are some findings, in this order."""
    share = round(1 / len(findings), 2)
    diagnosis = Diagnosis(
        id="d-1",
        severity=findings[0].severity,
        runs=("run",),
        symptom="it does not learn",
        hypotheses=tuple(
            Hypothesis(rule=f.rule, probability=share, finding=f.id) for f in findings
        ),
        next=NextStep(kind=kind, message=SAID, changes=findings[0].changes),
    )
    run = small_report().runs[0].model_copy(update={"name": "run"})
    held = {"findings": findings, "diagnoses": (diagnosis,), "runs": (run,)}
    return empty_report().model_copy(update=held)


def probed(*findings: Finding, passed: Sequence[str] = ()) -> Report:
    """Return a report on a probe."""
    statuses = tuple(Status(rule=rule, outcome="passed", runs=("probe",)) for rule in passed)
    return empty_report().model_copy(update={"findings": findings, "statuses": statuses})


def outcomes(report: Report) -> list[str | None]:
    told = report.diagnoses[0].hypotheses
    return [h.settled.outcome if h.settled else None for h in told]


def test_only_the_probes_are_asked_that_could_settle_something() -> None:
    assert set(probes_asked(logs(finding("stale-gradients")), RULES)) == {"loop"}
    assert "rate-choice" in probes_asked(logs(finding("lr-too-high", "down")), RULES)


@pytest.mark.parametrize("rule", ["overfitting", "past-best", "still-improving", "no-validation"])
def test_a_hypothesis_that_no_probe_settles_asks_for_none(rule: str) -> None:
    report = logs(finding(rule))
    assert probes_asked(report, RULES) == ()
    assert settled(report, probed(), RULES).diagnoses == report.diagnoses


def test_the_same_finding_by_a_probe_confirms() -> None:
    report = logs(finding("stale-gradients"))
    told = settled(report, probed(finding("zero-grad-forgotten")), RULES)
    assert outcomes(told) == ["confirmed"]
    assert told.diagnoses[0].hypotheses[0].probability == 0.9
    assert told.diagnoses[0].next == report.diagnoses[0].next


def test_a_rule_that_cannot_miss_it_refutes_by_its_silence() -> None:
    told = settled(logs(finding("stale-gradients")), probed(passed=["zero-grad-forgotten"]), RULES)
    assert outcomes(told) == ["refuted"]
    assert told.diagnoses[0].hypotheses[0].probability == 0
    assert told.diagnoses[0].next.kind == "look"


def test_all_rules_that_cannot_miss_it_must_be_silent() -> None:
    report = logs(finding("never-learned"))
    assert outcomes(settled(report, probed(passed=["probe-never-learned"]), RULES)) == ["open"]
    both = probed(passed=["probe-never-learned", "overfit-tiny-batch"])
    assert outcomes(settled(report, both, RULES)) == ["refuted"]


@pytest.mark.parametrize("rule", ["lr-too-high", "vanishing-gradients", "exploding-gradients"])
def test_a_rule_that_does_not_see_all_of_it_refutes_nothing_by_silence(rule: str) -> None:
    silent = probed(passed=RULES[rule].confirmed_by)
    assert outcomes(settled(logs(finding(rule, "down")), silent, RULES)) == ["open"]


def test_what_could_not_be_probed_stays_open_with_its_probability() -> None:
    told = settled(logs(finding("lr-too-high", "down")), probed(), RULES)
    assert outcomes(told) == ["open"]
    assert told.diagnoses[0].hypotheses[0].probability == 1


@pytest.mark.parametrize(
    ("logged", "measured", "outcome"),
    [
        ("down", "down", "confirmed"),
        ("down", "up", "refuted"),
        ("up", "down", "refuted"),
        ("down", None, "open"),
    ],
)
def test_an_opposite_direction_refutes(logged: str, measured: str | None, outcome: str) -> None:
    rule = "lr-too-high" if logged == "down" else "lr-too-low"
    told = settled(logs(finding(rule, logged)), probed(finding("probe-lr-range", measured)), RULES)
    assert outcomes(told) == [outcome]


def test_what_is_confirmed_leads_and_is_ordered() -> None:
    report = logs(finding("never-learned"), finding("stale-gradients"), kind="separate")
    told = settled(report, probed(finding("zero-grad-forgotten")), RULES)
    diagnosis = told.diagnoses[0]
    assert [h.rule for h in diagnosis.hypotheses] == ["stale-gradients", "never-learned"]
    assert outcomes(told) == ["confirmed", "open"]
    assert diagnosis.next.kind == "change"
    assert diagnosis.next.message == report.finding(diagnosis.leading).advice.do


def test_what_is_refuted_goes_last_and_is_not_ordered() -> None:
    report = logs(finding("stale-gradients"), finding("lr-too-low", "up"))
    told = settled(report, probed(passed=["zero-grad-forgotten"]), RULES)
    assert [h.rule for h in told.diagnoses[0].hypotheses] == ["lr-too-low", "stale-gradients"]
    assert told.diagnoses[0].next.changes[0].direction == "up"


def test_what_is_still_equal_is_still_to_be_separated() -> None:
    report = logs(finding("lr-too-high", "down"), finding("never-learned"), kind="separate")
    assert settled(report, probed(), RULES).diagnoses[0].next.kind == "separate"


def test_rules_name_only_rules_that_are_there_and_judge_probes() -> None:
    for rule in RULES.values():
        assert set(rule.cleared_by) <= set(rule.confirmed_by)
        for name in rule.confirmed_by:
            assert all(
                key.startswith("advisor-probe/") for key in getattr(RULES[name], "requires", ())
            )


def test_the_verdict_orders_what_is_confirmed_and_says_so() -> None:
    report = logs(finding("never-learned"), finding("stale-gradients"), kind="separate")
    told = settled(report, probed(finding("zero-grad-forgotten")), RULES).verdict
    assert told.message.id == "verdict.confirmed"
    assert "First: mend stale-gradients. A probe confirms" in told.message.text


def test_the_verdict_orders_nothing_that_is_refuted() -> None:
    report = logs(finding("stale-gradients"))
    told = settled(report, probed(passed=["zero-grad-forgotten"]), RULES).verdict
    assert "First" not in told.message.text
    assert "refutes every explanation" in told.message.text
    assert told.severity is report.diagnoses[0].severity


def test_the_verdict_goes_on_to_what_is_not_refuted() -> None:
    report = logs(finding("stale-gradients"))
    other = logs(finding("lr-too-low", "up"))
    both = report.model_copy(
        update={
            "findings": (*report.findings, *other.findings),
            "diagnoses": (*report.diagnoses, *other.diagnoses),
        }
    )
    told = settled(both, probed(passed=["zero-grad-forgotten"]), RULES).verdict
    assert "First: mend lr-too-low." in told.message.text


def test_the_verdict_stays_where_nothing_is_settled() -> None:
    report = logs(finding("stale-gradients"))
    told = settled(report, probed(), RULES)
    assert "A probe" not in told.verdict.message.text
