"""SARIF 2.1.0, for GitHub's code scanning and others that show alerts beside the code.

Its bounds are GitHub's, which refuses what is larger: 25,000 rules, 5,000 results that are
kept, 255 characters of a name and 1,024 of a description.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from advisor.finding import Place, Severity
from advisor.language import word
from advisor.report import Report, RuleInfo
from advisor.text import clean
from advisor_ci.remarks import Remark, located

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MOST_RULES = 25_000
NAME, DESCRIPTION = 255, 1_024

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
"""What GitHub calls ``problem.severity``."""
PRECISIONS = ((0.95, "very-high"), (0.85, "high"), (0.65, "medium"))
"""From which confidence on findings are called how precise."""

Data = dict[str, Any]


class SarifRenderer:
    """Writes what points at a line of a settings file, and the rules that were asked."""

    name = "sarif"
    suffix = ".sarif"
    summary = "alerts for code scanning: what points at a line of --config-file"

    def render(self, report: Report) -> str:
        """Write one run of the tool."""
        found = located(report)
        known = _rules(report, found)
        places = {rule["id"]: index for index, rule in enumerate(known)}
        run = {
            "tool": {
                "driver": {
                    "name": "advisor",
                    "version": clean(report.advisor),
                    "rules": known,
                }
            },
            "columnKind": "unicodeCodePoints",
            "results": [_result(r, p, places) for r, p in found if _id(r.entry.rule) in places],
        }
        document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
        return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def _rules(report: Report, found: tuple[tuple[Remark, Place], ...]) -> list[Data]:
    """Describe the rules, those with results first, each with its least sure result."""
    sure: dict[str, float] = {}
    for remark, _ in found:
        key = _id(remark.entry.rule)
        sure[key] = min(remark.finding.confidence, sure.get(key, 1.0))
    rules = {_id(rule): rule for rule in report.rules}
    ordered = sorted(rules.items(), key=lambda item: item[0] not in sure)[:MOST_RULES]
    return [_rule(key, rule, sure.get(key)) for key, rule in ordered]


def _id(rule: RuleInfo) -> str:
    return clean(rule.name, NAME)


def _rule(identifier: str, rule: RuleInfo, confidence: float | None) -> Data:
    summary = clean(word(rule.summary), DESCRIPTION) or identifier
    sources = [f"{clean(c.source)}: {clean(word(c.supports), DESCRIPTION)}" for c in rule.citations]
    properties: Data = {
        "tags": [clean(rule.stage, NAME)],
        "problem.severity": PROBLEMS[rule.severity],
    }
    if confidence is not None:
        properties["precision"] = _precision(confidence)
    return {
        "id": identifier,
        "name": identifier,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": "\n".join((summary, *sources))},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": properties,
    }


def _precision(confidence: float) -> str:
    return next((word for bound, word in PRECISIONS if confidence >= bound), "low")


def _result(remark: Remark, place: Place, places: dict[str, int]) -> Data:
    identifier = _id(remark.entry.rule)
    return {
        "ruleId": identifier,
        "ruleIndex": places[identifier],
        "level": LEVELS[remark.severity],
        "message": {"text": remark.whole},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(place.file), "uriBaseId": "%SRCROOT%"},
                    # Without a last column the region ends with its line.
                    "region": {"startLine": place.line, "startColumn": 1, "endLine": place.line},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": f"{remark.fingerprint}:1"},
    }


def _uri(file: str) -> str:
    """Write a relative path as a reference; a colon would end the name of a scheme."""
    return quote(file.encode("utf-8", "replace"), safe="/")
