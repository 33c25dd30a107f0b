"""GitLab's code quality report: what the merge request shows beside the lines of its diff."""

from __future__ import annotations

import json

from advisor.finding import Place, Severity
from advisor.report import Report
from advisor.text import clean
from advisor_ci.remarks import LONGEST, Remark, located

SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}


class CodeQualityRenderer:
    """Writes what points at a line of a settings file; the list is empty without one."""

    name = "codequality"
    suffix = ".codequality.json"
    summary = "code quality of GitLab: what points at a line of --config-file"

    def render(self, report: Report) -> str:
        """Write the JSON array that ``artifacts: reports: codequality`` takes."""
        issues = [_issue(remark, place) for remark, place in located(report)]
        return json.dumps(issues, indent=1, ensure_ascii=True) + "\n"


def _issue(remark: Remark, place: Place) -> dict[str, object]:
    return {
        "description": remark.whole,
        "check_name": clean(remark.entry.rule.name),
        "fingerprint": remark.fingerprint,
        "severity": SEVERITIES[remark.severity],
        "location": {"path": clean(place.file, LONGEST), "lines": {"begin": place.line}},
    }
