from __future__ import annotations

import math
from typing import Any

import pytest

from advisor.notes import NoteKind
from advisor.run import Series
from advisor_wandb.history import History


def history(*rows: dict[str, Any]) -> History:
    made = History()
    for row in rows:
        made.add([((name,), value) for name, value in row.items()])
    return made


def points(series: Series) -> list[tuple[int, float]]:
    return list(zip(series.steps.tolist(), series.values.tolist(), strict=True))


def test_each_tag_has_the_rows_that_hold_it() -> None:
    found = history({"_step": 0, "a": 1}, {"_step": 5, "b": 2.5}, {"_step": 7, "a": 3, "b": 4})
    series = found.series()
    assert points(series["a"]) == [(0, 1), (7, 3)]
    assert points(series["b"]) == [(5, 2.5), (7, 4)]
    assert list(found.notes(series)) == []


def test_nested_values_have_dotted_tags_however_they_are_spelled() -> None:
    made = History()
    made.add([(("_step",), 0), (("a",), {"b": {"c": 1}, "d": 2})])
    made.add([(("_step",), 1), (("a", "b", "c"), 3), (("a.d",), 4)])
    series = made.series()
    assert {tag: points(one) for tag, one in series.items()} == {
        "a.b.c": [(0, 1), (1, 3)],
        "a.d": [(0, 2), (1, 4)],
    }


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_logged_value_that_is_not_finite_is_kept(value: float) -> None:
    (found,) = history({"_step": 0, "a": value}).series()["a"].values.tolist()
    assert found == value or (math.isnan(found) and math.isnan(value))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_the_texts_that_stand_for_such_a_value_are_read(text: str) -> None:
    (found,) = history({"_step": 0, "a": text}).series()["a"].values.tolist()
    assert str(found) == str(float(text))


@pytest.mark.parametrize("value", [True, None, "text", "1.5", [1, 2], 10**400, {}, {"b": [1]}])
def test_what_is_no_number_makes_no_series(value: Any) -> None:
    found = history({"_step": 0, "a": value})
    assert found.series() == {}
    assert len(found) == 1


def test_a_medium_makes_no_series_of_its_size() -> None:
    image = {"_type": "image-file", "width": 4, "height": 4}
    made = History()
    made.add([(("_step",), 0), (("image",), image), (("deep",), {"image": image, "a": 1})])
    made.add([
        (("_step",), 1),
        (("image", "width"), 4),
        (("image", "_type"), "image-file"),
        (("deep", "image", "size"), 9),
        (("deep", "image", "_type"), "image-file"),
        (("deep", "a"), 2),
    ])  # fmt: skip
    assert {tag: points(one) for tag, one in made.series().items()} == {"deep.a": [(0, 1), (1, 2)]}


def test_what_wandb_adds_to_a_row_is_no_series() -> None:
    made = History()
    own = [("_step", 0), ("_timestamp", 1.7e9), ("_runtime", 3.0), ("_wandb", {"a": 1})]
    made.add([((name,), value) for name, value in own] + [(("_wandb", "runtime"), 2)])
    assert made.series() == {}


def test_the_time_of_a_row_is_its_time_stamp_else_the_time_since_the_start() -> None:
    stamped = history({"_step": 0, "a": 1, "_timestamp": 1.7e9, "_runtime": 2.0}).series()["a"]
    timed = history({"_step": 0, "a": 1, "_runtime": 2.0}).series()["a"]
    assert stamped.wall_times is not None
    assert timed.wall_times is not None
    assert (stamped.wall_times.tolist(), timed.wall_times.tolist()) == ([1.7e9], [2.0])


def test_rows_without_times_make_series_without() -> None:
    series = history({"_step": 0, "a": 1, "b": 1, "_runtime": 2.0}, {"_step": 1, "a": 2}).series()
    assert series["a"].wall_times is None
    assert series["b"].wall_times is not None


def test_a_row_without_a_step_takes_that_of_its_record_else_the_next() -> None:
    made = History()
    made.add([(("a",), 1.0)], 5)
    made.add([(("a",), 2.0)])
    series = made.series()
    assert points(series["a"]) == [(5, 1), (6, 2)]
    assert [note.kind for note in made.notes(series)] == [NoteKind.STEP_GUESSED]


@pytest.mark.parametrize("step", ["3", None, 0.5, True, 2**70, math.nan, math.inf])
def test_a_step_that_is_none_is_guessed(step: Any) -> None:
    made = history({"_step": step, "a": 1})
    assert made.series()["a"].steps.tolist() == [0]
    assert made.guessed


def test_a_second_writer_that_goes_back_is_a_restart() -> None:
    made = history({"_step": 0, "a": 4}, {"_step": 5, "a": 3})
    made.extend(history({"_step": 3, "a": 2}, {"_step": 4, "a": 2}))
    series = made.series()
    (noted,) = made.notes(series)
    assert (noted.kind, noted.params) == (NoteKind.RESTARTED, {"step": 3})
    assert points(series["a"].effective()) == [(0, 4), (3, 2), (4, 2)]


def test_a_second_writer_that_goes_on_is_none() -> None:
    made = history({"_step": 0, "a": 4})
    made.extend(history({"_step": 1, "a": 2}))
    series = made.series()
    assert list(made.notes(series)) == []
    assert series["a"].segments is not None
    assert series["a"].segments.tolist() == [0, 1]


def test_a_writer_that_wrote_nothing_is_not_counted() -> None:
    made = History()
    made.extend(history({"_step": 0, "a": 1}))
    made.extend(History())
    assert made.series()["a"].segments is None


def test_a_row_without_a_step_goes_on_behind_the_writer_before() -> None:
    made = history({"_step": 7, "a": 4})
    made.extend(history({"a": 3}, {"a": 2}, {"_step": 3, "a": 1}, {"a": 0}))
    assert made.steps.tolist() == [7, 8, 9, 3, 4]


def test_repeated_steps_are_kept_and_noted() -> None:
    made = history({"_step": 3, "a": 4, "b": 1}, {"_step": 3, "a": 3, "b": 1})
    series = made.series()
    (noted,) = made.notes(series)
    assert points(series["a"]) == [(3, 4), (3, 3)]
    assert (noted.kind, noted.series, noted.params) == (
        NoteKind.DUPLICATE_STEPS,
        ("a",),
        {"count": 1},
    )


def test_values_nested_beyond_all_reason_end_the_search() -> None:
    value: Any = 1
    for _ in range(500):
        value = {"a": value}
    assert history({"_step": 0, "a": value, "b": 1}).series().keys() == {"b"}
