from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from advisor.drawing.buckets import reduce
from advisor.drawing.thinning import coarsen
from advisor.run import Series


def _series(values: list[float]) -> Series:
    return Series("loss", np.arange(len(values)) * 10, np.array(values, dtype=np.float64))


_VALUES = st.lists(st.floats(), max_size=300)
_BUCKETS = st.integers(1, 40)


@given(_VALUES, _BUCKETS, _BUCKETS)
def test_a_curve_has_at_most_so_many_buckets_in_step_order_within_their_range(
    values: list[float], buckets: int, fewer: int
) -> None:
    for curve, most in (
        (reduce(_series(values), buckets), buckets),
        (coarsen(reduce(_series(values), buckets), fewer), min(buckets, fewer)),
    ):
        assert len(curve.steps) == len(curve.mean) == min(most, len(values))
        assert list(curve.steps) == sorted(set(curve.steps))
        low, high = curve.low or curve.mean, curve.high or curve.mean
        for below, middle, above in zip(low, curve.mean, high, strict=True):
            assert (below is None) == (middle is None) == (above is None)
            assert middle is None or below is None or above is None or below <= middle <= above


@given(_VALUES, _BUCKETS, _BUCKETS)
def test_the_extremes_of_what_is_finite_are_always_drawn(
    values: list[float], buckets: int, fewer: int
) -> None:
    finite = [value for value in values if np.isfinite(value)]
    curve = coarsen(reduce(_series(values), buckets), fewer)
    low = [value for value in curve.low or curve.mean if value is not None]
    high = [value for value in curve.high or curve.mean if value is not None]
    assert bool(low) == bool(finite)
    if finite:
        assert min(low) == float(f"{min(finite):.6g}")
        assert max(high) == float(f"{max(finite):.6g}")


def test_a_spike_of_one_step_stays_in_the_range() -> None:
    values = [1.0] * 1000
    values[637] = 50.0
    fine = reduce(_series(values), 240)
    for curve, buckets in ((fine, 240), (coarsen(fine, 60), 60)):
        assert len(curve.steps) == buckets
        assert 50.0 in (curve.high or ())


def test_a_short_series_is_drawn_as_it_is_without_a_range() -> None:
    curve = reduce(_series([3.0, 2.0, 1.0]), 240)
    assert (curve.steps, curve.mean) == ((0, 10, 20), (3.0, 2.0, 1.0))
    assert curve.low is None
    assert curve.high is None
    assert coarsen(curve, 3) is curve


def test_a_bucket_without_a_finite_value_is_a_gap() -> None:
    curve = reduce(_series([1.0, np.nan, np.inf, 2.0]), 4)
    assert curve.mean == (1.0, None, None, 2.0)


def test_what_was_overwritten_by_a_restart_is_not_drawn() -> None:
    series = Series(
        "loss", np.array([0, 1, 2, 1]), np.array([1.0, 2.0, 9.0, 3.0]),
        segments=np.array([0, 0, 0, 1]),
    )  # fmt: skip
    assert reduce(series, 240).mean == (1.0, 3.0)


def test_an_empty_series_makes_an_empty_curve() -> None:
    assert reduce(_series([]), 240).steps == ()
