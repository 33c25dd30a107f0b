"""Curves in a line of text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.drawing.drawn import Curve
from advisor.presentation.sparklines import (
    BLOCKS,
    GAP,
    evidence_sparkline,
    marked_sparkline,
    sparkline,
)
from advisor.run import Axis
from tests import sample_findings as found
from tests.sample_report import sample_report


def curve(*means: float | None) -> Curve:
    return Curve(
        series="loss", axis=Axis.STEP, steps=tuple(range(0, 10 * len(means), 10)), mean=means
    )


def test_a_sparkline_goes_from_the_lowest_to_the_highest_block() -> None:
    assert sparkline(curve(0, 1, 2, 3, 4, 5, 6, 7)) == BLOCKS


def test_a_level_curve_is_a_level_sparkline() -> None:
    assert sparkline(curve(2, 2, 2)) == "▁▁▁"


def test_a_gap_stays_a_gap() -> None:
    assert sparkline(curve(0, None, 7)) == f"▁{GAP}█"


@pytest.mark.parametrize("means", [(), (None, None)])
def test_a_curve_without_a_value_has_no_sparkline(means: tuple[None, ...]) -> None:
    assert sparkline(curve(*means)) == ""
    assert marked_sparkline(curve(*means), 0, 10) == ""


def test_a_tall_start_does_not_flatten_the_rest() -> None:
    blocks = sparkline(curve(1_000, *[0, 7] * 10), 21)
    assert blocks[1:] == "▁█" * 10


@pytest.mark.parametrize(
    ("first", "last", "drawn"),
    [
        (0, 30, "[▁▃▆█]"),
        (10, 20, "▁[▃▆]█"),
        (30, 99, "▁▃▆[█]"),
        (12, 15, "▁▃[▆]█"),
        (50, 60, "▁▃▆[█]"),
        (-9, -1, "[▁]▃▆█"),
    ],
)
def test_the_evidence_is_in_brackets(first: int, last: int, drawn: str) -> None:
    assert marked_sparkline(curve(0, 1, 2, 3), first, last) == drawn


@given(
    st.lists(st.none() | st.floats(-1e9, 1e9), min_size=1, max_size=240),
    st.integers(-10, 2_500),
    st.integers(0, 2_500),
    st.integers(1, 30),
)
def test_brackets_are_all_that_marking_adds(
    means: list[float | None], first: int, length: int, width: int
) -> None:
    drawn = curve(*means)
    marked = marked_sparkline(drawn, first, first + length, width)
    assert marked.replace("[", "").replace("]", "") == sparkline(drawn, width)
    if marked:
        assert marked.index("[") + 1 < marked.index("]")


def test_the_sparkline_of_a_finding_is_of_its_first_series_that_is_drawn() -> None:
    report = sample_report()
    drawn = evidence_sparkline(report, found.OVERFITTING)
    assert drawn is not None
    assert drawn[0] == "val/loss"
    assert evidence_sparkline(report.model_copy(update={"runs": ()}), found.OVERFITTING) is None
