from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from advisor.accuracy import ConfidenceBin, Measurement, Rate
from advisor.composing.compose import Composer
from advisor.execution import RunResult
from advisor.finding import Cost, Evidence, Finding, Severity
from advisor.manager import Plugins
from advisor.notes import NoteKind, note
from advisor.report import Report
from advisor.rule import Rule
from advisor.settings import Settings
from advisor.testing import make_run
from advisor.view import RunView
from tests.support import made, make_cost, make_rule, references_are_whole, result_of

LONG = np.linspace(2, 1, 1_000)


def _rule(
    name: str = "some-rule",
    *costs: Cost | None,
    odd_only: bool = False,
    severity: Severity | None = None,
    notes_may_warn: bool = True,
) -> Rule:
    def check(rule: Rule, run: RunView) -> Iterator[Finding]:
        if odd_only and int(run.name.rpartition("-")[2]) % 2 == 0:
            return
        for cost in costs or (None,):
            evidence = Evidence(
                series="train/loss", first_step=0, last_step=9, measured="x", value=1.0
            )
            yield rule.finding(confidence=0.5, evidence=(evidence,), cost=cost, severity=severity)

    made_rule = make_rule(
        name, check=check, requires=("train/loss",), notes_may_warn=notes_may_warn
    )
    return made(made_rule)


def _runs(count: int, *rules: Rule, points: int = 1_000) -> list[RunResult]:
    values = LONG[:points]
    return [
        result_of(make_run(name=f"run-{index:03}", train_loss=values + index / 100), *rules)
        for index in range(count)
    ]


def _compose(
    results: Sequence[RunResult],
    *rules: Rule,
    measured: Measurement | None = None,
    **settings: Any,
) -> Report:
    plugins = Plugins(measurements={measured.name: measured} if measured else {})
    composer = Composer(Settings(**settings), plugins, rules)
    report = composer.compose("logs", results, (), (), (), ())
    assert references_are_whole(report)
    return report


@pytest.mark.parametrize(("count", "buckets"), [(50, 240), (51, 60)])
def test_beyond_fifty_runs_curves_are_drawn_with_sixty_buckets(count: int, buckets: int) -> None:
    report = _compose(_runs(count))
    assert {len(curve.steps) for run in report.runs for curve in run.curves} == {buckets}


def test_beyond_five_hundred_runs_only_those_with_findings_and_the_best_fifty_are_drawn() -> None:
    rule = _rule(odd_only=True)
    report = _compose(_runs(502, rule, points=4), rule)
    drawn = {run.name for run in report.runs if run.curves}
    assert len(report.runs) == 502
    # The loss of each run is higher than that of the run before: the best are the first.
    best = {f"run-{index:03}" for index in range(50)}
    odd = {f"run-{index:03}" for index in range(1, 502, 2)}
    assert drawn == best | odd


def test_useful_is_what_the_findings_costs_leave() -> None:
    rule = _rule("some-rule", make_cost(500, 999), make_cost(600, 999))
    (run,) = _compose(_runs(1, rule), rule).runs
    assert run.useful == pytest.approx(1 - 499 / 999, abs=1e-3)
    assert [(span.first_step, span.last_step) for span in run.lost] == [(500, 999), (600, 999)]
    assert [span.share for span in run.lost] == pytest.approx([499 / 999, 399 / 999])


def test_a_cost_in_the_metric_is_no_lost_compute() -> None:
    rule = _rule("some-rule", make_cost(0, 999).model_copy(update={"of": "metric"}))
    (run,) = _compose(_runs(1, rule), rule).runs
    assert (run.useful, run.lost) == (1.0, ())


def test_findings_come_in_the_order_of_the_diagnoses() -> None:
    rules = (_rule("b"), _rule("a"))
    report = _compose(_runs(3, *rules), *rules)
    told = [h.finding for diagnosis in report.diagnoses for h in diagnosis.hypotheses]
    assert [finding.id for finding in report.findings] == told


def test_what_the_settings_accept_is_no_finding_and_its_reason_is_shown() -> None:
    rule = _rule()
    report = _compose(_runs(2, rule), rule, accept={"some-rule": "on purpose"})
    assert (report.findings, report.diagnoses) == ((), ())
    assert report.accepted == {"some-rule": "on purpose"}
    assert {run.severity for run in report.runs} == {None}


def test_a_severity_from_the_settings_is_everywhere() -> None:
    rule = _rule()
    report = _compose(_runs(1, rule), rule, rules={"some-rule": {"severity": "error"}})
    seen = {report.findings[0].severity, report.diagnoses[0].severity, report.runs[0].severity}
    assert seen == {Severity.ERROR}
    assert (report.rules[0].severity, report.verdict.severity) == (Severity.ERROR, Severity.ERROR)


