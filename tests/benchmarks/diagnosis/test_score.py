"""Rates are taken over trainings, whatever the number of their copies."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.needs("torch", "sklearn")


def _case(training: str, *rules: str, state: str = "healthy", fault: str = "", **other: Any) -> Any:
    from benchmarks.diagnosis.answers import ANSWERS
    from benchmarks.diagnosis.cases import NOTHING, Case
    from benchmarks.diagnosis.truth import Truth

    severity = other.get("severity", "warning")
    said = {"severity": severity, "confidence": 0.7, "evidence": "it rose"}
    said |= {"meant": other.get("meant", severity), "estimate": 0.6}
    return Case(
        training=training,
        log="csv-step",
        title="plain",
        fault=fault,
        truth=Truth(state, "clear" if fault else ""),
        answer=ANSWERS[fault] if fault else NOTHING,
        facts=frozenset(other.get("facts", ())),
        conditions={},
        findings=tuple({"rule": rule, **said} for rule in rules),
        diagnoses=(
            ({"severity": severity, "rules": list(rules), "also": list(other.get("also", ()))},)
            if rules
            else ()
        ),
        errors=(),
        judged=frozenset(rules),
        rules=frozenset(rules),
        unknown=frozenset(other.get("unknown", ())),
        shows=other.get("shows", ""),
    )


def _score(*cases: Any) -> dict[str, Any]:
    from benchmarks.diagnosis.score import score

    return score(cases, "development")


def test_wilsons_interval_is_that_of_the_literature() -> None:
    from benchmarks.diagnosis.rates import wilson

    # Newcombe 1998, Statistics in Medicine 17, table I: 81 of 263, and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_two_copies_of_a_training_that_alarm_are_one_false_alarm() -> None:
    found = _score(_case("a", "overfitting"), _case("a", "overfitting"), _case("b"))
    assert found["all"]["fine_alarmed"] == {"part": 1, "of": 2}
    assert len(found["false_alarms"]) == 2


@pytest.mark.parametrize(
    "case",
    [
        {"severity": "note"},
        {"facts": ("overfitting",)},
        {"state": "unclear"},
        {"state": "planted", "fault": "overfitting"},
    ],
)
def test_a_note_and_what_is_true_and_what_is_unclear_are_no_false_alarms(
    case: dict[str, Any],
) -> None:
    found = _score(_case("a", "overfitting", **case))
    assert found["all"]["fine_alarmed"]["part"] == 0
    assert found["false_alarms"] == []


def test_a_finding_on_a_training_of_which_nobody_knows_counts_for_nothing() -> None:
    found = _score(_case("a", "overfitting", state="unclear"))["rules"]["overfitting"]
    assert found["right"] == {"part": 0, "of": 0}
    assert found["confidence"] == []


@pytest.mark.parametrize("rule", ["overfitting", "telemetry-no-config", "lr-warmup"])
def test_what_is_true_of_such_a_training_counts_as_little_as_what_is_false(rule: str) -> None:
    case = _case("a", rule, state="unclear", facts=("overfitting", "telemetry-no-config"))
    assert _score(case)["rules"][rule]["right"] == {"part": 0, "of": 0}


def test_a_rule_that_could_not_judge_a_training_is_not_measured_on_it() -> None:
    found = _score(_case("a"), _case("b", "overfitting"))["rules"]["overfitting"]
    assert (found["judged"], found["alarms"]) == (1, {"part": 1, "of": 1})


def test_a_fault_found_in_one_of_two_copies_is_found_by_half() -> None:
    planted = {"state": "planted", "fault": "overfitting"}
    found = _score(_case("a", "past-best", **planted), _case("a", **planted))
    figures = found["faults"]["overfitting"]["clear"]
    assert figures["found"] == {"part": 0.5, "of": 1}
    assert len(found["missed"]) == 1


def test_a_diagnosis_of_another_cause_does_not_name_the_fault() -> None:
    found = _score(_case("a", "still-improving", state="planted", fault="overfitting"))
    figures = found["faults"]["overfitting"]["clear"]
    assert not any(figure["part"] for figure in figures.values())
    assert found["rules"]["still-improving"]["right"] == {"part": 0, "of": 1}


def test_what_was_not_measured_is_neither_right_nor_wrong() -> None:
    planted = {"state": "planted", "fault": "overfitting"}
    unmeasured = _case("a", "still-improving", unknown=("still-improving",), **planted)
    measured = _case("b", "still-improving", **planted)
    named = _case("c", "still-improving", unknown=("still-improving",), state="planted",
                  fault="lr-too-low")  # fmt: skip
    figures = _score(unmeasured, measured, named)["rules"]["still-improving"]
    assert figures["right"] == {"part": 1, "of": 2}


def test_what_measurement_made_a_note_counts_as_the_warning_that_it_was_meant_to_be() -> None:
    case = _case("a", "overfitting", severity="note", meant="warning")
    figures = _score(case)
    assert figures["all"]["fine_alarmed"]["part"] == 0
    assert figures["rules"]["overfitting"]["alarms_loud"]["part"] == 1
    assert figures["rules"]["overfitting"]["confidence"] == [[0.6, 0, "a"]]


def test_recall_is_told_apart_by_what_the_log_shows() -> None:
    planted = {"state": "planted", "fault": "overfitting"}
    found = _score(
        _case("a", "past-best", shows="by step", **planted), _case("a", shows="by epoch", **planted)
    )["recall_by_log"]
    assert found["by step"]["clear"] == {"part": 1, "of": 1}
    assert found["by epoch"]["clear"] == {"part": 0, "of": 1}


def test_recall_is_told_apart_for_logs_that_record_what_was_set() -> None:
    planted = {"state": "planted", "fault": "overfitting"}
    found = _score(
        _case("a", "past-best", shows="by step, with settings and learning rate", **planted),
        _case("a", shows="by step, bare", **planted),
    )["all"]
    assert found["recall"]["clear"] == {"part": 0.5, "of": 1}
    assert found["recall_recorded"]["clear"] == {"part": 1, "of": 1}


def test_what_only_an_option_names_is_told_apart() -> None:
    planted = {"state": "planted", "fault": "too-small", "severity": "note"}
    found = _score(_case("a", "hidden-size", **planted), _case("b", "underfitting", **planted))
    assert found["all"]["recall"]["clear"] == {"part": 2, "of": 2}
    assert found["all"]["recall_without_options"]["clear"] == {"part": 1, "of": 2}


def test_an_option_is_left_out_of_the_recall_of_rules() -> None:
    planted = {"state": "planted", "severity": "note"}
    found = _score(
        _case("a", "momentum-range", fault="too-much-momentum", **planted),
        _case("b", "past-best", fault="trained-too-long", **planted),
    )["rules"]
    assert found["momentum-range"]["recall"]["clear"] == {"part": 0, "of": 0}
    assert found["past-best"]["recall"]["clear"] == {"part": 1, "of": 1}


def test_options_and_what_a_log_lacks_are_no_findings_of_faults() -> None:
    facts = ("telemetry-no-config", "no-validation")
    said = "telemetry-no-config", "no-validation", "lr-warmup", "overfitting"
    found = _score(_case("a", *said, severity="note", facts=facts))["all"]
    assert found["precision_of_faults"] == {"part": 0, "of": 1}
    assert found["precision_with_notes"] == {"part": 0.5, "of": 1}


def test_what_a_diagnosis_may_be_else_counts_apart_from_its_hypotheses() -> None:
    about = {"state": "planted", "fault": "lr-too-low"}
    found = _score(
        _case("a", "still-improving", also=["lr-too-low"], **about),
        _case("b", "still-improving", also=["vanishing"], **about),
        _case("c", "lr-too-low", **about),
    )["all"]
    assert found["among_first"]["clear"]["part"] == 1
    assert found["among_or_also"]["clear"]["part"] == 2


def test_a_training_counts_once_for_the_rule_that_led_any_of_its_logs() -> None:
    about = {"state": "planted", "fault": "lr-too-low"}
    twice = [_case("a", "still-improving", "underfitting", **about) for _ in range(2)]
    found = _score(*twice, _case("b", "still-improving", **about), _case("c", "past-best"))
    assert found["led"] == {"still-improving": {"lr-too-low": 2}}


def test_a_symptom_is_noticed_without_being_named() -> None:
    found = _score(_case("a", "still-improving", state="planted", fault="lr-too-low"))
    figures = found["faults"]["lr-too-low"]["clear"]
    assert (figures["noticed"]["part"], figures["found"]["part"]) == (1, 0)
