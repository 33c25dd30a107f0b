"""What measurement allows a finding to say."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.accuracy import (
    ENOUGH,
    SURE,
    ConfidenceBin,
    Measurement,
    Rate,
    allowed,
    as_measured,
)
from advisor.finding import Record, Severity
from tests.support import make_finding

PROVEN = Measurement(name="some-rule", alarms=Rate(part=0, of=ENOUGH))
FEW = Measurement(name="some-rule", alarms=Rate(part=0, of=ENOUGH - 1))
LOUD = Measurement(name="some-rule", alarms=Rate(part=3, of=300))


def sure(up_to: float, confidence: float, part: float = 40, of: float = 50) -> ConfidenceBin:
    return ConfidenceBin(up_to=up_to, confidence=confidence, right=Rate(part=part, of=of))


BINNED = PROVEN.model_copy(update={"bins": (sure(0.6, 0.5), sure(0.8, 0.7), sure(0.9, 0.95))})


@pytest.mark.parametrize(("part", "of"), [(0, 200), (1, 300), (62.5, 70), (5, 5)])
def test_the_bounds_of_an_interval_are_as_far_from_the_rate_as_chance_goes(
    part: float, of: float
) -> None:
    # Wilson's score interval ends where the rate lies 1.96 standard errors of the bound away.
    for bound in Rate(part=part, of=of).interval:
        error = math.sqrt(bound * (1 - bound) / of)
        assert abs(part / of - bound) == pytest.approx(1.96 * error, abs=1e-12)


def test_nothing_is_known_of_what_was_never_asked() -> None:
    assert Rate().interval == (0.0, 1.0)


@pytest.mark.parametrize("severity", list(Severity))
def test_a_proven_rule_and_one_that_nobody_measured_speak_as_they_mean_to(
    severity: Severity,
) -> None:
    finding = make_finding(severity=severity)
    for measurement in (PROVEN, None):
        told = as_measured(finding, measurement)
        assert (told.severity, told.meant, told.unproven) == (severity, None, None)


@pytest.mark.parametrize("severity", [Severity.ERROR, Severity.WARNING])
@pytest.mark.parametrize(("measurement", "why"), [(FEW, "unproven.few"), (LOUD, "unproven.alarms")])
def test_a_rule_that_has_not_proven_itself_speaks_in_notes_and_says_why(
    severity: Severity, measurement: Measurement, why: str
) -> None:
    told = as_measured(make_finding(severity=severity), measurement)
    assert (told.severity, told.meant) == (Severity.NOTE, severity)
    assert told.unproven is not None
    assert told.unproven.id == why
    assert allowed(severity, measurement) is Severity.NOTE


def test_a_note_is_a_note_without_an_excuse() -> None:
    told = as_measured(make_finding(severity=Severity.NOTE), LOUD)
    assert (told.severity, told.meant, told.unproven) == (Severity.NOTE, None, None)


RIGHT = PROVEN.model_copy(update={"bins": (sure(0.8, 0.95), sure(0.9, SURE))})


@pytest.mark.parametrize("loudest", [Severity.WARNING, Severity.ERROR])
def test_weak_evidence_that_was_right_as_often_as_a_warning_has_to_be_warns(
    loudest: Severity,
) -> None:
    note = make_finding(severity=Severity.NOTE, confidence=0.9)
    told = as_measured(note, RIGHT, loudest=loudest)
    assert (told.severity, told.confidence) == (Severity.WARNING, SURE)
    assert (told.meant, told.unproven) == (Severity.NOTE, None)


LOUD_BINNED = LOUD.model_copy(update={"bins": RIGHT.bins})
GROUPED = RIGHT.model_copy(update={"group": "all rules of the stage fit"})


@pytest.mark.parametrize(
    ("estimate", "measurement", "settled"),
    [
        pytest.param(0.8, RIGHT, {"loudest": Severity.WARNING}, id="right less often"),
        pytest.param(0.9, LOUD_BINNED, {"loudest": Severity.WARNING}, id="a rule with alarms"),
        pytest.param(0.9, GROUPED, {"loudest": Severity.WARNING}, id="measured on other rules"),
        pytest.param(0.9, None, {"loudest": Severity.WARNING}, id="not measured"),
        pytest.param(0.9, RIGHT, {"loudest": Severity.NOTE}, id="a rule that never warns"),
        pytest.param(
            0.9, RIGHT, {"loudest": Severity.WARNING, "severity_is_set": True}, id="set to a note"
        ),
    ],
)
def test_other_weak_evidence_stays_a_note(
    estimate: float, measurement: Measurement | None, settled: dict[str, Any]
) -> None:
    note = make_finding(severity=Severity.NOTE, confidence=estimate)
    assert as_measured(note, measurement, **settled).severity is Severity.NOTE


def test_what_the_settings_say_of_the_severity_stays() -> None:
    told = as_measured(make_finding(severity=Severity.ERROR), LOUD, severity_is_set=True)
    assert told.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("alarms", "of", "proven"),
    [(0, 199, False), (0, 200, True), (1, 200, False), (1, 300, True), (2, 300, False)],
)
def test_two_false_alarms_in_a_hundred_are_the_most_that_the_interval_may_reach(
    alarms: int, of: int, proven: bool
) -> None:
    measurement = Measurement(name="some-rule", alarms=Rate(part=alarms, of=of))
    assert (measurement.unproven is None) is proven


@pytest.mark.parametrize(
    ("estimate", "confidence"),
    [(0.0, 0.5), (0.6, 0.5), (0.61, 0.7), (0.8, 0.7), (0.9, 0.95), (1.0, 0.95)],
)
def test_a_confidence_is_how_often_such_findings_were_right(
    estimate: float, confidence: float
) -> None:
    told = as_measured(make_finding(confidence=estimate), BINNED)
    assert (told.confidence, told.estimate) == (confidence, estimate)
    assert told.record == Record(right=40, of=50)
    assert told.basis.id == "confidence.measured"


def test_what_was_measured_of_a_group_says_so() -> None:
    measured = BINNED.model_copy(update={"group": "all rules of the stage fit"})
    told = as_measured(make_finding(), measured)
    assert told.basis.id == "confidence.group"
    assert "all rules of the stage fit" in told.basis.text


@pytest.mark.parametrize("measurement", [None, PROVEN])
def test_a_confidence_that_was_not_measured_stays_the_authors_estimate_and_says_so(
    measurement: Measurement | None,
) -> None:
    told = as_measured(make_finding(confidence=0.8), measurement)
    assert (told.confidence, told.estimate, told.record) == (0.8, None, None)
    assert told.basis.id == "confidence.estimate"
    assert "made by hand" in told.basis.text


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_surer_finding_never_becomes_less_sure_than_another(one: float, other: float) -> None:
    low, high = sorted((one, other))
    below, above = (as_measured(make_finding(confidence=c), BINNED) for c in (low, high))
    assert below.confidence <= above.confidence
