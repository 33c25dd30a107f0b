import functools

import pytest

from advisor.finding import Finding, Severity
from advisor.judging.judge import judge
from advisor.understand import understand
from advisor.view import Judged
from advisor_rules import RULES
from tests.healthy import healthy_runs
from tests.trained import trained_runs

RUNS = {run.name: run for run in (*healthy_runs(), *trained_runs())}


@functools.cache
def findings(name: str) -> tuple[Finding, ...]:
    run = RUNS[name]
    outcomes = judge(
        Judged(run, understand(run)),
        [rule() for rule in RULES],
        seconds=60,
        started=lambda _: None,
        failed={},
    )
    assert not [o for o in outcomes if o.result == "error"]
    return tuple(finding for outcome in outcomes for finding in outcome.findings)


def test_there_are_enough_healthy_runs_to_judge_by() -> None:
    assert len(RUNS) >= 80


@pytest.mark.parametrize("name", RUNS)
def test_a_healthy_run_gets_no_warning_and_no_error(name: str) -> None:
    loud = [f for f in findings(name) if f.severity is not Severity.NOTE]
    assert loud == []


@pytest.mark.parametrize("name", RUNS)
def test_a_healthy_run_is_never_told_to_train_longer_and_shorter(name: str) -> None:
    fired = {finding.rule for finding in findings(name)}
    assert not {"still-improving", "past-best"} <= fired
    assert not {"still-improving", "overfitting"} <= fired