UNPROVEN = Measurement(
    name="some-rule",
    bins=(ConfidenceBin(up_to=1, right=Rate(part=45, of=60), confidence=0.75),),
)


def test_a_rule_that_has_not_proven_itself_is_a_note_everywhere() -> None:
    rule = _rule()
    report = _compose(_runs(1, rule), rule, measured=UNPROVEN)
    seen = {report.findings[0].severity, report.diagnoses[0].severity, report.runs[0].severity}
    assert seen == {Severity.NOTE, report.rules[0].severity, report.verdict.severity}
    assert report.findings[0].meant is Severity.WARNING


def test_the_probability_of_a_hypothesis_is_the_measured_confidence() -> None:
    rule = _rule()
    report = _compose(_runs(1, rule), rule, measured=UNPROVEN)
    assert report.findings[0].estimate == 0.5
    assert report.diagnoses[0].hypotheses[0].probability == 0.75


@pytest.mark.parametrize(("may", "severity"), [(True, Severity.WARNING), (False, Severity.NOTE)])
def test_a_note_that_was_always_right_warns_unless_its_rule_forbids_it(
    severity: Severity, *, may: bool
) -> None:
    right = ConfidenceBin(up_to=1, right=Rate(part=80, of=80), confidence=0.99)
    measured = Measurement(name="some-rule", alarms=Rate(part=0, of=300), bins=(right,))
    rule = _rule(severity=Severity.NOTE, notes_may_warn=may)
    report = _compose(_runs(1, rule), rule, measured=measured)
    assert {report.findings[0].severity, report.diagnoses[0].severity} == {severity}


def test_a_severity_from_the_settings_needs_no_proof() -> None:
    rule = _rule()
    settings = {"rules": {"some-rule": {"severity": "error"}}}
    report = _compose(_runs(1, rule), rule, measured=UNPROVEN, **settings)
    assert {report.findings[0].severity, report.rules[0].severity} == {Severity.ERROR}


def test_what_a_rule_came_to_on_several_runs_is_one_status() -> None:
    rules = (_rule("a", odd_only=True), made(make_rule("b", requires=("val/loss",))))
    report = _compose(_runs(4, *rules), *rules)
    assert [(s.rule, s.outcome, s.runs) for s in report.statuses] == [
        ("a", "failed", ("run-001", "run-003")),
        ("a", "passed", ("run-000", "run-002")),
        ("b", "missing-input", ("run-000", "run-001", "run-002", "run-003")),
    ]


def test_the_verdict_names_the_rules_that_failed() -> None:
    broken = made(make_rule("mine/broken", check=lambda _rule, _run: iter([3])))
    report = _compose(_runs(2, broken), broken)
    assert report.verdict.message.text == (
        "None of 2 runs could be judged: the logs hold too little. "
        "Not all was judged: `mine/broken` failed."
    )


@pytest.mark.parametrize(
    ("requires", "state"), [(("train/loss",), "state.fine"), (("val/loss",), "state.unjudged")]
)
def test_a_run_without_findings_is_fine_only_if_something_passed(
    requires: tuple[str, ...], state: str
) -> None:
    rule = made(make_rule(requires=requires))
    (run,) = _compose(_runs(1, rule), rule).runs
    assert (run.state.id, run.severity) == (state, None)


def test_the_best_value_of_the_objective_is_shown_with_its_step() -> None:
    falling = [3.0, 1.0, 2.0]
    report = _compose(
        [result_of(make_run(val_loss=falling)), result_of(make_run(name="x", foo=[1.0]))]
    )
    assert [(run.objective_value, run.objective_step) for run in report.runs] == [
        (1.0, 1),
        (None, None),
    ]


@pytest.mark.parametrize("values", [[0.6, 0.8, 0.95, 0.99], [0.99, 0.95, 0.8, 0.6]])
def test_the_best_smoothed_value_is_none_that_was_not_reached(values: list[float]) -> None:
    report = _compose([result_of(make_run(val_accuracy=values))])
    assert report.runs[0].objective_level is not None
    assert report.runs[0].objective_level <= max(values)


def test_notes_on_the_log_are_sentences() -> None:
    run = make_run(train_loss=[1.0], notes=(note(NoteKind.RESTARTED, step=1200),))
    (entry,) = _compose([result_of(run)]).runs
    assert [message.params for message in entry.notes] == [{"step": 1200}]


def test_options_that_differ_from_their_defaults_are_shown() -> None:
    report = _compose(_runs(1), _rule())
    assert report.rules[0].options == {}
