"""The protobuf walker: what is written is found, and no bytes make it raise anything else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.protobuf import BYTES, VARINT, WireError, fields, signed
from tests.plugins.advisor_tensorboard.writing import block, number


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_keep_their_sign(value: int) -> None:
    (found,) = fields(number(2, value))
    assert (found.number, found.wire, signed(found.value)) == (2, VARINT, value)


@given(st.lists(st.tuples(st.integers(1, 1000), st.binary(max_size=200)), max_size=10))
def test_fields_are_found_where_they_lie(blocks: list[tuple[int, bytes]]) -> None:
    data = b"".join(block(field, payload) for field, payload in blocks)
    assert [(f.number, data[f.start : f.end]) for f in fields(data)] == blocks
    assert all(f.wire == BYTES for f in fields(data))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x08", id="no value"),
        pytest.param(b"\x08" + b"\xff" * 11, id="a number without end"),
        pytest.param(b"\x0a\x05abc", id="a block over the end"),
        pytest.param(b"\x09abc", id="eight bytes over the end"),
        pytest.param(b"\x0b", id="a group"),
    ],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        list(fields(data))


@given(st.binary(max_size=100))
def test_no_bytes_lead_outside_of_the_message(data: bytes) -> None:
    with suppress(WireError):
        assert all(0 <= f.start <= f.end <= len(data) for f in fields(data))
