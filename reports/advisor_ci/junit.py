"""JUnit's XML: each rule on each run that it judged is a test case.

An error is a failure. A warning or a note is said in the case's output, and what could not be
judged is skipped, with what to log. What was not applicable is left out. What a baseline does not
have is marked as new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree as ET

from advisor.finding import Finding, Severity
from advisor.language import tell, term
from advisor.presentation import (
    change_lines,
    confidence_phrase,
    needs_probe,
    probe_phrase,
    shown_name,
)
from advisor.presentation.comparison import new_findings
from advisor.report import Report, Status
from advisor.text import clean
from advisor_ci.remarks import plain

MOST, ROOM = 100_000, 28_000_000
"""Test cases and bytes: GitLab refuses 250,000 objects, and files of 30 MB."""
ACROSS = "across runs"
"""The suite of rules that look at all runs together: a name, the same in every language."""

PASSED = "passed"
_ORDER = ("failure", "error", "system-out", "skipped", PASSED)
"""What is written first where there is not room for all."""


class _Case(NamedTuple):
    """One rule on one run."""

    suite: str
    kind: str
    element: ET.Element


class _Found(NamedTuple):
    """What a rule found on one run, and the ids of all findings that the baseline lacks."""

    findings: list[Finding]
    new: frozenset[str]


_HEADS = {
    True: term("new {severity:text}: {title:sentence}"),
    False: term("{severity:text}: {title:sentence}"),
}


class JUnitRenderer:
    """Writes the results of the checks as CI systems read those of tests."""

    name = "junit"
    suffix = ".xml"
    summary = "test results for CI systems: each rule on each run is a test case"

    def render(self, report: Report) -> str:
        """Write a suite for each run; passing cases give way where there is not room for all."""
        cases = list(_cases(report))
        kept, left_out = _fitting(cases)
        root = ET.Element("testsuites", {"name": "advisor", **_counts(kept)})
        suites: dict[str, list[_Case]] = {}
        for case in kept:
            suites.setdefault(case.suite, []).append(case)
        for name, members in suites.items():
            suite = ET.SubElement(root, "testsuite", {"name": name, **_counts(members)})
            suite.extend(case.element for case in members)
        if left_out:
            root.append(_rest(left_out))
        ET.indent(root, " ")
        return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, "unicode")}\n'


def _cases(report: Report) -> Iterator[_Case]:
    across = {rule.name for rule in report.rules if rule.across}
    new = frozenset(f.id for f in new_findings(report)) if report.comparison else frozenset[str]()
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        for run in (ACROSS,) if finding.rule in across else finding.runs:
            found.setdefault((run, finding.rule), []).append(finding)
    for status in (status for status in report.statuses if not needs_probe(status)):
        for run in (ACROSS,) if status.rule in across else status.runs:
            findings = found.pop((run, status.rule), [])
            if findings or status.outcome != "not-applicable":
                accepted = report.accepted.get(status.rule)
                yield _case(status, run, _Found(findings, new), accepted)
    for (run, rule), findings in found.items():
        status = Status(rule=rule, outcome="failed", runs=(run,))
        yield _case(status, run, _Found(findings, new), None)
    if phrase := probe_phrase(report):
        element = ET.Element("testcase", classname=ACROSS, name="advisor probe")
        ET.SubElement(element, "skipped", message=phrase)
        yield _Case(ACROSS, "skipped", element)


def _case(status: Status, run: str, found: _Found, accepted: str | None) -> _Case:
    suite = shown_name(run, 200)
    element = ET.Element("testcase", classname=suite, name=clean(status.rule))
    reason = plain(status.reason) if status.reason else ""
    kind = PASSED
    if found.findings:
        kind = _say(element, found)
    elif status.outcome == "error":
        kind = "error"
        ET.SubElement(element, kind, message=reason)
    elif status.outcome == "missing-input":
        kind = "skipped"
        ET.SubElement(element, kind, message=reason)
    elif status.outcome == "failed" and accepted:
        ET.SubElement(element, "system-out").text = tell(
            "accepted: {why:sentence}", why=clean(accepted, 1_000)
        )
    return _Case(suite, kind, element)


def _say(element: ET.Element, found: _Found) -> str:
    """Say what was found, the errors as one failure, the rest in the output."""
    ordered = sorted(found.findings, key=lambda finding: finding.severity.rank)
    errors = [f for f in ordered if f.severity is Severity.ERROR]
    others = [f for f in ordered if f.severity is not Severity.ERROR]
    if errors:
        kind = "new error" if any(f.id in found.new for f in errors) else "error"
        message = plain(errors[0].advice.observed)
        failure = ET.SubElement(element, "failure", message=message, type=kind)
        failure.text = "\n\n".join(_text(f, new=f.id in found.new) for f in errors)
    if others:
        said = "\n\n".join(_text(f, new=f.id in found.new) for f in others)
        ET.SubElement(element, "system-out").text = said
    return "failure" if errors else "system-out"


def _text(finding: Finding, *, new: bool) -> str:
    advice = finding.advice
    title, check = plain(advice.title), plain(advice.check)
    lines = (
        tell(_HEADS[new], severity=finding.severity, title=title),
        plain(advice.evidence),
        plain(advice.do),
        *change_lines(finding.changes),
        tell("Check that it worked: {check:sentence}", check=check),
        confidence_phrase(finding.confidence),
    )
    return "\n".join(lines)


def _fitting(cases: list[_Case]) -> tuple[list[_Case], int]:
    """Return what there is room for, in the given order, and how many are left out."""
    ranked = sorted(range(len(cases)), key=lambda i: _ORDER.index(cases[i].kind))
    kept, room = set[int](), ROOM
    for index in ranked[:MOST]:
        room -= len(ET.tostring(cases[index].element)) + 4
        if room < 0:
            break
        kept.add(index)
    return [case for i, case in enumerate(cases) if i in kept], len(cases) - len(kept)


def _counts(cases: Iterable[_Case]) -> dict[str, str]:
    kinds = [case.kind for case in cases]
    return {
        "tests": str(len(kinds)),
        "failures": str(kinds.count("failure")),
        "errors": str(kinds.count("error")),
        "skipped": str(kinds.count("skipped")),
    }


def _rest(count: int) -> ET.Element:
    """Say how much is left out, as a case that is skipped: that is shown everywhere."""
    suite = ET.Element("testsuite", name="left out", tests="1", skipped="1")
    case = ET.SubElement(suite, "testcase", classname="left out", name="further test cases")
    said = tell("{n:step} more: the page has them all", n=count)
    ET.SubElement(case, "skipped", message=said)
    return suite
