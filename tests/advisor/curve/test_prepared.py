from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from advisor.curve import Curve
from advisor.limits import time_limit
from advisor.roles import Direction, Kind, Role
from advisor.run import Axis, Floats, Series, Steps
from tests.support import HANG

N = 200
X = np.linspace(0, 1, N)
RNG = np.random.default_rng(0)
NOISE = RNG.normal(size=N)


def curve(
    values: Floats,
    *,
    direction: Direction = "min",
    axis: Axis = Axis.STEP,
    steps: Steps | None = None,
    wall_times: Floats | None = None,
) -> Curve:
    counted = np.arange(len(values), dtype=np.int64) if steps is None else steps
    series = Series("loss", counted, values, wall_times, axis=axis)
    return Curve(series, Role(series="loss", kind=Kind.LOSS, direction=direction))


def test_noise_is_the_scatter_about_the_trend_not_the_trend() -> None:
    assert curve(np.exp(-5 * X) + 0.05 * NOISE).noise == pytest.approx(0.05, rel=0.25)


def test_noise_of_one_point_does_not_shrink_with_the_length_of_the_log() -> None:
    values = np.random.default_rng(1).normal(size=50_000)
    assert curve(values).noise == pytest.approx(1.0, rel=0.1)


def test_spikes_do_not_count_as_noise() -> None:
    values = 1 + 0.05 * NOISE
    values[::25] += 50
    assert curve(values).noise == pytest.approx(0.05, rel=0.3)


def test_one_lucky_point_is_not_the_best() -> None:
    values = 1 + (X - 0.7) ** 2 + 0.01 * NOISE
    values[20] = 0.0
    assert curve(values).trend.best.at == pytest.approx(0.7, abs=0.1)


FALL = [3.7, 1.8, 0.9, 0.8, 4.0, 1.1, 0.45, 0.35, 0.3, 0.28, 0.25, 0.45]
STEEP = np.array([*FALL, 0.25, 0.24, 0.18, 0.17, 0.16, 0.16, 0.15, 0.15])
"""A loss that falls in a few points, and jumps: the line through them leads far below."""


@pytest.mark.parametrize("direction", ["min", "max"])
def test_a_line_through_a_steep_start_makes_no_best_that_no_value_reached(
    direction: Direction,
) -> None:
    trend = curve(STEEP if direction == "min" else -STEEP, direction=direction).trend
    assert trend.smooth.min() < 0
    assert trend.best.value == pytest.approx(0.15, abs=0.01)
    assert trend.best.bucket == 19


@given(arrays(np.float64, st.integers(4, 60), elements=st.floats(-10, 10)))
def test_no_best_is_far_below_every_value(values: Floats) -> None:
    trend = curve(values).trend
    assert trend.best.value >= trend.values.min() - 2 * trend.noise


SOARING = [0.532, 0.668, 0.832, 0.854, 0.878, 0.868, 0.86, 0.852, 0.83, 0.866, 0.818, 0.844]
"""A metric that is best after four poor values, and falls from there on."""


@pytest.mark.parametrize("repeats", [1, 7])
@pytest.mark.parametrize("sign", [-1, 1])
def test_beside_a_steep_start_the_best_point_is_good_by_itself(sign: int, repeats: int) -> None:
    falling = np.linspace(0.83, 0.72, 138) + 0.005 * NOISE[:138]
    values = np.repeat(sign * np.concatenate([SOARING, falling]), repeats)
    judged = curve(values, direction="max" if sign > 0 else "min")
    assert judged.trend.best.step < 4 * repeats  # the line leads past the start
    assert judged.best_point == (4 * repeats, sign * 0.878)


def test_a_slip_is_not_the_best_point() -> None:
    values = 1 + (X - 0.5) ** 2 + 0.01 * NOISE
    values[103] = 0.0
    assert curve(values).best_point.value > 0.95


@given(st.integers(0, 10_000), st.integers(8, 900), st.floats(0, 1), st.floats(0, 0.3))
def test_the_best_point_is_as_good_as_any_but_for_scatter(
    seed: int, n: int, turn: float, scatter: float
) -> None:
    x, random = np.linspace(0, 1, n), np.random.default_rng(seed)
    values = np.exp(-20 * x) + np.abs(x - turn) + scatter * random.normal(size=n)
    judged = curve(values)
    best = judged.best_point
    row = best.step
    assert best.value == values[row]
    assert best.value <= values.min() + 4 * scatter + 2 / n
    inside = values[max(row - 1, 0) : row + 2]
    assert best.value <= inside.min() + 4 * scatter + 2 / n


@given(arrays(np.float64, st.integers(1, 60), elements=st.floats(-10, 10)))
def test_of_any_curve_the_best_point_is_one_of_its_points(values: Floats) -> None:
    best = curve(values).best_point
    assert best.value == values[best.step]


