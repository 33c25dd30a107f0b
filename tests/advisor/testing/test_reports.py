"""The reports that renderers are checked with."""

from __future__ import annotations

from typing import get_args

from advisor.finding import Severity
from advisor.report import Report, Status
from advisor.testing import empty_report, hostile_report, small_report
from advisor.testing.renderers import OPTIONAL, UNSAFE
from advisor.testing.reports import OUTCOMES


def test_the_small_report_shows_every_severity_and_every_outcome() -> None:
    report = small_report()
    assert {finding.severity for finding in report.findings} == set(Severity)
    assert {status.outcome for status in report.statuses} == set(OUTCOMES)
    assert get_args(Status.model_fields["outcome"].annotation) == OUTCOMES


def test_everything_in_a_report_refers_to_something_in_it() -> None:
    for report in (small_report(), hostile_report()):
        rules, runs = {rule.name for rule in report.rules}, {run.name for run in report.runs}
        for diagnosis in report.diagnoses:
            assert report.finding(diagnosis.leading).rule in rules
            assert set(diagnosis.runs) <= runs


def test_the_reports_survive_json() -> None:
    for report in (small_report(), empty_report()):
        assert Report.from_json(report.to_json()) == report


def test_the_hostile_report_is_hostile() -> None:
    assert UNSAFE.search(hostile_report().verdict.message.text)


def test_the_keys_that_older_reports_lack_are_optional() -> None:
    assert not any(Report.model_fields[key].is_required() for key in OPTIONAL)
