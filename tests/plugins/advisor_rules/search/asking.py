"""Asking one rule about a study."""

from __future__ import annotations

from advisor.finding import Finding
from advisor.judging.judge import judge_study
from advisor.rule import StudyRule
from advisor.run import Run
from advisor.testing import make_study


def found(rule: StudyRule, *runs: Run) -> tuple[Finding, ...]:
    """Return what a rule finds in a study of runs."""
    outcome = judge_study(make_study(*runs), rule, seconds=60)
    assert outcome.result != "error", outcome.reason
    return outcome.findings
