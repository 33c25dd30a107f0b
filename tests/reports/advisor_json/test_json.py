"""The JSON report and its schema."""

from __future__ import annotations

import importlib
import json
import math
from pathlib import Path

import pytest

from advisor.renderer import Renderer
from advisor.report import SCHEMA_VERSION, Report
from advisor_json import JsonRenderer, register_renderers
from advisor_json.schema import schema_text
from tests.sample_report import hostile_report, large_report, quiet_report, sample_report

COMMITTED = Path(__file__).parents[3] / "docs" / "report.schema.json"
REPORTS = {
    "sample": sample_report(),
    "quiet": quiet_report(),
    "hostile": hostile_report(),
    "large": large_report(50),
}


def test_the_format_is_declared() -> None:
    (renderer,) = register_renderers()
    assert isinstance(renderer, Renderer)
    assert (renderer.name, renderer.suffix) == ("json", ".json")


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_report_that_is_read_back_is_written_alike(report: Report) -> None:
    text = JsonRenderer().render(report)
    assert JsonRenderer().render(Report.from_json(text)) == text


def test_a_report_without_half_characters_is_the_same_after_a_trip() -> None:
    report = hostile_report(surrogates=False)
    assert Report.from_json(JsonRenderer().render(report)) == report


def test_the_fields_that_scripts_rely_on_are_there() -> None:
    written = json.loads(JsonRenderer().render(sample_report()))
    assert set(written["findings"][0]) >= {"id", "rule", "severity", "confidence", "runs"}
    promised = {"id", "severity", "runs", "symptom", "hypotheses", "consequences", "next"}
    assert set(written["diagnoses"][0]) >= promised
    assert set(written["diagnoses"][0]["hypotheses"][0]) == {
        "rule",
        "probability",
        "finding",
        "settled",
    }
    assert {"from", "to"} <= set(written["findings"][0]["changes"][0])


@pytest.mark.parametrize(
    ("value", "spelling"),
    [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")],
)
def test_a_number_that_json_cannot_spell_survives(value: float, spelling: str) -> None:
    text = JsonRenderer().render(_measuring(value))
    assert json.loads(text)["findings"][0]["evidence"][0]["value"] == spelling
    back = Report.from_json(text).findings[0].evidence[0]
    assert repr(back.value) == repr(value)
    assert repr(back.threshold) == repr(value)


def test_a_newer_schema_is_refused_with_both_versions() -> None:
    newer = sample_report().model_copy(update={"schema_version": SCHEMA_VERSION + 1})
    with pytest.raises(ValueError, match=f"{SCHEMA_VERSION + 1}.*{SCHEMA_VERSION}"):
        Report.from_json(newer.to_json())


def test_a_key_of_a_later_version_is_ignored() -> None:
    written = json.loads(sample_report().to_json())
    written["later"] = written["findings"][0]["later"] = 1
    assert Report.from_json(json.dumps(written)) == sample_report()


def test_the_published_schema_is_fresh() -> None:
    cure = "python -m advisor_json.schema > docs/report.schema.json"
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(), cure


@pytest.mark.parametrize(
    "report", [*REPORTS.values(), "nan"], ids=[*REPORTS, "numbers that are not finite"]
)
def test_every_report_follows_the_schema(report: Report | str) -> None:
    made = _measuring(math.nan) if isinstance(report, str) else report
    # Imported by name: the package comes without types.
    jsonschema = importlib.import_module("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    assert [e.message for e in validator.iter_errors(json.loads(made.to_json()))] == []


def test_the_schema_refuses_what_is_no_report() -> None:
    jsonschema = importlib.import_module("jsonschema")
    written = json.loads(sample_report().to_json())
    written["findings"][0]["confidence"] = 96
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    (error,) = validator.iter_errors(written)
    assert list(error.path) == ["findings", 0, "confidence"]


def _measuring(value: float) -> Report:
    report = sample_report()
    finding = report.findings[0]
    evidence = finding.evidence[0].model_copy(update={"value": value, "threshold": value})
    changed = finding.model_copy(update={"evidence": (evidence,)})
    return report.model_copy(update={"findings": (changed, *report.findings[1:])})


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_a_column_of_numbers_stands_on_one_line_and_holds_what_it_held(report: Report) -> None:
    text = JsonRenderer().render(report)
    assert json.loads(text) == json.loads(report.to_json())
    columns = [line for line in text.splitlines() if '"steps": [' in line]
    assert columns
    assert all(line.rstrip(",").endswith("]") for line in columns)
