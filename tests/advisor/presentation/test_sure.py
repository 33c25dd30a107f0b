"""How sure a finding is, said so that it agrees with what was measured."""

from __future__ import annotations

import pytest

from advisor.finding import Finding, Record
from advisor.presentation import confidence_phrase, sure_phrase
from tests.sample_findings import DIVERGED


def measured(confidence: float, right: float, of: float, *caveats: str) -> Finding:
    record = Record(right=right, of=of)
    update = {"confidence": confidence, "record": record, "caveats": caveats}
    return DIVERGED.model_copy(update=update)


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


def test_a_confidence_that_a_thin_log_lowered_says_so() -> None:
    said = sure_phrase(measured(0.76, 95, 100, "f-sampled"))
    assert said == "Likely, 76%, allowing for what the log lacks"


def test_an_estimate_that_nobody_measured_stands_alone() -> None:
    assert DIVERGED.record is None
    assert sure_phrase(DIVERGED) == confidence_phrase(DIVERGED.confidence)
