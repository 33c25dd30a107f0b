"""A report that somebody edited is refused with what it lacks, and ends in no traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from advisor.report import Report
from advisor.report.whole import broken
from tests.sample_report import hostile_report, quiet_report, sample_report


def edited(edit: Callable[[Any], None]) -> str:
    """The JSON of the sample report, with some of it changed."""
    document = json.loads(sample_report().to_json())
    edit(document)
    return json.dumps(document)


def _hypothesis(document: Any) -> Any:
    return document["diagnoses"][0]["hypotheses"][0]


def _curve(document: Any) -> Any:
    return next(run for run in document["runs"] if run["curves"])["curves"][0]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: _hypothesis(d).update(finding="gone"), "findings: there is no 'gone'"),
        (lambda d: _hypothesis(d).update(rule="gone"), "rules: there is no 'gone'"),
        (lambda d: d["diagnoses"][0].update(hypotheses=[]), "has no hypothesis"),
        (lambda d: d["diagnoses"][0].update(consequences=["gone"]), "there is no 'gone'"),
        (lambda d: d["findings"][0].update(caveats=["gone"]), "there is no 'gone'"),
        (lambda d: _curve(d).update(mean=[1.0]), "has columns of unlike length"),
        (lambda d: _curve(d)["steps"].__setitem__(0, 10**400), "has a step that is too large"),
        (lambda d: _curve(d)["mean"].__setitem__(0, "NaN"), "has a value that is not finite"),
    ],
)
def test_what_is_missing_or_wrong_is_named(edit: Callable[[Any], None], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Report.from_json(edited(edit))


@pytest.mark.parametrize("make", [sample_report, quiet_report, hostile_report])
def test_a_report_as_advisor_makes_it_is_whole(make: Callable[[], Report]) -> None:
    assert list(broken(make())) == []
