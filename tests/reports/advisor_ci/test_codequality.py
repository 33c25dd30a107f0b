from __future__ import annotations

import json
import re
from typing import Any

from advisor.report import Report
from advisor_ci.codequality import CodeQualityRenderer
from tests.reports.advisor_ci.placed import FILE, hostile_placed_report, placed_report
from tests.sample_report import sample_report


def issues(report: Report) -> list[dict[str, Any]]:
    text = CodeQualityRenderer().render(report)
    assert text.isascii()
    read = json.loads(text)
    assert isinstance(read, list)
    return read


def test_each_issue_has_what_gitlab_asks_for() -> None:
    found = issues(placed_report())
    assert [one["check_name"] for one in found] == ["diverged", "lr-too-low"]
    assert [one["severity"] for one in found] == ["critical", "major"]
    assert [one["location"]["lines"]["begin"] for one in found] == [14, 20]
    for one in found:
        assert set(one) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["location"]["path"] == FILE
        assert re.fullmatch(r"[0-9a-f]{32}", one["fingerprint"])


def test_without_a_line_there_is_no_issue() -> None:
    assert issues(sample_report()) == []


def test_hostile_names_stay_inside_their_strings() -> None:
    found = issues(hostile_placed_report())
    assert found
    assert len({one["fingerprint"] for one in found}) == len(found)
    assert all(len(one["description"].splitlines()) == 1 for one in found)
