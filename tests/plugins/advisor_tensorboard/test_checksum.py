"""The checksum: known values, and the wide computation against the plain definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor_tensorboard.checksum import (
    FRONT,
    crc32c,
    linear_many,
    masked,
    masked_lengths,
    of_byte,
    of_pair,
    remainders,
)
from tests.plugins.advisor_tensorboard.writing import masked_crc


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # RFC 3720, appendix B.4
        pytest.param(bytes(32), 0x8A9136AA, id="zeros"),
        pytest.param(b"\xff" * 32, 0x62A8AB43, id="ones"),
        pytest.param(bytes(range(32)), 0x46DD794E, id="rising"),
        pytest.param(b"123456789", 0xE3069283, id="digits"),
        pytest.param(b"", 0, id="nothing"),
    ],
)
def test_known_checksums(data: bytes, expected: int) -> None:
    assert crc32c(data) == expected


@given(st.binary(max_size=2000))
def test_long_strings_have_the_checksum_of_the_definition(data: bytes) -> None:
    assert masked(data) == masked_crc(data)


@pytest.mark.parametrize("length", [190, 191, 192, 193, 255, 256, 257, 4096, 4097, 70_000])
def test_lengths_around_the_lanes_agree_with_the_definition(length: int) -> None:
    data = np.random.default_rng(length).bytes(length)
    assert masked(data) == masked_crc(data)


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20))
def test_lengths_are_checked_many_at_a_time(lengths: list[int]) -> None:
    words = np.array(lengths, dtype="<u8").view(np.uint8).reshape(-1, 8)
    expected = [masked_crc(length.to_bytes(8, "little")) for length in lengths]
    assert masked_lengths(words).tolist() == expected


@given(st.lists(st.integers(0, 1000), max_size=12))
def test_many_strings_are_checked_at_once(lengths: list[int]) -> None:
    chance = np.random.default_rng(sum(lengths))
    strings = [chance.bytes(length) for length in [*lengths, 9000]]
    data = np.frombuffer(chance.bytes(FRONT) + b"".join(strings), np.uint8)
    sizes = np.array([len(one) for one in strings])
    starts = FRONT + np.cumsum(sizes) - sizes
    stored = np.array([masked_crc(one) for one in strings], np.uint32)
    assert (linear_many(data, starts, sizes) == remainders(stored)).all()


@pytest.mark.parametrize("distance", [0, 1, 5, 300])
def test_two_bytes_add_what_each_of_them_adds(distance: int) -> None:
    pairs = of_pair(distance).reshape(256, 256)
    assert (pairs == of_byte(distance)[:, None] ^ of_byte(distance + 1)[None, :]).all()
