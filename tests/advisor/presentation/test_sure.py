"""How sure a finding is, said so that it agrees with what was measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from advisor.finding import Finding, Record
from advisor.presentation import Entry, confidence_phrase, entries, heading_phrase, sure_phrase
from tests.sample_findings import DIVERGED
from tests.sample_report import sample_report

FIRST = entries(sample_report())[0]


def told(finding: Finding, nature: str = "fault") -> Entry:
    return replace(FIRST, finding=finding, rule=FIRST.rule.model_copy(update={"nature": nature}))


def measured(confidence: float, right: float, of: float, *caveats: str, group: str = "") -> Entry:
    record = Record(right=right, of=of, group=group)
    update = {"confidence": confidence, "record": record, "caveats": caveats}
    return told(DIVERGED.model_copy(update=update))


@pytest.mark.parametrize(
    ("confidence", "said"),
    [
        (0.96, "Very likely, 96%"),
        (0.85, "Very likely, 85%"),
        (0.65, "Likely, 65%"),
        (0.5, "Possible, 50%"),
    ],
)
def test_a_confidence_is_a_word_and_a_number(confidence: float, said: str) -> None:
    assert confidence_phrase(confidence) == said


@pytest.mark.parametrize("of", [20, 400])
def test_no_reason_stands_beside_a_confidence_that_is_what_was_measured(of: float) -> None:
    assert sure_phrase(measured(0.951, 0.95 * of, of)) == "Very likely, 95%"


def test_a_confidence_drawn_from_few_trainings_allows_for_chance() -> None:
    assert sure_phrase(measured(0.95, 30, 31)) == "Very likely, 95%, allowing for chance"


@pytest.mark.parametrize(("right", "group"), [(76, ""), (97, "all rules of the stage fit")])
def test_a_confidence_that_other_findings_moved_says_so(right: float, group: str) -> None:
    said = sure_phrase(measured(0.8, right, 100, group=group))
    assert said == "Likely, 80%, weighed with other findings"


def test_a_confidence_that_a_thin_log_lowered_says_so() -> None:
    said = sure_phrase(measured(0.76, 95, 100, "f-sampled"))
    assert said == "Likely, 76%, allowing for what the log lacks"


def test_an_estimate_that_nobody_measured_stands_alone() -> None:
    assert DIVERGED.record is None
    assert sure_phrase(told(DIVERGED)) == confidence_phrase(DIVERGED.confidence)


@pytest.mark.parametrize(
    ("confidence", "said"), [(0.999, "very likely applies"), (0.7, "likely applies"), (0.5, "may")]
)
def test_of_an_option_is_said_whether_it_applies_and_no_percentage(
    confidence: float, said: str
) -> None:
    entry = told(DIVERGED.model_copy(update={"confidence": confidence}), "option")
    assert f"An option to try that {said}" in sure_phrase(entry)
    assert "%" not in sure_phrase(entry)


def test_the_heading_of_an_option_says_that_it_is_one() -> None:
    assert heading_phrase(told(DIVERGED, "option")) == "An option to try"
    assert heading_phrase(told(DIVERGED)) == confidence_phrase(DIVERGED.confidence)
