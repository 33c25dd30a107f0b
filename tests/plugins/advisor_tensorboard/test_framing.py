"""Many headers at once: the same records as one after the other, and no others."""

from __future__ import annotations

import random

import numpy as np
import pytest

from advisor_tensorboard.checksum import FRONT
from advisor_tensorboard.framing import Block, frame
from advisor_tensorboard.records import ALWAYS_CHECKED
from tests.plugins.advisor_tensorboard.made import framed


def block_of(data: bytes) -> Block:
    block = Block(len(data))
    block.window(len(data))[:] = data
    block.filled(0, len(data))
    return block


def lengths(data: bytes) -> list[int]:
    return [int(length) for length in frame(block_of(data)).lengths]


@pytest.mark.parametrize("shift", range(4))
def test_every_length_is_found_at_every_alignment(shift: int) -> None:
    wanted = [shift, *range(300), 65_536, 7, 70_000, 8]
    data = b"".join(framed(bytes(length)) for length in wanted)
    assert lengths(data) == wanted


def test_payloads_lie_where_the_frames_say() -> None:
    payloads = [bytes([number]) * (number % 50) for number in range(100)]
    block = block_of(b"".join(map(framed, payloads)))
    frames = frame(block)
    found = [block.payload(s, n)[0] for s, n in zip(*map(np.ndarray.tolist, frames), strict=True)]
    assert found == payloads
    assert frames.end == block.end


def test_headers_inside_a_payload_are_none() -> None:
    nested = framed(framed(b"inner") * 3 + bytes(10))
    assert lengths(nested + framed(b"outer")) == [len(nested) - 16, 5]


def test_frames_end_before_the_first_header_that_is_off() -> None:
    data = bytearray(b"".join(framed(bytes(20)) for _ in range(10)))
    data[36 * 4 + 9] ^= 1
    assert lengths(bytes(data)) == [20] * 4


def test_a_record_that_the_block_cuts_is_not_among_the_frames() -> None:
    data = framed(bytes(20)) * 3
    for cut in range(1, 36):
        assert lengths(data[:-cut]) == [20, 20]


def test_a_long_record_counts_only_if_another_follows() -> None:
    data = framed(bytes(ALWAYS_CHECKED + 1))
    assert lengths(data + framed(b"")) == [ALWAYS_CHECKED + 1, 0]
    assert lengths(data + b"junk of no use") == []
    assert lengths(data) == []


def test_what_is_left_in_the_block_from_before_is_not_read() -> None:
    block = block_of(framed(bytes(20)) * 5)
    block.filled(0, 36 * 2)
    assert len(frame(block).starts) == 2


def test_junk_has_no_frames() -> None:
    junk = random.Random(0).randbytes(5000)
    assert frame(block_of(junk)).end == FRONT
    assert lengths(bytes(5000)) == []
