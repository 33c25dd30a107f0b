from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.formats.tables.sparse import Place, Sparse, as_number, every_row, numbers, series_of
from advisor.notes import NoteKind
from advisor.run import Axis


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, 1.0), (0.5, 0.5), ("1e-3", 1e-3), ("inf", math.inf), (10**400, math.inf)],
)
def test_numbers_and_text_that_spells_one_are_numbers(value: object, expected: float) -> None:
    assert as_number(value) == expected


@pytest.mark.parametrize("value", [True, None, "", "null", "abc", "1_000", {}, []])
def test_nothing_else_is_a_number(value: object) -> None:
    assert as_number(value) is None


def test_nested_numbers_have_dotted_paths_and_long_lists_none() -> None:
    nested = {"a": {"b": [1, 2]}, "c": list(range(100)), "d": "text"}
    assert list(numbers(nested)) == [("a.b.0", 1.0), ("a.b.1", 2.0)]


def test_nesting_without_end_is_left_out() -> None:
    deep: dict[str, object] = {"x": 1}
    for _ in range(50):
        deep = {"x": deep}
    assert list(numbers(deep)) == []


def table(*rows: dict[str, float]) -> Sparse:
    made = Sparse()
    for row in rows:
        made.add(row.items())
    return made


def test_a_restart_is_one_segment_for_all_columns() -> None:
    steps = [0, 1, 2, 1, 2, 3]
    held = table(*({"a": 1.0} if row % 2 else {"a": 1.0, "b": 2.0} for row in range(6)))
    place = every_row(Axis.STEP, steps)
    series, notes = series_of(held, {"a": place, "b": place})
    assert [note.kind for note in notes] == [NoteKind.RESTARTED]
    assert notes[0].params["step"] == 1
    segments = series["a"].segments
    assert segments is not None
    assert segments.tolist() == [0, 0, 0, 1, 1, 1]


def test_columns_that_pass_each_other_are_no_restart() -> None:
    held = table({"a": 1.0}, {"b": 1.0}, {"a": 1.0}, {"b": 1.0})
    place = every_row(Axis.STEP, [10, 5, 20, 15])
    _, notes = series_of(held, {"a": place, "b": place})
    assert notes == []


def test_values_without_a_step_and_times_that_go_back_are_left_out() -> None:
    held = table({"a": 1.0}, {"a": 2.0}, {"a": 3.0})
    known = np.array([True, True, False])
    place = Place(Axis.STEP, np.arange(3, dtype=np.int64), known)
    series, _ = series_of(held, {"a": place}, np.array([5.0, 4.0, 3.0]))
    assert series["a"].values.tolist() == [1.0, 2.0]
    assert series["a"].wall_times is None


def test_a_column_of_whole_numbers_says_which_rows_have_one() -> None:
    held = table({"a": 1.0}, {"b": 0.5}, {"a": 3.0})
    found = held.integers("a")
    assert found is not None
    assert found[1].tolist() == [True, False, True]
    assert held.integers("b") is None
