from __future__ import annotations

import numpy as np
import pytest

from advisor.formats.histogram import Histogram, Histograms

VALUES = np.random.default_rng(0).normal(size=1000)


def spread(values: np.ndarray, intervals: int = 64) -> Histogram:
    counts, edges = np.histogram(values, bins=intervals)
    return Histogram.of_intervals(edges[:-1], edges[1:], counts.astype(float))


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("shift", [-3.0, 0.0, 0.5])
def test_values_are_taken_to_fill_their_intervals(scale: float, shift: float) -> None:
    values = scale * (VALUES + shift)
    one = spread(values)
    assert one.count == 1000
    assert one.mean == pytest.approx(values.mean(), abs=0.02 * scale)
    assert one.std == pytest.approx(values.std(), rel=0.01)
    assert one.norm == pytest.approx(np.linalg.norm(values), rel=0.01)


def test_values_in_one_interval_have_its_middle_for_a_mean() -> None:
    one = Histogram.of_intervals(np.array([1.0]), np.array([3.0]), np.array([4.0]))
    assert (one.count, one.mean) == (4, 2)
    assert one.std == pytest.approx(2 / np.sqrt(12))


def test_a_histogram_of_nothing_has_no_mean() -> None:
    none = np.empty(0)
    one = Histogram.of_intervals(none, none, none)
    assert (one.count, one.norm) == (0, 0)
    assert np.isnan([one.mean, one.std]).all()


def test_each_histogram_of_a_tag_is_decoded_when_it_is_asked_for() -> None:
    asked: list[int] = []

    def decode(row: int) -> Histogram:
        asked.append(row)
        return spread(VALUES)

    held = Histograms("w", np.arange(3), np.zeros(3), decode)
    assert (len(held), asked) == (3, [])
    assert held[-1].count == 1000
    assert len([held[row] for row in range(len(held))]) == 3
    assert asked == [2, 0, 1, 2]
    with pytest.raises(IndexError):
        held[3]
