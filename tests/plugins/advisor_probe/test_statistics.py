"""Student's paired t, against tables and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.sweep.student import two_sided
from advisor_probe.statistics import gain, interval


@pytest.mark.parametrize(
    ("probability", "freedom", "wanted"),
    [(0.975, 1, 12.7062), (0.975, 2, 4.30265), (0.975, 4, 2.77645), (0.975, 9, 2.26216),
     (0.975, 30, 2.04227), (0.9875, 4, 3.49541), (0.95, 5, 2.01505), (0.5, 3, 0.0)],
)  # fmt: skip
def test_quantiles_are_those_of_the_tables(probability: float, freedom: int, wanted: float) -> None:
    assert two_sided(freedom, 2 * (1 - probability)) == pytest.approx(wanted, abs=2e-4)


def test_intervals_of_three_to_ten_pairs_cover_as_they_say() -> None:
    random = np.random.default_rng(5)
    for pairs in (3, 5, 10):
        drawn = [interval(random.normal(1.0, 2.0, pairs)) for _ in range(2000)]
        covered = np.mean([one is not None and one.low <= 1.0 <= one.high for one in drawn])
        assert 0.93 <= covered <= 0.97


def test_a_gain_is_a_share_of_the_loss_before() -> None:
    measured = gain(np.array([2.0, 2.1, 1.9]), np.array([1.0, 1.1, 0.9]))
    assert measured is not None
    assert measured.mean == pytest.approx(0.502, abs=0.002)
    assert measured.low == pytest.approx(0.44, abs=0.02)


def test_one_run_gone_astray_does_not_hide_what_all_say() -> None:
    measured = gain(np.array([3.0, 4.6, 15.4, 2.9, 7.3]), np.array([0.1, 0.2, 0.5, 0.2, 0.2]), 3)
    assert measured is not None
    assert measured.low > 0.85


def test_losses_below_zero_are_compared_by_their_difference() -> None:
    measured = gain(np.array([-2.0, -2.1, -1.9]), np.array([-3.0, -3.1, -2.9]))
    assert measured is not None
    assert measured.mean == pytest.approx(0.5)


def test_pairs_that_are_not_finite_do_not_count_and_two_are_too_few() -> None:
    before = np.array([2.0, math.nan, 1.9, math.inf])
    assert gain(before, np.ones(4)) is None


def test_more_comparisons_make_a_wider_interval() -> None:
    before, after = np.array([2.0, 2.3, 1.9]), np.array([1.0, 1.1, 1.2])
    one, three = gain(before, after), gain(before, after, 3)
    assert one is not None
    assert three is not None
    assert three.detectable > one.detectable
