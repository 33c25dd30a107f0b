"""Which findings another rule supports."""

from __future__ import annotations

import pytest

from advisor.finding import Finding, Severity
from advisor.judging.support import supported
from advisor.rule import Nature
from tests.support import made, make_finding, make_rule

RULES = {
    rule.name: made(rule)
    for rule in (
        make_rule("too-slow", symptoms=("it falls slowly", "it learns nothing")),
        make_rule("cut-short", symptoms=("it falls slowly",)),
        make_rule("unsteady", symptoms=("it is unsteady",)),
        make_rule(
            "other-rate",
            symptoms=("it falls slowly",),
            nature=Nature.OPTION,
            severity=Severity.NOTE,
        ),
    )
}


def rules_of(*findings: Finding) -> list[str]:
    together = supported(findings, RULES)
    return sorted(finding.rule for finding in findings if finding.id in together)


def test_two_rules_that_see_one_symptom_support_each_other() -> None:
    found = make_finding("too-slow", "a"), make_finding("cut-short", "a")
    assert rules_of(*found) == ["cut-short", "too-slow"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(make_finding("cut-short", "b"), id="in another run"),
        pytest.param(make_finding("unsteady", "a"), id="another symptom"),
        pytest.param(make_finding("too-slow", "a", series="val/loss"), id="the same rule"),
        pytest.param(make_finding("other-rate", "a"), id="an option"),
    ],
)
def test_what_is_no_other_fault_with_the_symptom_supports_nothing(other: Finding) -> None:
    assert "too-slow" not in rules_of(make_finding("too-slow", "a"), other)


def test_a_fault_supports_an_option_that_fits_its_symptom() -> None:
    found = make_finding("cut-short", "a"), make_finding("other-rate", "a")
    assert rules_of(*found) == ["other-rate"]


def test_a_finding_alone_is_supported_by_nothing() -> None:
    assert rules_of(make_finding("too-slow", "a")) == []
