from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from advisor.finding import Evidence, Finding, Severity
from advisor.judging.judge import Outcome, judge, judge_study, with_severity
from advisor.presentation.hints import UNPROBED
from advisor.roles import Task
from advisor.rule import BaseRule, Nature, NotApplicable, Rule, StudyRule
from advisor.run import Run
from advisor.study import Study
from advisor.testing import make_run
from advisor.understand import understand
from advisor.view import Judged
from tests.support import FALLING, RISING, made, make_finding, make_rule, result_of

LOSS = make_run(train_loss=FALLING)


def _one(run: Run, rule: type[BaseRule], seconds: float = 5.0) -> Outcome:
    judged = Judged(run, understand(run))
    started: list[str] = []
    (outcome,) = judge(judged, [made(rule)], seconds=seconds, started=started.append, failed={})
    ran = outcome.result in ("passed", "failed", "error") or (
        outcome.reason is not None and outcome.reason.id == "not-applicable"
    )
    assert started == ([rule.name] if ran else [])
    return outcome


def _evidence(series: str = "train/loss") -> Evidence:
    return Evidence(series=series, first_step=0, last_step=9, measured="fall", value=1.0)


def _yields(*series: str) -> Callable[[Any, Any], Iterator[Finding]]:
    def check(rule: Rule, _run: object) -> Iterator[Finding]:
        for name in series:
            yield rule.finding(confidence=0.5, evidence=(_evidence(name),))

    return check


def test_a_rule_that_yields_nothing_passed() -> None:
    assert _one(LOSS, make_rule()) == Outcome(rule="some-rule", result="passed")


def test_a_rule_that_yields_failed_the_run_and_its_finding_is_located() -> None:
    outcome = _one(LOSS, make_rule(check=_yields("train/loss")))
    assert outcome.result == "failed"
    (finding,) = outcome.findings
    assert finding.runs == (LOSS.name,)
    assert finding.id.startswith("some-rule-")


def test_a_rule_may_return_a_list() -> None:
    rule = make_rule(check=lambda rule, run: list(_yields("train/loss")(rule, run)))
    assert _one(LOSS, rule).result == "failed"


def test_two_findings_on_one_series_have_two_ids() -> None:
    first, second = _one(LOSS, make_rule(check=_yields("train/loss", "train/loss"))).findings
    assert second.id == f"{first.id}-2"


def test_what_is_missing_is_said_with_the_line_that_logs_it() -> None:
    outcome = _one(LOSS, make_rule(requires=("train/loss", "val/loss")))
    assert outcome.result == "missing-input"
    assert outcome.reason is not None
    assert "column `val/loss`" in outcome.reason.text


@pytest.mark.parametrize("key", ["val/metric", "val/loss|val/metric"])
def test_a_metric_that_lacks_its_direction_alone_is_not_said_to_be_missing(key: str) -> None:
    run = make_run(train_loss=FALLING, series={"val_zorbness": RISING})
    outcome = _one(run, make_rule(requires=(key,)))
    assert outcome.result == "missing-input"
    assert outcome.reason is not None
    assert "whether `val_zorbness` should rise or fall" in outcome.reason.text
    lacking = _one(run, make_rule(requires=("val/loss",)))
    assert lacking.reason is not None
    assert lacking.reason.text.startswith("Log the loss on a validation set")


def test_a_rule_on_what_a_probe_measures_lacks_the_probe_and_no_log() -> None:
    for run in (LOSS, make_run()):
        outcome = _one(run, make_rule(requires=("advisor-probe/rates/middle",)))
        assert outcome.result == "missing-input"
        assert outcome.reason == UNPROBED


def test_a_rule_on_curves_is_not_asked_about_a_probe() -> None:
    probed = make_run(series={"advisor-probe/rates/middle": [0.0]})
    assert _one(probed, make_rule(requires=("train/loss",))).result == "not-applicable"


def test_of_alternatives_one_is_enough() -> None:
    rule = make_rule(requires=("val/loss|train/loss",), check=_yields("train/loss"))
    assert _one(LOSS, rule).result == "failed"


def test_a_task_that_the_rule_does_not_hold_for_is_not_judged() -> None:
    outcome = _one(LOSS, make_rule(not_for=frozenset(Task)))
    assert outcome.result == "not-applicable"
    assert outcome.reason is not None
    assert outcome.reason.id == "wrong-task"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([1.0] * 9, "too-few-points"),
        ([1.0] * 9 + [np.nan] * 50, "too-few-points"),
        ([np.nan, np.inf], "not-finite"),
    ],
)
def test_a_series_without_enough_finite_points_is_not_judged(
    values: list[float], reason: str
) -> None:
    rule = make_rule(requires=("train/loss",), points=10)
    outcome = _one(make_run(train_loss=values), rule)
    assert outcome.result == "not-applicable"
    assert outcome.reason is not None
    assert outcome.reason.id == reason


