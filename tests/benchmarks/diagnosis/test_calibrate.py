"""From judged findings to confidences."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.diagnosis.calibrate import FEWEST, Judged, calibrated


def findings(*groups: tuple[float, int, int]) -> list[Judged]:
    """Return findings of an estimate, so many of them right, and so many wrong."""
    return [
        Judged(estimate, index < right, f"{estimate} {index}")
        for estimate, right, wrong in groups
        for index in range(right + wrong)
    ]


def test_fewer_than_fifty_trainings_are_too_few() -> None:
    assert calibrated(findings((0.8, 40, FEWEST - 41))) == ()
    assert len(calibrated(findings((0.8, 40, FEWEST - 40)))) == 1


def test_copies_of_one_training_count_as_one() -> None:
    assert calibrated(findings((0.8, 40, 9)) * 3) == ()
    (alone,) = calibrated(findings((0.8, 40, 20)))
    (copied,) = calibrated(findings((0.8, 40, 20)) * 3)
    assert copied.right.of == pytest.approx(60)
    assert copied.confidence == alone.confidence


def test_a_confidence_is_the_share_that_was_right_drawn_to_that_of_all() -> None:
    low, high = calibrated(findings((0.6, 20, 30), (0.9, 45, 5)))
    assert (low.up_to, low.right.part, low.right.of) == (0.6, 20, 50)
    assert (high.up_to, high.right.part, high.right.of) == (1.0, 45, 50)
    # All: 65 of 100, by Jeffreys' prior 65.5 / 101; it weighs ten trainings in each bin.
    assert low.confidence == pytest.approx((20 + 6.485) / 60, abs=1e-3)
    assert high.confidence == pytest.approx((45 + 6.485) / 60, abs=1e-3)


def test_bins_that_would_fall_are_joined() -> None:
    (only,) = calibrated(findings((0.6, 45, 5), (0.9, 20, 30)))
    assert (only.right.part, only.right.of) == (65, 100)


def test_findings_of_one_estimate_stay_in_one_bin() -> None:
    (only,) = calibrated(findings((0.7, 150, 50)))
    assert only.right.of == 200


@pytest.mark.parametrize(("right", "wrong"), [(500, 0), (0, 500)])
def test_nothing_is_ever_certain(right: int, wrong: int) -> None:
    (only,) = calibrated(findings((0.7, right, wrong)))
    assert 0 < only.confidence < 1


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.booleans(), st.integers(0, 99).map(str)),
        min_size=40,
        max_size=120,
    )
)
def test_bins_cover_all_findings_and_rise(found: list[tuple[float, bool, str]]) -> None:
    judged = [Judged(*finding) for finding in found]
    bins = calibrated(judged)
    cases = len({finding.case for finding in judged})
    assert bool(bins) is (cases >= FEWEST)
    assert sum(b.right.of for b in bins) == pytest.approx(cases if bins else 0, abs=0.1)
    assert all(a.up_to < b.up_to and a.confidence <= b.confidence for a, b in pairwise(bins))
    assert not bins or bins[-1].up_to == 1
