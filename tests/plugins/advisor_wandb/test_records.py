from __future__ import annotations

import math
import struct
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.protobuf import WireError
from advisor_wandb.records import CONFIG, EXIT, HISTORY, RUN, Change, RowReader, changes, content
from tests.plugins.advisor_wandb import writing
from tests.plugins.advisor_wandb.writing import item, message, varint, whole


def row(record: bytes) -> tuple[int | None, list[tuple[tuple[str, ...], Any]]]:
    part = content(record)
    assert part is not None
    return RowReader().row(record, part)


def changed(record: bytes) -> Change:
    part = content(record)
    assert part is not None
    return changes(record, part)


@pytest.mark.parametrize(
    ("record", "number"),
    [
        (writing.row({}), HISTORY),
        (writing.config({}), CONFIG),
        (writing.began({}), RUN),
        (writing.ended(), EXIT),
        (message(16, b"") + message(HISTORY, b""), HISTORY),
    ],
)
def test_what_is_of_interest_is_found(record: bytes, number: int) -> None:
    part = content(record)
    assert part is not None
    assert part.number == number


@pytest.mark.parametrize("number", [writing.SUMMARY, 4, 26, 100])
def test_summaries_and_the_like_are_passed_over(number: int) -> None:
    assert content(writing.record(number, message(1, item("_step", 3)))) is None


@pytest.mark.parametrize("path", ["train/loss", ("train/loss",), ("train", "loss"), ("Verlust ü",)])
def test_both_spellings_of_a_name_are_read(path: str | tuple[str, ...]) -> None:
    _, items = row(writing.row({path: 0.5}))
    assert items == [((path,) if isinstance(path, str) else path, 0.5)]


@pytest.mark.parametrize(
    "value",
    [
        0,
        -3,
        1.5,
        1e-300,
        2**60 + 1,
        True,
        None,
        "text",
        [1, 2],
        {"a": {"b": 1}},
        math.inf,
        -math.inf,
    ],
)
def test_values_come_back_as_they_were(value: Any) -> None:
    (_, items) = row(writing.row({"a": value}))
    assert items == [(("a",), value)]


def test_a_nan_comes_back() -> None:
    _, [(_, value)] = row(writing.row({"a": math.nan}))
    assert math.isnan(value)


@pytest.mark.parametrize("size", [100, 126, 127, 128, 129, 300])
def test_long_names_and_long_values_are_read(size: int) -> None:
    _, items = row(writing.row({"n" * size: 0.5, "a": "v" * size, ("n" * size, "b"): 1}))
    assert items == [(("n" * size,), 0.5), (("a",), "v" * size), (("n" * size, "b"), 1)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (varint(3 << 3) + b"\x01", None),
        (whole(4, 1), True),
        (whole(5, 6), 3),
        (whole(5, 5), -3),
        (varint(6 << 3 | 1) + struct.pack("<d", 0.1), 0.1),
        (message(7, b"text"), "text"),
        (message(8, b"[1]"), [1]),
    ],
)
def test_the_typed_values_of_later_clients_are_read(field: bytes, value: Any) -> None:
    entry = message(1, message(2, b"a") + field)
    assert row(writing.record(HISTORY, entry))[1] == [(("a",), value)]


def test_an_empty_key_before_nested_ones_is_none() -> None:
    entry = message(1, message(1, b"") + message(2, b"a") + message(2, b"b") + message(16, b"1"))
    assert row(writing.record(HISTORY, entry))[1] == [(("a", "b"), 1)]


def test_a_value_that_is_no_json_is_none() -> None:
    entry = message(1, message(1, b"a") + message(16, b"{"))
    assert row(writing.record(HISTORY, entry))[1] == [(("a",), None)]


@pytest.mark.parametrize("step", [None, 0, 7, 2**40])
def test_the_step_of_the_row_itself_is_read(step: int | None) -> None:
    assert row(writing.row({"a": 1}, step))[0] == step


def test_settings_are_read_from_the_beginning_and_from_changes() -> None:
    assert changed(writing.began({"lr": 0.1})).update == [(("lr",), 0.1)]
    found = changed(writing.config({"lr": 0.2, ("a", "b"): [1]}, remove=["old"]))
    assert found.update == [(("lr",), 0.2), (("a", "b"), [1])]
    assert found.remove == [("old",)]


def test_a_run_that_began_without_settings_changes_none() -> None:
    assert changed(writing.record(RUN, message(1, b"id"))) == Change([], [])


@given(data=st.binary(max_size=200), number=st.sampled_from([None, HISTORY, CONFIG, RUN]))
def test_any_bytes_are_read_or_refused(data: bytes, number: int | None) -> None:
    record = data if number is None else message(number, data)
    with suppress(WireError):
        part = content(record)
        if part is not None and part.number == HISTORY:
            RowReader().row(record, part)
        elif part is not None:
            changes(record, part)


def read_by(reader: RowReader, record: bytes) -> str | None:
    """Return what a reader sees in a row, ``None`` if it refuses it."""
    part = content(record)
    assert part is not None
    try:
        return repr(reader.row(record, part))
    except WireError:
        return None


NAMES = st.sampled_from(["a", "train/loss", "_step", "ü", "\x82\x01", "\n\x01", "_type"])
VALUES = st.sampled_from(
    [0, 1, -3, 0.5, 1e300, 2**53 + 1, math.nan, math.inf, "text", "0.5", None, True, [1], {"b": 2}]
)


@given(
    st.lists(st.lists(st.tuples(NAMES, VALUES), max_size=4), min_size=1, max_size=4),
    st.sampled_from([None, 0, 7, 300]),
    st.booleans(),
)
def test_names_that_were_met_before_change_nothing(
    rows: list[list[tuple[str, Any]]], step: int | None, nested: bool
) -> None:
    reader = RowReader()
    for values in rows:
        record = writing.row({((name,) if nested else name): v for name, v in values}, step)
        part = content(record)
        assert part is not None
        assert repr(reader.row(record, part)) == repr(row(record))


@pytest.mark.parametrize(
    "tail", [b"", b"\x12", b"\x12\x02\x08\x05", b"\n", b"\n\x03abc", b"garbage"]
)
def test_what_follows_the_numbers_of_a_row_is_read_as_ever(tail: bytes) -> None:
    known = message(1, item("a", 0.5)) + message(1, item("b", 7))
    reader = RowReader()
    assert read_by(reader, message(HISTORY, known)) is not None
    again = message(HISTORY, known + tail)
    assert read_by(reader, again) == read_by(RowReader(), again)