def test_best_of_a_metric_is_its_highest_point() -> None:
    best = curve(1 - (X - 0.3) ** 2, direction="max").trend.best
    assert best.at == pytest.approx(0.3, abs=0.02)
    assert best.value == pytest.approx(-1.0, abs=0.01)


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("offset", [0.0, -3.0])
def test_levels_and_slopes_follow_the_unit(unit: float, offset: float) -> None:
    plain = curve(np.exp(-3 * X) + 0.01 * NOISE).trend
    scaled = curve(unit * (offset + np.exp(-3 * X) + 0.01 * NOISE)).trend
    assert scaled.slope().t == pytest.approx(plain.slope().t, rel=1e-4)
    assert scaled.gain == pytest.approx(unit * plain.gain, rel=1e-6)
    assert scaled.tail().value == pytest.approx(unit * (offset + plain.tail().value), rel=1e-6)


def test_standard_error_of_a_level_holds_what_it_says() -> None:
    misses = 0
    for seed in range(100):
        level = curve(np.random.default_rng(seed).normal(size=N)).trend.tail(0.2)
        misses += abs(level.value) > 2.5 * level.error
    assert misses <= 6


def test_slopes_of_noise_are_seldom_significant() -> None:
    slopes = [
        curve(np.random.default_rng(seed).normal(size=N)).trend.slope().t for seed in range(100)
    ]
    assert sum(abs(t) > 3 for t in slopes) <= 4


def test_correlated_noise_counts_for_fewer_points() -> None:
    ratios = []
    for seed in range(10):
        white = np.random.default_rng(seed).normal(size=N)
        correlated = white.copy()
        for i in range(1, N):
            correlated[i] = 0.8 * correlated[i - 1] + 0.6 * white[i]
        ratios.append(curve(correlated).trend.tail().error / curve(white).trend.tail().error)
    assert np.median(ratios) > 1.25


def test_a_jump_is_placed_where_the_level_changes() -> None:
    jump = curve(1 + 2.0 * (X > 0.6) + 0.05 * NOISE).trend.jump()
    assert jump.place.at == pytest.approx(0.6, abs=0.03)
    assert jump.size == pytest.approx(2.0, abs=0.15)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        (np.exp(-10 * X), 0.08, 0.13),
        (np.exp(-2 * X), 0.4, 0.6),
        (1 - 0.5 * X, 20.0, 20.0),
        (1 - 0.5 * X**2, 20.0, 20.0),
    ],
)
def test_time_constant_tells_a_decay_from_a_line(values: Floats, low: float, high: float) -> None:
    assert low <= curve(values).trend.time_constant <= high


def test_a_line_is_straight_and_a_decay_is_not() -> None:
    assert curve(1 - X).trend.straightness > 0.999
    assert curve(np.exp(-10 * X)).trend.straightness < 0.7


def test_non_finite_values_are_kept_apart_with_their_steps() -> None:
    values = np.array([1.0, np.nan, 3.0, np.inf])
    one = curve(values)
    assert one.values.tolist() == [1.0, 3.0]
    assert one.non_finite.steps.tolist() == [1, 3]


def test_places_match_by_step_where_both_count_steps() -> None:
    train = curve(np.ones(1000))
    val = curve(np.ones(10), steps=np.arange(100, 1001, 100))
    assert train.fraction_at(val, 500) == pytest.approx(500 / 999)


def test_many_places_match_as_one_by_one() -> None:
    train = curve(np.ones(1000))
    val = curve(np.ones(10), steps=np.arange(0, 1901, 200)[:10])
    one_by_one = [train.fraction_at(val, step) for step in val.steps.tolist()]
    assert train.fractions_at(val, val.steps).tolist() == one_by_one


def test_what_several_rules_measure_is_measured_once() -> None:
    asked = []

    def measure(measured: Curve) -> int:
        asked.append(measured)
        return len(measured)

    one = curve(np.ones(5))
    assert [one.once(measure), one.once(measure), asked] == [5, 5, [one]]


def test_places_match_by_fraction_where_one_counts_epochs() -> None:
    train = curve(np.ones(1000))
    val = curve(np.ones(11), axis=Axis.EPOCH)
    assert train.fraction_at(val, 5) == pytest.approx(0.5)


def test_places_match_by_wall_time_where_both_have_it() -> None:
    train = curve(np.ones(101), wall_times=np.arange(101.0))
    times = np.array([0.0, 80.0, 100.0])
    val = curve(np.ones(3), axis=Axis.EPOCH, wall_times=times)
    assert train.fraction_at(val, 1) == pytest.approx(0.8)


def test_a_curve_without_a_finite_value_has_no_trend() -> None:
    with pytest.raises(ValueError, match="no finite value"):
        _ = curve(np.array([np.nan])).trend


def test_a_million_points_do_not_hang() -> None:
    one = curve(np.random.default_rng(3).normal(size=1_000_000))
    with time_limit(HANG):
        _ = one.trend.slope(), one.trend.jump(), one.trend.time_constant, one.noise


@settings(deadline=None)
@given(arrays(np.float64, st.integers(1, 300), elements=st.floats(-1e9, 1e9)))
def test_any_finite_curve_has_finite_quantities(values: Floats) -> None:
    trend = curve(values).trend
    numbers = [*trend.tail(), *trend.slope(), *trend.best, trend.gain, trend.noise]
    numbers += [trend.jump().size, trend.time_constant, trend.straightness, curve(values).noise]
    assert np.isfinite(numbers).all()
