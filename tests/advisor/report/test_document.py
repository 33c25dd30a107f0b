"""The report survives a trip through JSON, whatever its names hold."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.finding import Evidence
from advisor.model import Value
from advisor.report import SCHEMA_VERSION, Report
from advisor.run import ConfigValue
from advisor.text import Message
from tests.sample_report import hostile_report, large_report, quiet_report, sample_report


@pytest.mark.parametrize(
    "report",
    [sample_report(), quiet_report(), hostile_report(surrogates=False), large_report(3)],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_report_is_equal_after_a_trip_through_json(report: Report, indent: int | None) -> None:
    assert Report.from_json(report.to_json(indent)) == report


_ODD = (math.nan, math.inf, -math.inf, 1e308, 5e-324, 0.1, 10**30, -0.0, True, None, "1", ())
_VALUES = st.one_of(
    st.sampled_from(_ODD),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.one_of(st.floats(), st.integers(), st.booleans(), st.none())).map(tuple),
)


@given(_VALUES, st.floats())
def test_any_value_of_a_config_a_message_or_an_evidence_survives(
    value: Value, measured: float
) -> None:
    report = _holding(value, measured)
    read = Report.from_json(report.to_json())
    assert repr(read.runs[0].config) == repr(report.runs[0].config)
    assert repr(read.findings[0].evidence) == repr(report.findings[0].evidence)
    assert repr(read.verdict) == repr(report.verdict)
    assert read.to_json() == report.to_json()


def _holding(value: Value, measured: float) -> Report:
    report = sample_report()
    run = report.runs[0].model_copy(update={"config": {"x": ConfigValue(value=value, origin="y")}})
    evidence = Evidence(series="a", first_step=0, last_step=1, measured="b", value=measured)
    finding = report.findings[0].model_copy(update={"evidence": (evidence,)})
    said = Message(id="odd", params={"value": value}, text="odd")
    verdict = report.verdict.model_copy(update={"message": said})
    found = (finding, *report.findings[1:])
    return report.model_copy(update={"runs": (run,), "findings": found, "verdict": verdict})


def test_what_a_later_version_added_is_ignored() -> None:
    data = json.loads(sample_report().to_json())
    data["added"] = {"later": 1}
    data["findings"][0]["added"] = data["runs"][0]["added"] = [1]
    assert Report.from_json(json.dumps(data)) == sample_report()


def test_half_a_character_is_replaced_and_everything_else_stays() -> None:
    report = hostile_report()
    read = Report.from_json(report.to_json())
    assert read.runs[-1].name == "half \ufffd a character"
    assert read.findings[:-1] == report.findings[:-1]


def test_a_report_of_a_newer_schema_is_refused_with_the_way_out() -> None:
    newer = sample_report().model_copy(update={"schema_version": SCHEMA_VERSION + 1})
    with pytest.raises(ValueError, match="upgrade"):
        Report.from_json(newer.to_json())


def test_a_newer_schema_is_recognized_whatever_else_has_changed() -> None:
    text = json.dumps({"schema_version": SCHEMA_VERSION + 1, "advisor": "9.0", "findings": 3})
    with pytest.raises(ValueError, match=r"written by advisor 9\.0 with schema version"):
        Report.from_json(text)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"schema_version": 1}', b"\xff"])
def test_what_is_no_report_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the message is the command's business
        Report.from_json(text)


def test_a_finding_is_found_by_its_id_and_an_unknown_one_is_not() -> None:
    report = sample_report()
    assert report.finding(report.findings[3].id) is report.findings[3]
    with pytest.raises(KeyError):
        report.finding("nobody")


def test_a_copy_with_other_findings_finds_those() -> None:
    report = sample_report()
    first, second = report.findings[:2]
    assert report.finding(first.id) is first
    renamed = second.model_copy(update={"id": "another"})
    copied = report.model_copy(update={"findings": (renamed,)})
    assert copied.finding("another") is renamed
    with pytest.raises(KeyError):
        copied.finding(first.id)
