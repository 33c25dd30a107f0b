"""Tools and advisor are judged alike, and copies of a training count as one."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.needs("torch", "sklearn")

OPTIONS = frozenset({"lr-warmup"})


def _case(training: str, *rules: str, state: str = "healthy", fault: str = "", **other: Any) -> Any:
    from benchmarks.diagnosis.answers import ANSWERS
    from benchmarks.diagnosis.cases import NOTHING, Case
    from benchmarks.diagnosis.truth import Truth

    said = {"severity": other.get("severity", "warning"), "confidence": 0.7, "evidence": ""}
    return Case(
        training=training,
        log=other.get("log", "csv-step"),
        title="plain",
        fault=fault,
        truth=Truth("planted", "clear") if fault else Truth(state),
        answer=ANSWERS[fault] if fault else NOTHING,
        facts=frozenset(other.get("facts", ())),
        unknown=frozenset(other.get("unknown", ())),
        conditions=other.get("conditions", {}),
        findings=tuple({"rule": rule, **said} for rule in rules),
        diagnoses=(),
        errors=(),
        damage=other.get("damage", ""),
        whole=not other.get("damage"),
    )


def _row(training: str, *findings: tuple[str, str], tool: str = "runmedic", **other: Any) -> Any:
    return {
        "tool": tool,
        "training": training,
        "log": "csv-step",
        "input": "logs",
        "read": True,
        "crashed": "",
        "findings": findings,
        "seconds": 0.0,
        **other,
    }


def _compared(cases: list[Any], rows: list[Any], given: str = "logs") -> Any:
    from benchmarks.diagnosis.peers.compare import compare

    return compare(cases, rows, OPTIONS)[rows[0]["tool"]][given]


def test_a_named_fault_counts_for_the_tool_and_a_wrong_finding_against_it() -> None:
    cases = [_case("a", fault="overfitting"), _case("b"), _case("c")]
    rows = [_row("a", ("overfitting", "warning")), _row("b", ("divergence", "critical")), _row("c")]
    found = _compared(cases, rows)["claimed"]["warnings"]
    assert found["recall"]["theirs"] == {"part": 1.0, "of": 1}
    assert found["recall"]["ours"] == {"part": 0.0, "of": 1}
    assert found["precision"]["theirs"] == {"part": 1.0, "of": 2}
    assert found["alarms"]["theirs"] == {"part": 1.0, "of": 2}
    assert found["f1"] == {"theirs": pytest.approx(2 / 3, abs=1e-4), "ours": 0.0}


def test_a_symptom_of_the_fault_is_right_and_does_not_find_it() -> None:
    rows = [_row("a", ("overfitting", "warning"))]
    found = _compared([_case("a", "clip-by-norm", fault="lr-too-high")], rows)["claimed"]["all"]
    for side in ("theirs", "ours"):
        assert found["recall"][side] == {"part": 0.0, "of": 1}
        assert found["precision"][side] == {"part": 1.0, "of": 1}


@pytest.mark.parametrize(("level", "said"), [("warnings", 0), ("all", 1)])
def test_what_warns_of_nothing_is_counted_only_with_all_findings(level: str, said: int) -> None:
    rows = [_row("a", ("overfitting", "info"))]
    found = _compared([_case("a", "overfitting", severity="note")], rows)["claimed"][level]
    for side in ("theirs", "ours"):
        assert found["precision"][side]["of"] == said
        assert found["alarms"][side] == {"part": 0.0, "of": 1}


def test_a_fact_of_the_schedule_is_no_false_alarm_of_either() -> None:
    rows = [_row("a", ("No LR warmup detected", "warning"), tool="trainspotter")]
    found = _compared([_case("a", "lr-warmup", "no-validation", facts=("no-validation",))], rows)
    for side in ("theirs", "ours"):
        assert found["everything"]["all"]["precision"][side] == {"part": 0, "of": 0}
        assert found["everything"]["all"]["alarms"][side] == {"part": 0.0, "of": 1}


@pytest.mark.parametrize(("holds", "counted"), [(True, 0), (False, 1)])
def test_an_option_is_wrong_where_its_condition_is_not_so(counted: int, *, holds: bool) -> None:
    case = _case("a", "lr-warmup", severity="note", conditions={"lr-warmup": holds})
    found = _compared([case], [_row("a")])["everything"]["all"]["precision"]["ours"]
    assert found == {"part": 0, "of": counted}


def test_a_log_that_a_tool_cannot_read_is_silence_on_all_and_left_out_of_what_it_can() -> None:
    cases = [_case("a", "overfitting", fault="overfitting")]
    found = _compared(cases, [_row("a", read=False)])
    assert found["read"] == 0
    assert found["claimed"]["all"]["recall"]["ours"] == {"part": 0, "of": 0}
    assert found["everything"]["all"]["recall"]["theirs"] == {"part": 0.0, "of": 1}
    assert found["everything"]["all"]["recall"]["ours"] == {"part": 1.0, "of": 1}


def test_a_fault_that_a_tool_does_not_claim_is_held_against_it_only_on_all() -> None:
    found = _compared([_case("a", fault="too-small")], [_row("a")])
    assert found["claimed"]["all"]["recall"]["theirs"]["of"] == 0
    assert found["everything"]["all"]["recall"]["theirs"]["of"] == 1


def test_copies_of_a_training_share_its_one_vote() -> None:
    cases = [_case("a", fault="overfitting", log=log) for log in ("csv-step", "csv-epoch")]
    rows = [_row("a", ("overfitting", "warning")), _row("a", log="csv-epoch")]
    found = _compared(cases, rows)["claimed"]["warnings"]
    assert found["recall"]["theirs"] == {"part": 0.5, "of": 1}


def test_what_a_log_visibly_keeps_back_is_to_be_found_among_all_faults_only() -> None:
    case = _case("a", "telemetry-rounded", damage="log-rounded")
    found = _compared([case], [_row("a", ("divergence", "warning"))])
    assert found["claimed"]["all"]["recall"]["ours"] == {"part": 0, "of": 0}
    everything = found["everything"]["all"]
    assert everything["recall"]["ours"] == everything["precision"]["ours"] == {"part": 1.0, "of": 1}
    assert everything["precision"]["theirs"] == {"part": 0.0, "of": 1}


def test_a_damaged_log_is_not_compared_with_arrays_which_are_whole() -> None:
    rows = [_row("a", input="arrays")]
    assert _compared([_case("a", damage="log-rounded")], rows, "arrays")["logs"] == 0


def test_a_finding_about_no_fault_that_a_tool_claims_counts_only_among_all() -> None:
    rows = [_row("a", ("val_below_train", "warning"), ("slow_steps", "warning"))]
    found = _compared([_case("a", "still-improving", "overfitting")], rows)
    assert found["claimed"]["all"]["precision"]["ours"] == {"part": 0.0, "of": 1}
    assert found["claimed"]["all"]["precision"]["theirs"] == {"part": 0, "of": 0}
    both = found["everything"]["all"]
    assert both["precision"]["theirs"]["of"] == both["precision"]["ours"]["of"] == 1


def test_a_note_about_another_fault_is_no_false_alarm_where_that_fault_is_not_claimed() -> None:
    found = _compared([_case("a", "still-improving")], [_row("a")])
    assert found["claimed"]["all"]["precision"]["ours"] == {"part": 0, "of": 0}
    assert found["claimed"]["all"]["alarms"]["ours"] == {"part": 0.0, "of": 1}
    assert found["everything"]["all"]["precision"]["ours"] == {"part": 0.0, "of": 1}
    assert found["everything"]["all"]["alarms"]["ours"] == {"part": 1.0, "of": 1}


def test_what_nobody_knows_is_neither_right_nor_wrong_whoever_says_it() -> None:
    rows = [_row("a", ("overfitting", "warning"))]
    case = _case("a", "best-checkpoint-not-kept", unknown=("best-checkpoint-not-kept",))
    for scope in _compared([case], rows).values():
        if not isinstance(scope, dict) or "all" not in scope:
            continue
        for side in ("theirs", "ours"):
            assert scope["all"]["precision"][side] == {"part": 0, "of": 0}
            assert scope["all"]["alarms"][side] == {"part": 0.0, "of": 1}


def test_what_is_unclear_is_not_judged() -> None:
    assert _compared([_case("a", state="unclear")], [_row("a")])["logs"] == 0


def test_a_difference_of_the_same_answers_is_nought_without_doubt() -> None:
    from benchmarks.diagnosis.peers.compare import difference

    shares = {f"{i}": float(i % 2) for i in range(50)}
    assert difference(shares, shares) == {"mean": 0.0, "interval": [0.0, 0.0]}


def test_the_interval_of_a_difference_is_about_what_the_normal_one_is() -> None:
    from benchmarks.diagnosis.peers.compare import difference

    ours = {f"{i}": 1.0 for i in range(400)}
    theirs = {f"{i}": float(i % 2) for i in range(400)}
    found = difference(ours, theirs)
    assert found["mean"] == 0.5
    assert found["interval"] == pytest.approx([0.451, 0.549], abs=0.006)


def test_there_is_no_difference_from_one_who_said_nothing() -> None:
    from benchmarks.diagnosis.peers.compare import difference

    assert difference({"a": 1.0}, {}) == {}


def test_a_sample_holds_every_kind_and_is_always_the_same() -> None:
    from benchmarks.diagnosis.peers.ask import chosen

    cases = [_case(f"{i}", fault="overfitting" if i % 10 == 0 else "") for i in range(100)]
    found = chosen(cases, 20)
    assert found == chosen(cases, 20)
    assert [case.fault for case in found].count("overfitting") == 2
    assert len(found) == 20


def test_the_section_has_a_row_for_each_tool_and_input_that_could_be_read() -> None:
    from benchmarks.diagnosis.peers.compare import compare
    from benchmarks.diagnosis.peers.section import section

    rows = [_row("a", ("overfitting", "warning")), _row("a", input="arrays")]
    text = section(compare([_case("a", fault="overfitting")], rows, OPTIONS))
    wanted, *parts = text.split("Counting ")
    assert wanted.count("\n| runmedic |") == 2
    assert [part.count("\n| runmedic |") for part in parts[:-1]] == [2, 2, 2]
    assert "\n| sk-autod | logs | 0 |" in text


@pytest.mark.parametrize(("facts", "right"), [((), 0), (("overfitting",), 1)])
def test_what_was_measured_of_a_training_is_right_whoever_says_it(
    facts: tuple[str, ...], right: int
) -> None:
    rows = [_row("a", ("overfitting", "warning"))]
    found = _compared([_case("a", "overfitting", facts=facts)], rows)["claimed"]["all"]
    for side in ("theirs", "ours"):
        assert found["precision"][side] == {"part": float(right), "of": 1}


def test_the_tools_are_asked_once_about_each_log_of_the_first_data_sets_and_models() -> None:
    from benchmarks.diagnosis.peers.ask import of_first_bases

    first, other = _case("digits-mlp-1-0a0a0a0a"), _case("matches-siamese-1-0a0a0a0a")
    again = _case("digits-mlp-1-0a0a0a0a", log="csv-epoch")
    assert of_first_bases([first, other, again, first]) == [first, again]
