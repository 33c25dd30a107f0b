"""Wall times, steps and checksums of many events at once."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_tensorboard.checksum import linear
from advisor_tensorboard.framing import frame
from advisor_tensorboard.heads import Heads, heads_of
from tests.plugins.advisor_tensorboard.made import framed
from tests.plugins.advisor_tensorboard.test_framing import block_of
from tests.plugins.advisor_tensorboard.writing import number

TAIL = b"\x2a\x00"


def heads(*payloads: bytes) -> Heads:
    block = block_of(b"".join(map(framed, payloads)))
    return heads_of(block, frame(block))


def head(wall: float, step: int) -> bytes:
    return b"\x09" + struct.pack("<d", wall) + (number(2, step) if step else b"")


@given(st.lists(st.tuples(st.floats(allow_nan=False), st.integers(0, 2**49 - 1)), min_size=1))
def test_walls_steps_and_checksums_are_those_of_each_event(
    events: list[tuple[float, int]],
) -> None:
    written = [head(wall, step) for wall, step in events]
    found = heads(*(one + TAIL for one in written))
    assert found.usual.all()
    assert found.wall_times.tolist() == [wall for wall, _ in events]
    assert found.steps.tolist() == [step for _, step in events]
    assert found.lengths.tolist() == [len(one) for one in written]
    inverted = [bytes(b ^ 0xFF for b in one[:4]) + one[4:] for one in written]
    assert found.remainders.tolist() == [linear(one) for one in inverted]


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(head(1.0, -1) + TAIL, id="a step below 0"),
        pytest.param(head(1.0, 2**49) + TAIL, id="a step of eight bytes"),
        pytest.param(number(2, 5) + head(1.0, 0) + TAIL, id="the step first"),
        pytest.param(head(1.0, 5), id="nothing behind the step"),
        pytest.param(b"\x09\x00", id="cut in the wall time"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_begins_in_another_way_is_left_to_the_walk(payload: bytes) -> None:
    assert heads(head(1.0, 3) + TAIL, payload).usual.tolist() == [True, False]


def test_a_step_that_takes_more_bytes_than_it_needs_is_read_as_written() -> None:
    found = heads(b"\x09" + struct.pack("<d", 1.0) + b"\x10\x85\x80\x00" + TAIL)
    assert (found.steps.tolist(), found.lengths.tolist()) == ([5], [13])
    assert np.array_equal(found.usual, [True])
