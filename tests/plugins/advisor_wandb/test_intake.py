"""Rows read many at once are what reading them item by item gives, whatever bytes they are."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.protobuf import Field, WireError
from advisor_wandb import bulk
from advisor_wandb.history import History
from advisor_wandb.intake import Intake
from advisor_wandb.logfile import Record
from advisor_wandb.records import HISTORY, RowReader, content
from tests.plugins.advisor_wandb.writing import item, message, row, stepped

NAMES: st.SearchStrategy[str | tuple[str, ...]] = st.sampled_from(
    ["a", "b", "loss", ("val", "acc"), ("a", "b"), "a.b", "_step", "_timestamp", "_runtime",
     "_wandb", "_type", ("a", "_type"), "ü", "\x82\x01", "\n\x01", "n" * 120, "n" * 127]
)  # fmt: skip
VALUES = st.sampled_from(
    [0, 1, -3, 0.5, 7.0, 1e300, 2**53 - 1, 2**53, 2**60 + 1, 10**400, math.nan, math.inf, "text",
     "0.5", "NaN", None, True, [1], {"b": 2}, {"_type": "image", "size": 3}]
)  # fmt: skip
TEXTS = st.sampled_from([b"1", b"+1", b"-.5", b"1-2", b"--", b"01", b"1e999", b"-1e-999", b"."])
TAILS = st.sampled_from(
    [b"", b"\x12", b"\x12\0", b"\x12\2\x08\5", b"\x12\2\x08\x85", b"\x12\3\x08\x85\1", b"\n", b"x"]
)
STEPS = st.sampled_from([None, 0, 7, 300, 2**62])


@st.composite
def rows(draw: st.DrawFn) -> bytes:
    """The payload of one record of history: of a client, of nobody, or damaged."""
    values = st.lists(st.tuples(NAMES, VALUES), max_size=5)
    items = [item(path, value) for path, value in draw(values)]
    if draw(st.booleans()):
        items += [item("_step", draw(st.integers(0, 300))), item("_timestamp", 1.5)]
    items += [item("loss", 0)[:-1] + text for text in draw(st.lists(TEXTS, max_size=1))]
    step = draw(STEPS)
    told = [] if step is None else [stepped_part(step)]
    data = bytearray(b"".join([*(message(1, one) for one in items), *told]) + draw(TAILS))
    for place, byte in draw(
        st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=2)
    ):
        if place < len(data):
            data[place] = byte
    return bytes(data)


def stepped_part(step: int) -> bytes:
    record = row({}, step)
    part = content(record)
    assert part is not None
    return record[part.start : part.end]


def one_by_one(payloads: list[bytes]) -> tuple[History, list[tuple[int, int]]]:
    history, reader, lost = History(), RowReader(), []
    for offset, data in enumerate(payloads):
        try:
            step, items = reader.row(data, Field(HISTORY, 2, 0, len(data), 0))
        except WireError:
            lost.append((offset, len(data)))
        else:
            history.add(items, step)
    return history, lost


def at_once(payloads: list[bytes], flushes: list[int]) -> tuple[History, list[tuple[int, int]]]:
    history, lost = History(), list[tuple[int, int]]()
    intake = Intake(history, lambda offset, count: lost.append((offset, count)))
    for offset, data in enumerate(payloads):
        intake.add(Record(offset, data), Field(HISTORY, 2, 0, len(data), 0))
        if offset in flushes:
            intake.finish()
    intake.finish()
    return history, lost


def seen(history: History) -> Any:
    """All that a history holds; floats by their bits, as NaN is not equal to itself."""
    series = [
        (tag, one.steps.tolist(), one.values.tobytes(), repr(one.wall_times))
        for tag, one in [*history.series().items(), *history.by_row().items()]
    ]
    return len(history), history.steps.tolist(), repr(history.times.tolist()), series


@given(st.lists(rows(), min_size=1, max_size=12), st.lists(st.integers(0, 11), max_size=3))
def test_rows_read_at_once_are_what_they_are_one_by_one(
    payloads: list[bytes], flushes: list[int]
) -> None:
    expected, refused = one_by_one(payloads)
    found, lost = at_once(payloads, flushes)
    assert (seen(found), lost) == (seen(expected), refused)


@given(st.lists(rows(), min_size=1, max_size=3), st.integers(0, 10**6))
def test_so_are_rows_whose_names_were_met_before(payloads: list[bytes], seed: int) -> None:
    chance = random.Random(seed)
    again = [*payloads, *chance.choices(payloads, k=20)]
    expected, refused = one_by_one(again)
    found, lost = at_once(again, [0, len(payloads)])
    assert (seen(found), lost) == (seen(expected), refused)


def client_row(step: int, chance: random.Random, **more: Any) -> bytes:
    values: dict[Any, Any] = {
        "loss": chance.random(),
        ("val", "acc"): chance.gauss(0, 1e-9),
        "n": step,
        **more,
    }
    record = stepped(step, dict(chance.sample(list(values.items()), len(values))))
    part = content(record)
    assert part is not None
    return record[part.start : part.end]


def test_rows_of_a_client_are_read_at_once_in_whatever_order_their_items_are() -> None:
    chance = random.Random(1)
    payloads = [client_row(step, chance) for step in range(300)]
    history, _ = one_by_one(payloads[:1])
    found = bulk.read(payloads, bulk.Heads(history.target))
    assert found.good.all()
    assert found.steps.tolist() == list(range(300))
    assert found.times.tolist() == [1.7e9 + step for step in range(300)]
    assert len(found.values) == 900


@pytest.mark.parametrize(
    "more", [{"new": 1.0}, {"text": "x"}, {"loss": math.nan}, {"n": 2**53}, {"media": {"a": 1}}]
)
def test_a_row_of_anything_else_is_left_and_those_beside_it_are_not(more: dict[str, Any]) -> None:
    chance = random.Random(2)
    payloads = [client_row(step, chance, **(more if step == 5 else {})) for step in range(10)]
    history, _ = one_by_one(payloads[:1])
    found = bulk.read(payloads, bulk.Heads(history.target))
    assert [step for step in range(10) if not found.good[step]] == [5]


def test_a_length_that_is_wrong_leaves_the_row() -> None:
    chance = random.Random(3)
    payloads = [client_row(step, chance) for step in range(10)]
    history, _ = one_by_one(payloads[:1])
    wrong = bytearray(payloads[4])
    wrong[1] += 1
    found = bulk.read([*payloads[:4], bytes(wrong), *payloads[5:]], bulk.Heads(history.target))
    assert [step for step in range(10) if not found.good[step]] == [4]