def test_exactly_enough_points_are_enough() -> None:
    rule = make_rule(requires=("train/loss",), points=10)
    assert _one(make_run(train_loss=[1.0] * 10), rule).result == "passed"


def test_a_rule_on_non_finite_values_sees_them() -> None:
    rule = make_rule(requires=("train/loss",), reads_non_finite=True, check=_yields("train/loss"))
    assert _one(make_run(train_loss=[np.nan]), rule).result == "failed"


def test_a_rule_may_say_why_it_cannot_judge() -> None:
    def check(_rule: Rule, _run: object) -> Iterator[Finding]:
        raise NotApplicable("only {n:count point|points}", n=1)

    outcome = _one(LOSS, make_rule(check=check))
    assert (outcome.result, outcome.reason and outcome.reason.text) == (
        "not-applicable",
        "only 1 point",
    )


def _raise(error: BaseException) -> Callable[[Any, Any], Any]:
    def check(_rule: Rule, _run: object) -> Iterator[Finding]:
        yield from ()
        raise error

    return check


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (_raise(ZeroDivisionError("by zero")), "ZeroDivisionError: by zero (test_judge.py, line "),
        (_raise(SystemExit(0)), "SystemExit: 0 (test_judge.py, line "),
        (_raise(MemoryError()), "MemoryError (test_judge.py, line "),
        (_raise(RecursionError("deep")), "RecursionError: deep"),
        (lambda _rule, _run: ("junk",), "yields a str, not a Finding"),
        (lambda _rule, _run: None, "'NoneType' object is not iterable"),
        (lambda _rule, _run: (make_finding("another-rule"),), "a finding of another rule"),
        (
            lambda _rule, _run: (make_finding().model_copy(update={"evidence": ()}),),
            "without evidence",
        ),
        (
            lambda _rule, _run: (make_finding().model_copy(update={"confidence": "high"}),),
            "yields a finding whose confidence is wrong: Input should be a valid number",
        ),
        (_yields("no/such"), "cites series that the run has not: ['no/such']"),
        (lambda _rule, run: (run["val/loss"],), "val/loss: name it in the rule's requires or uses"),
        (lambda _rule, run: (run["grad_norm"],), "grad_norm: name it in the rule's requires"),
        (lambda rule, _run: (rule.finding(confidence=2, evidence=()),), "ValidationError"),
        (lambda rule, _run: (rule.say("nothing"),), "KeyError: 'nothing'"),
    ],
)
def test_a_broken_rule_ends_as_an_error_that_says_what_happened(
    check: Callable[[Any, Any], Any], said: str
) -> None:
    run = make_run(train_loss=FALLING, val_loss=RISING)
    outcome = _one(run, make_rule(check=check, requires=("train/loss",)))
    assert outcome.result == "error"
    assert outcome.reason is not None
    assert said in outcome.reason.text


def test_a_finding_that_was_copied_with_a_list_for_a_tuple_is_as_good_as_any() -> None:
    def check(rule: BaseRule, _run: object) -> Iterator[Finding]:
        finding = make_finding(rule.name, series="train/loss")
        yield finding.model_copy(update={"evidence": list(finding.evidence)})

    outcome = _one(make_run(train_loss=FALLING), make_rule(check=check, requires=("train/loss",)))
    assert outcome.result == "failed"
    assert isinstance(outcome.findings[0].evidence, tuple)


def test_ctrl_c_is_no_fault_of_a_rule() -> None:
    with pytest.raises(KeyboardInterrupt):
        _one(LOSS, make_rule(check=_raise(KeyboardInterrupt())))


def test_a_rule_past_its_time_ends_as_an_error() -> None:
    def check(_rule: Rule, _run: object) -> Iterator[Finding]:
        yield from ()
        time.sleep(60)

    outcome = _one(LOSS, make_rule(check=check), seconds=0.05)
    assert outcome.reason is not None
    assert "not finished after 0.05 s (test_judge.py, line " in outcome.reason.text


