from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.formats.tables.cells import integers, missing, number, numbers


@pytest.mark.parametrize("cell", ["nan", "NaN", "-nan"])
def test_a_logged_nan_is_a_value(cell: str) -> None:
    found = numbers([cell, ""])
    assert math.isnan(found.values[0])
    assert found.present.tolist() == [True, False]


@pytest.mark.parametrize(
    ("cell", "value"),
    [("inf", math.inf), ("-Infinity", -math.inf), ("+inf", math.inf), ("1e-320", 1e-320)],
)
def test_numbers_are_what_python_makes_of_them(cell: str, value: float) -> None:
    assert number(cell) == value


@pytest.mark.parametrize("cell", ["", "NA", "N/A", "None", "null", "NULL", "<NA>"])
def test_a_missing_cell_is_neither_a_value_nor_refused(cell: str) -> None:
    assert missing(cell)
    found = numbers(["1", cell])
    assert (found.present.tolist(), found.refused) == ([True, False], ())


@pytest.mark.parametrize(
    "cell", ["1,234", "1_000", "[0.1, 0.2]", "tensor(0.5)", "95%", "12:30", "1.#QNAN", "x", "0x10"]
)
def test_what_is_not_a_number_is_refused(cell: str) -> None:
    assert number(cell) is None
    assert numbers(["1", cell]).refused == (1,)


def test_steps_may_be_written_as_whole_floats_and_keep_every_digit() -> None:
    found = integers(["12.0", "1e3", "9007199254740993", "-1"])
    assert found is not None
    assert found[0].tolist() == [12, 1000, 9007199254740993, -1]


@pytest.mark.parametrize("cells", [["0.5", "1"], ["1e300", "2"], ["x", "y", "1"], []])
def test_fractions_and_text_are_no_steps(cells: list[str]) -> None:
    assert integers(cells) is None


def test_a_row_without_a_step_is_known_as_such() -> None:
    found = integers(["1", "", "nan", "4", "5"])
    assert found is not None
    assert np.flatnonzero(found[1]).tolist() == [0, 3, 4]
