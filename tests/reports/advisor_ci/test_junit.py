from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.presentation.hints import UNPROBED
from advisor.report import Report, Status
from advisor_ci import junit
from advisor_ci.junit import ACROSS, JUnitRenderer
from tests.sample_findings import say
from tests.sample_report import HOSTILE, hostile_report, quiet_report, sample_report


def suites(report: Report) -> ET.Element:
    """Read the file, and check that its counts are right."""
    root = ET.fromstring(JUnitRenderer().render(report).encode())  # noqa: S314  # our own
    for element in (root, *root):
        cases = list(element.iter("testcase"))
        if "left out" in {case.get("classname") for case in cases}:
            continue
        assert element.get("tests") == str(len(cases))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert element.get(name) == str(len(list(element.iter(tag))))
    return root


def case(root: ET.Element, run: str, rule: str) -> ET.Element:
    (found,) = root.findall(f"testsuite[@name='{run}']/testcase[@name='{rule}']")
    return found


def test_an_error_is_a_failure_with_what_was_seen_and_what_to_change() -> None:
    (failure,) = case(suites(sample_report()), "lr-0.001", "diverged")
    assert failure.tag == "failure"
    assert failure.get("message") == "Loss diverged at step 8,400"
    assert failure.text
    assert "+ optimizer.lr: 3e-4" in failure.text


def test_a_warning_is_no_failure_but_said() -> None:
    (said,) = case(suites(sample_report()), "sweep/batch-32", "lr-too-low")
    assert said.tag == "system-out"
    assert said.text
    assert said.text.startswith("warning: ")


def test_what_passed_is_empty_and_what_could_not_be_judged_is_skipped_with_what_to_log() -> None:
    root = suites(quiet_report())
    assert {child.tag for one in root.iter("testcase") for child in one} == {"skipped"}
    assert all("log the validation loss" in str(s.get("message")) for s in root.iter("skipped"))


def test_what_was_not_applicable_is_left_out() -> None:
    status = Status(rule="diverged", outcome="not-applicable", reason=say("GAN"), runs=("seed-1",))
    report = quiet_report().model_copy(update={"statuses": (status,)})
    assert list(suites(report).iter("testcase")) == []


def test_what_needs_a_probe_is_one_skipped_case() -> None:
    runs = ("x", "y")
    waiting = tuple(
        Status(rule=rule, outcome="missing-input", reason=UNPROBED, runs=runs) for rule in "abcd"
    )
    report = quiet_report().model_copy(update={"statuses": waiting})
    (only,) = suites(report).iter("testcase")
    (skipped,) = case(suites(report), ACROSS, "advisor probe")
    assert only.get("name") == "advisor probe"
    assert str(skipped.get("message")).startswith("4 checks need")


def test_no_finding_is_lost_whatever_the_outcomes_say() -> None:
    report = sample_report().model_copy(update={"statuses": ()})
    said = " ".join(element.text or "" for element in suites(report).iter())
    for finding in report.findings:
        assert finding.advice.title.text in said


def test_a_rule_across_runs_is_one_case() -> None:
    report = quiet_report()
    across = tuple(rule.model_copy(update={"across": True}) for rule in report.rules)
    root = suites(report.model_copy(update={"rules": across}))
    assert [suite.get("name") for suite in root] == [ACROSS]
    assert len(list(root.iter("testcase"))) == len(report.rules)


def test_what_the_settings_accept_passes_and_says_why() -> None:
    status = Status(rule="dropout-range", outcome="failed", runs=("baseline",))
    report = sample_report().model_copy(update={"statuses": (status,)})
    (said,) = case(suites(report), "baseline", "dropout-range")
    assert said.text == "accepted: a dropout of 0.8 is what the paper used"


def test_where_there_is_not_room_for_all_the_passing_give_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = suites(sample_report())
    loud = sum(len(case) > 0 for case in whole.iter("testcase"))
    monkeypatch.setattr(junit, "MOST", loud)
    root = suites(sample_report())
    assert sum(len(case) > 0 for case in root.iter("testcase")) == loud + 1
    (rest,) = root.findall("testsuite[@name='left out']/testcase/skipped")
    assert str(rest.get("message")).startswith(f"{len(list(whole.iter('testcase'))) - loud:,} more")


def test_hostile_names_are_text() -> None:
    root = suites(hostile_report())
    tags = {element.tag for element in root.iter()}
    assert tags <= {"testsuites", "testsuite", "testcase", "failure", "error", "skipped",
                    "system-out"}  # fmt: skip


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), max_size=4))
def test_any_text_makes_well_formed_xml(texts: list[str]) -> None:
    statuses = tuple(
        Status(rule=text, outcome="error", reason=say(text), runs=tuple(texts)) for text in texts
    )
    root = suites(sample_report().model_copy(update={"statuses": statuses, "findings": ()}))
    assert len(list(root.iter("error"))) == len(texts) ** 2
