from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.composing.verdict import questions, useful_share, verdict
from advisor.finding import Severity
from advisor.report import Span, Status
from advisor.rule import Nature, Stage
from tests.sample_report import quiet_report, sample_report
from tests.support import make_rule

Outcome = Literal["passed", "failed", "not-applicable", "missing-input"]


def _span(first: int, last: int) -> Span:
    return Span(first_step=first, last_step=last, share=0.0, finding="f")


@pytest.mark.parametrize(
    ("lost", "useful"),
    [
        ([], 1.0),
        ([(50, 100)], 0.5),
        ([(50, 100), (75, 100)], 0.5),
        ([(75, 100), (50, 80)], 0.5),
        ([(0, 10), (90, 100)], 0.8),
        ([(-50, 20), (90, 900)], 0.7),
        ([(0, 100)], 0.0),
        ([(200, 300)], 1.0),
    ],
)
def test_useful_is_what_no_lost_span_covers(lost: list[tuple[int, int]], useful: float) -> None:
    assert useful_share(0, 100, [_span(*ends) for ends in lost]) == pytest.approx(useful)


_ENDS = st.tuples(st.integers(-20, 120), st.integers(-20, 120)).map(sorted)


@given(st.lists(_ENDS, max_size=6))
def test_the_useful_share_is_that_of_the_union_of_the_lost_spans(lost: list[list[int]]) -> None:
    covered = {step for first, last in lost for step in range(max(first, 0), min(last, 100))}
    useful = useful_share(0, 100, [_span(first, last) for first, last in lost])
    assert useful == pytest.approx(1 - len(covered) / 100)


@pytest.mark.parametrize("last", [7, 6])
def test_a_run_without_extent_has_no_useful_share(last: int) -> None:
    assert useful_share(7, last, []) is None


def test_the_verdict_counts_diagnoses_by_severity_and_weighs_runs_by_length() -> None:
    report = sample_report()
    runs = tuple(
        run.model_copy(update={"useful": useful, "first_step": 0, "last_step": last})
        for run, useful, last in zip(report.runs, (0.5, 1.0, None), (300, 100, 999), strict=False)
    )
    judged = verdict(runs, report.findings, report.diagnoses)
    severities = [diagnosis.severity.value for diagnosis in report.diagnoses]
    counts = [severities.count(level) for level in ("error", "warning", "note")]
    assert [judged.errors, judged.warnings, judged.notes] == counts
    assert judged.severity is report.diagnoses[0].severity
    assert judged.useful == pytest.approx((0.5 * 300 + 1.0 * 100) / 400)


def test_without_a_run_or_a_problem_that_is_what_is_said() -> None:
    runs = quiet_report().runs
    assert verdict((), (), ()).message.id == "verdict.nothing"
    assert verdict((), (), ()).useful is None
    calm = verdict(runs, (), ())
    assert (calm.severity, calm.message.id) == (None, "verdict.fine")
    unjudged = runs[0].state.model_copy(update={"id": "state.unjudged"})
    unknown = tuple(run.model_copy(update={"state": unjudged}) for run in runs)
    assert verdict(unknown, (), ()).message.id == "verdict.unjudged"
    assert verdict((*unknown, *runs), (), ()).message.params == {"fine": 3, "unjudged": 3}


@pytest.mark.parametrize(
    ("outcomes", "left"),
    [
        ({"fit-a": "missing-input", "fit-b": "not-applicable"}, "Not judged: over- and underfit"),
        ({"fit-a": "missing-input", "fit-b": "passed"}, ""),
        ({}, ""),
        (
            {"fit-a": "missing-input", "rate": "missing-input"},
            "Not judged: the learning rate, over- and underfitting.",
        ),
    ],
)
def test_a_calm_verdict_says_which_question_no_rule_answered(
    outcomes: dict[str, Outcome], left: str
) -> None:
    asked = {"fit-a": Stage.FIT, "fit-b": Stage.FIT, "rate": Stage.LEARNING_RATE}
    statuses = [Status(rule=name, outcome=come, runs=("r",)) for name, come in outcomes.items()]
    said = verdict(quiet_report().runs, (), (), statuses, asked).message.text
    assert said.startswith("The logs show no problem in 3 runs.")
    assert left in said
    assert ("Not judged" in said) == bool(left)


def test_a_verdict_on_a_fault_does_not_say_what_was_not_judged() -> None:
    report = sample_report()
    statuses = [Status(rule="fit", outcome="missing-input", runs=("r",))]
    judged = verdict(report.runs, report.findings, report.diagnoses, statuses, {"fit": Stage.FIT})
    assert "Not judged" not in judged.message.text


def test_the_questions_are_answered_by_rules_on_curves_that_find_faults() -> None:
    fault = make_rule("fault", stage=Stage.FIT)
    option = make_rule("option", stage=Stage.FIT, nature=Nature.OPTION)
    batch = make_rule("batch", stage=Stage.BATCH_SIZE)
    assert questions([fault, option, batch]) == {"fault": Stage.FIT}


@pytest.mark.parametrize(
    ("stage", "ending"),
    [(Stage.TELEMETRY, "may need a fuller log"), (Stage.FIT, "may need a change")],
)
def test_a_run_of_which_only_the_log_is_thin_may_need_no_change(stage: Stage, ending: str) -> None:
    report = sample_report()
    note = report.diagnoses[-1].model_copy(update={"aside": False, "severity": Severity.NOTE})
    asked = {note.hypotheses[0].rule: stage}
    said = verdict(report.runs, report.findings, (note,), (), asked).message.text
    assert ending in said


def test_three_symptoms_are_named_and_the_rest_is_counted() -> None:
    report = sample_report()
    first = next(d for d in report.diagnoses if not d.aside)
    many = [
        first.model_copy(update={"symptom": f"symptom {i}", "runs": (f"run {i}",)})
        for i in range(5)
    ]
    said = verdict(report.runs, report.findings, many).message.text
    assert "symptom 0 (1), symptom 1 (1), symptom 2 (1) and 2 more" in said
