from __future__ import annotations

import pytest

from advisor.comparison import compare
from advisor.finding import Severity
from advisor.report import Report
from advisor.report.comparison import Comparison
from tests.comparisons import ACROSS, report
from tests.support import make_finding

OVER = make_finding("overfitting", "a")


def compared(now: Report, before: Report) -> Comparison:
    found = compare(now, before).comparison
    assert found is not None
    return found


def counts(found: Comparison) -> tuple[int, int, int, int]:
    """New, fixed, gone without being fixed, unchanged."""
    fixed = sum(one.fixed for one in found.gone)
    return len(found.new), fixed, len(found.gone) - fixed, len(found.unchanged)


def test_the_same_on_both_sides_is_unchanged() -> None:
    now = report(["a"], [OVER])
    found = compared(now, report(["a"], [OVER]))
    assert counts(found) == (0, 0, 0, 1)
    assert found.unchanged == (OVER.id,)


def test_what_only_the_report_has_is_new_and_what_passes_now_is_fixed() -> None:
    found = compared(report(["a"], [OVER]), report(["a"]))
    assert counts(found) == (1, 0, 0, 0)
    assert found.new[0].remark is None
    assert counts(compared(report(["a"]), report(["a"], [OVER]))) == (0, 1, 0, 0)


def test_evidence_in_another_series_is_no_news() -> None:
    moved = make_finding("overfitting", "a", series="val/other")
    assert moved.id != OVER.id
    assert counts(compared(report(["a"], [moved]), report(["a"], [OVER]))) == (0, 0, 0, 1)


def test_a_second_finding_of_the_rule_is_new() -> None:
    both = [OVER, make_finding("overfitting", "a", series="val/other")]
    found = compared(report(["a"], both), report(["a"], [OVER]))
    assert [new.finding for new in found.new] == [both[1].id]
    assert found.unchanged == (OVER.id,)
    assert found.new[0].remark is None
    assert counts(compared(report(["a"], [OVER]), report(["a"], both))) == (0, 1, 0, 1)


def test_the_same_rule_on_another_run_is_new_there_and_fixed_here() -> None:
    other = make_finding("overfitting", "b")
    found = compared(report(["a", "b"], [other]), report(["a", "b"], [OVER]))
    assert counts(found) == (1, 1, 0, 0)
    assert found.gone[0].runs == ("a",)


def test_a_run_that_was_called_otherwise_keeps_its_findings() -> None:
    now = report(["logs/a", "logs/b"], [make_finding("overfitting", "logs/a")])
    assert counts(compared(now, report(["a", "b"], [OVER]))) == (0, 0, 0, 1)


def test_what_became_graver_is_new_and_says_what_it_was() -> None:
    grave = make_finding("overfitting", "a", severity=Severity.ERROR)
    (new,) = compared(report(["a"], [grave]), report(["a"], [OVER])).new
    assert new.remark is not None
    assert new.remark.params == {"severity": "warning"}
    assert counts(compared(report(["a"], [OVER]), report(["a"], [grave]))) == (0, 0, 0, 1)


@pytest.mark.parametrize("outcome", ["missing-input", "not-applicable", "error"])
def test_what_could_not_be_judged_again_is_not_fixed(outcome: str) -> None:
    now = report(["a"], outcomes={"overfitting": outcome})
    assert counts(compared(now, report(["a"], [OVER]))) == (0, 0, 1, 0)


def test_neither_is_what_was_not_asked_or_is_accepted_or_whose_run_is_gone() -> None:
    before = report(["a", "b"], [OVER])
    unasked = report(["a", "b"], rules=["diverged"])
    accepted = report(["a", "b"]).model_copy(update={"accepted": {"overfitting": "as planned"}})
    gone = report(["b", "c"])
    for now in (unasked, accepted, gone):
        assert counts(compared(now, before)) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("before", "remark"),
    [
        (report(["a"], rules=["diverged"]), "baseline.new_rule"),
        (report(["a"], outcomes={"overfitting": "missing-input"}), "baseline.unjudged_then"),
        (report(["b", "c"]), "baseline.new_run"),
    ],
)
def test_a_new_finding_says_why_the_baseline_could_not_have_it(before: Report, remark: str) -> None:
    (new,) = compared(report(["a"], [OVER]), before).new
    assert new.remark is not None
    assert new.remark.id == remark


def test_runs_without_a_counterpart_are_compared_by_rule_alone() -> None:
    many = [make_finding("overfitting", name) for name in ("v3", "v4", "v5")]
    diverged = make_finding("diverged", "v5")
    now = report(["v3", "v4", "v5"], [*many, diverged])
    before = report(["v0", "v1"], [make_finding("overfitting", "v0")])
    found = compared(now, before)
    assert [new.finding for new in found.new] == [diverged.id]
    assert found.gone == ()


def test_a_finding_across_runs_stays_where_the_runs_became_more() -> None:
    before = report(["a", "b"], [make_finding(ACROSS, "a", "b")])
    now = report(["a", "b", "c"], [make_finding(ACROSS, "a", "b", "c")])
    assert counts(compared(now, before)) == (0, 0, 0, 1)
    assert counts(compared(report(["a", "b", "c"]), before)) == (0, 1, 0, 0)


def test_another_version_of_advisor_is_said() -> None:
    before = report(["a"]).model_copy(update={"advisor": "0.0.9"})
    ids = [message.id for message in compared(report(["a"]), before).matching]
    assert ids == ["baseline.by_name", "baseline.version"]
    assert [m.id for m in compared(report(["a"]), report(["a"])).matching] == ["baseline.by_name"]
