"""What all points of a tag have in common, and which events are left to the walk."""

from __future__ import annotations

import struct

import pytest

from advisor_tensorboard.checksum import linear
from advisor_tensorboard.identity import Identity, Slot, Source, identify
from tests.plugins.advisor_tensorboard.writing import block, number, plugin, summary

HEAD = b"\x09" + struct.pack("<d", 1.0)
SIMPLE = b"\x15" + struct.pack("<f", 1.5)
FLOAT = block(4, struct.pack("<f", 1.5))


def told(tail: bytes) -> Identity | None:
    return identify(HEAD + tail, len(HEAD))


def tensor(kind: int, *parts: bytes) -> bytes:
    return block(8, number(1, kind) + b"".join(parts))


def test_a_simple_value_is_one_slot_of_its_tag() -> None:
    tail = summary("loss", SIMPLE)
    found = told(tail)
    assert found is not None
    assert found.slots == (Slot(len(tail) - 4, "<f4"),)
    assert found.sources == (Source("loss", tensor=False, named=False),)
    assert found.remainder == linear(tail[:-4] + bytes(4))


def test_a_tensor_names_its_plugin() -> None:
    found = told(summary("loss", tensor(2, block(4, bytes(8))) + plugin("scalars")))
    assert found is not None
    assert found.sources == (Source("loss", tensor=True, named=True),)
    assert found.plugins == {"loss": "scalars"}
    assert [slot.type for slot in found.slots] == ["<f8"]


def test_several_values_are_several_slots_in_their_order() -> None:
    values = b"".join(block(1, block(1, tag) + SIMPLE) for tag in (b"b", b"a"))
    found = told(block(5, values))
    assert found is not None
    assert [source.tag for source in found.sources] == ["b", "a"]
    first, second = found.slots
    assert first.end <= second.place


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param(summary("x", SIMPLE + SIMPLE), id="a field that comes twice"),
        pytest.param(summary("x", SIMPLE) + number(2, 7), id="a second step"),
        pytest.param(summary("x", SIMPLE) * 2, id="two summaries"),
        pytest.param(summary("x", SIMPLE + tensor(1, FLOAT)), id="a value and a tensor"),
        pytest.param(summary("x", tensor(1, FLOAT, block(5, bytes(4)))), id="two contents"),
        pytest.param(summary("x", tensor(1, block(4, bytes(8)))), id="two numbers"),
        pytest.param(summary("x", tensor(1, block(2, block(2, number(1, 2))), FLOAT)), id="shape"),
        pytest.param(summary("x", tensor(10, block(4, b"\x01"))), id="a truth value"),
        pytest.param(summary("x", tensor(7, block(8, b"text"))), id="a text"),
        pytest.param(summary("x", tensor(1, FLOAT) + plugin("pr_curves")), id="another plugin"),
        pytest.param(summary("x", block(4, bytes(100))), id="a picture"),
        pytest.param(block(5, b""), id="no value"),
        pytest.param(block(3, b"brain.Event:2"), id="a version"),
        pytest.param(b"\x2a\xff", id="no message"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_anything_else_is_left_to_the_walk(tail: bytes) -> None:
    assert told(tail) is None
