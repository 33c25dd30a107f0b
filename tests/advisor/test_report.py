"""The report survives a trip through JSON, whatever its names hold."""

from __future__ import annotations

import pytest

from advisor.report import SCHEMA_VERSION, Report
from tests.sample_report import hostile_report, large_report, quiet_report, sample_report


@pytest.mark.parametrize(
    "report",
    [sample_report(), quiet_report(), hostile_report(surrogates=False), large_report(3)],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_report_is_equal_after_a_trip_through_json(report: Report, indent: int | None) -> None:
    assert Report.from_json(report.to_json(indent)) == report


def test_half_a_character_is_replaced_and_everything_else_stays() -> None:
    report = hostile_report()
    read = Report.from_json(report.to_json())
    assert read.runs[-1].name == "half \ufffd a character"
    assert read.findings[:-1] == report.findings[:-1]


def test_a_report_of_a_newer_schema_is_refused_with_the_way_out() -> None:
    newer = sample_report().model_copy(update={"schema_version": SCHEMA_VERSION + 1})
    with pytest.raises(ValueError, match="upgrade"):
        Report.from_json(newer.to_json())


def test_a_finding_is_found_by_its_id_and_an_unknown_one_is_not() -> None:
    report = sample_report()
    assert report.finding(report.findings[3].id) is report.findings[3]
    with pytest.raises(KeyError):
        report.finding("nobody")