def test_a_rule_that_ended_a_worker_is_not_asked_again() -> None:
    rule = made(make_rule(check=_raise(AssertionError("asked again"))))
    judged = Judged(LOSS, understand(LOSS))
    failed = {"some-rule": "ended its worker process"}
    (outcome,) = judge(judged, [rule], seconds=5, started=pytest.fail, failed=failed)
    assert outcome.result == "error"
    assert outcome.reason is not None
    assert "ended its worker process" in outcome.reason.text


STUDY = Study(runs=(result_of(make_run(name="a", train_loss=FALLING)).summary,))


def _across(check: Callable[[Any, Any], Any]) -> Outcome:
    rule = make_rule(base=StudyRule, check=check)()
    assert isinstance(rule, StudyRule)
    return judge_study(STUDY, rule, seconds=5)


def test_a_rule_across_runs_names_its_runs() -> None:
    outcome = _across(lambda _rule, _study: (make_finding("some-rule", "a"),))
    assert [finding.runs for finding in outcome.findings] == [("a",)]


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (lambda _rule, _study: (make_finding("some-rule", "b"),), "names no runs of the study"),
        (lambda _rule, _study: (make_finding("some-rule"),), "names no runs of the study"),
        (lambda _rule, _study: (make_finding().located(),), "names no runs of the study"),
        (lambda _rule, _study: (make_finding("other", "a"),), "a finding of another rule"),
        (lambda _rule, _study: ("junk",), "yields a str, not a Finding"),
        (_raise(ValueError("broken")), "ValueError: broken"),
    ],
)
def test_a_broken_rule_across_runs_ends_as_an_error(
    check: Callable[[Any, Any], Any], said: str
) -> None:
    outcome = _across(check)
    assert outcome.result == "error"
    assert outcome.reason is not None
    assert said in outcome.reason.text


def test_a_severity_from_the_settings_replaces_the_rules_own() -> None:
    rule = made(make_rule(severity=Severity.WARNING))
    finding = make_finding(severity=Severity.WARNING)
    for level in Severity:
        assert with_severity(finding, rule, level).severity is level
    assert with_severity(finding, rule, None) is finding


def test_a_finding_that_its_rule_made_milder_is_not_raised_by_the_settings() -> None:
    rule, mild = made(make_rule(severity=Severity.ERROR)), make_finding(severity=Severity.NOTE)
    assert with_severity(mild, rule, Severity.ERROR).severity is Severity.NOTE


def test_an_option_stays_a_note_whatever_the_settings_say() -> None:
    rule = made(make_rule(severity=Severity.NOTE, nature=Nature.OPTION))
    finding = make_finding(severity=Severity.NOTE)
    assert with_severity(finding, rule, Severity.ERROR).severity is Severity.NOTE


def _weighed(**further: Any) -> Run:
    beta = np.linspace(0, 1, len(FALLING))
    return make_run(series={"train/loss": FALLING, "val/loss": RISING, "beta": beta, **further})


def test_losses_that_are_weighed_anew_are_not_shown_to_rules_that_compare() -> None:
    outcome = _one(_weighed(), make_rule(requires=("train/loss",)))
    assert outcome.result == "missing-input"
    assert outcome.reason is not None
    assert "beta" in outcome.reason.text
    assert "--objective" in outcome.reason.text


def test_a_metric_is_compared_whatever_the_weights_of_losses() -> None:
    run = _weighed(**{"val/accuracy": FALLING})
    rule = make_rule(requires=("val/metric|val/loss",), uses=("objective",), check=_sees_metric)
    assert _one(run, rule).result == "passed"


def _sees_metric(_rule: Any, run: Any) -> Iterator[Finding]:
    assert run["val/metric|val/loss"].tag == run["objective"].tag == "val/accuracy"
    return iter(())


def test_a_rule_that_compares_nothing_sees_losses_whatever_their_weights() -> None:
    assert _one(_weighed(), make_rule(requires=("train/loss",), compares=False)).result == "passed"
    rule = make_rule(requires=("train/loss",), reads_non_finite=True)
    assert _one(_weighed(), rule).result == "passed"


@pytest.mark.parametrize(
    ("named", "results"),
    [("val/nll", ["passed", "missing-input"]), ("val/loss", ["missing-input", "missing-input"])],
)
def test_a_loss_that_the_user_names_is_compared_if_it_is_not_trained_on(
    named: str, results: list[str]
) -> None:
    run = _weighed(**{"val/nll": FALLING})
    judged = Judged(run, understand(run, objective=named))
    rules = [made(make_rule(requires=(key,))) for key in ("val/loss", "train/loss")]
    found = judge(judged, rules, seconds=5, started=lambda _: None, failed={})
    assert [outcome.result for outcome in found] == results
