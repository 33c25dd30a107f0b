from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlsplit

from advisor.report import Report
from advisor_ci import remarks
from advisor_ci.sarif import SarifRenderer
from tests.reports.advisor_ci.placed import FILE, hostile_placed_report, placed_report
from tests.sample_report import large_report, sample_report


def run(report: Report) -> dict[str, Any]:
    text = SarifRenderer().render(report)
    assert text.isascii()
    document = json.loads(text)
    assert document["version"] == "2.1.0"
    (only,) = document["runs"]
    assert isinstance(only, dict)
    return only


def _location(result: dict[str, Any]) -> dict[str, Any]:
    (only,) = result["locations"]
    found = only["physicalLocation"]
    assert isinstance(found, dict)
    return found


def test_a_result_names_its_rule_level_line_and_fingerprint() -> None:
    found = run(placed_report())
    rules = found["tool"]["driver"]["rules"]
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert _location(result)["artifactLocation"]["uri"] == FILE
        assert result["partialFingerprints"]["primaryLocationLineHash"].endswith(":1")
    regions = [_location(result)["region"] for result in found["results"]]
    assert regions == [{"startLine": line, "startColumn": 1, "endLine": line} for line in (14, 20)]
    assert [(r["ruleId"], r["level"]) for r in found["results"]] == [
        ("diverged", "error"),
        ("lr-too-low", "warning"),
    ]


def test_every_rule_is_described_and_precise_as_its_results_are_sure() -> None:
    rules = run(placed_report())["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == {rule.name for rule in placed_report().rules}
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
    precisions = {r["id"]: r["properties"].get("precision") for r in rules}
    assert precisions["diverged"] == "very-high"
    assert precisions["overfitting"] is None


def test_without_a_line_there_is_no_result() -> None:
    assert run(sample_report())["results"] == []


def test_many_rules_and_long_texts_keep_within_the_bounds(monkeypatch: Any) -> None:
    monkeypatch.setattr(remarks, "MOST", 3)
    found = run(hostile_placed_report())
    assert len(found["results"]) <= 3
    for rule in run(large_report(300))["tool"]["driver"]["rules"]:
        assert len(rule["name"]) <= 255
        assert len(rule["fullDescription"]["text"]) <= 1_024


def test_hostile_file_names_are_relative_references_and_nothing_else() -> None:
    for result in run(hostile_placed_report())["results"]:
        uri = _location(result)["artifactLocation"]["uri"]
        parts = urlsplit(uri)
        assert parts.scheme == parts.netloc == parts.query == parts.fragment == ""
        assert uri.isascii()
        assert unquote(uri) or uri == ""
        assert len(result["message"]["text"].splitlines()) == 1
