"""A chart hides nothing: no spike, no gap, no value beyond its frame."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.drawing.drawn import Curve
from advisor.run import Axis
from advisor_html import paths
from advisor_html.charts import Line, Picture, chart
from advisor_html.ranges import gaps, joined, value_range
from advisor_html.scales import Scale, power_labels, power_ticks, tick_labels, ticks

finite = st.floats(allow_nan=False, allow_infinity=False)


def curve(*mean: float | None, high: tuple[float | None, ...] | None = None) -> Curve:
    low = mean if high else None
    return Curve(
        series="train/loss",
        axis=Axis.STEP,
        steps=tuple(range(len(mean))),
        mean=mean,
        low=low,
        high=high,
    )


def draw(drawn: Curve, stretch: tuple[int, int] = (0, 1), label: str = "train/loss") -> str:
    return chart(Picture((Line(label, drawn, 0),), stretch, "title", "description"))


def test_a_spike_inside_a_bucket_is_inside_the_frame() -> None:
    spiky = curve(*[1.0] * 30, high=(*[1.0] * 15, 8.0, *[1.0] * 14))
    shown = value_range((spiky,), None)
    assert shown is not None
    assert shown.high == 8.0 or shown.above == (15, 8.0)


def test_a_few_far_values_make_the_frame_go_by_powers_of_ten() -> None:
    falling = curve(1e6, *[2 + math.sin(i) for i in range(200)])
    shown = value_range((falling,), (100, 120))
    assert shown is not None
    assert shown.powers
    assert (shown.high, shown.above) == (1e6, None)
    assert ">1e6</text>" in draw(falling, (100, 120))


def test_where_powers_of_ten_cannot_be_far_values_leave_the_frame_and_are_named() -> None:
    falling = curve(1e6, *[math.sin(i) for i in range(200)])
    shown = value_range((falling,), None)
    assert shown is not None
    assert shown.high < 10
    assert shown.above == (0, 1e6)
    assert "▲" in draw(falling, (100, 120))


def test_far_values_inside_the_evidence_stay_in_the_frame() -> None:
    falling = curve(1e6, *[math.sin(i) for i in range(200)])
    shown = value_range((falling,), (0, 10))
    assert shown is not None
    assert shown.high == 1e6
    assert shown.above is None


def test_a_smooth_fall_over_a_decade_is_shown_whole() -> None:
    shown = value_range((curve(*[10 * math.exp(-i / 40) for i in range(200)]),), None)
    assert shown is not None
    assert (shown.above, shown.below) == (None, None)


def test_gaps_are_stretches_without_a_finite_value() -> None:
    assert gaps(curve(None, 1, None, None, 2, None)) == ((0, 0), (2, 3), (5, 5))
    assert gaps(curve(1, 2, 3)) == ()


def test_gaps_of_several_curves_that_overlap_are_one() -> None:
    assert joined([(5, 9), (0, 2), (6, 7), (9, 12), (20, 20)]) == [(0, 2), (5, 12), (20, 20)]
    assert joined([]) == []


def test_a_gap_breaks_the_line_and_a_lone_point_is_a_dot() -> None:
    points = [(0, 0), (5, 5), None, (9, 1), None, (10, 2), (12, 1)]
    assert paths.line(points) == "M0 0l5 5M10 2l2-1"
    assert paths.dots(points) == "M9 1h0"


def test_a_band_is_closed_segment_by_segment() -> None:
    drawn = paths.band([(0, 9), (5, 9), None, (9, 9)], [(0, 1), (5, 2), None, (9, 3)])
    assert drawn.count("M") == drawn.count("z") == 2


def test_a_single_bucket_is_drawn() -> None:
    ET.fromstring(draw(curve(2.5), (0, 0)))  # noqa: S314  # our own output


@given(
    st.lists(st.none() | finite, min_size=1, max_size=40), st.integers(-5, 50), st.integers(0, 50)
)
def test_any_curve_is_drawn_as_well_formed_svg_with_finite_places(
    mean: list[float | None], first: int, length: int
) -> None:
    if all(value is None for value in mean):
        return
    drawn = draw(curve(*mean), (first, first + length), label='<b>&"')
    ET.fromstring(drawn)  # noqa: S314  # our own output
    assert not re.search(r'="[^"]*(nan|inf)', drawn)


@given(finite, finite)
def test_ticks_are_few_in_order_and_inside(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    found = ticks(low, high)
    assert 1 <= len(found) <= 8
    assert list(found) == sorted(found)
    slack = (high / 2 - low / 2) * 1e-6
    assert all(low - slack <= tick <= high + slack for tick in found)
    assert len(tick_labels(found)) == len(found)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ((0.0, 2500.0, 5000.0), ("0", "2,500", "5,000")),
        ((1.075, 1.1, 1.125), ("1.075", "1.100", "1.125")),
        ((0.0, 2.5e-5, 5e-5), ("0", "2.5e-5", "5e-5")),
        ((-0.5, 0.0, 0.5), ("-0.5", "0.0", "0.5")),
        ((-0.0, 2e6), ("0", "2e6")),
        ((), ()),
    ],
)
def test_tick_labels_have_the_digits_that_tell_them_apart(
    values: tuple[float, ...], labels: tuple[str, ...]
) -> None:
    assert tick_labels(values) == labels


@given(st.floats(min_value=5e-324, max_value=1e308), st.floats(1, 1e300))
def test_powers_of_ten_are_few_and_written_differently(low: float, times: float) -> None:
    found = power_ticks(low, min(low * times, 1e308))
    assert 1 <= len(found) <= 5
    assert len(set(power_labels(found))) == len(found)


@given(finite, finite, finite)
def test_a_scale_never_leaves_its_surroundings(low: float, high: float, value: float) -> None:
    place = Scale(min(low, high), max(low, high), 0, 1_000)(value)
    assert -3_000 <= place <= 4_000
