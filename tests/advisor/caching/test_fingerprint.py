from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.caching import fingerprint
from advisor.caching.fingerprint import Changed, Fingerprint

PIECE, SAMPLE, WHOLE = 160, 10, 480
DATA = bytes(range(256)) * 8


@pytest.fixture(autouse=True, scope="module")
def small_pieces() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("_PIECE", PIECE), ("_SAMPLE", SAMPLE), ("WHOLE", WHOLE)):
            patch.setattr(fingerprint, name, value)
        yield


def at_once(data: bytes, end: int) -> str:
    return Fingerprint().upto(io.BytesIO(data), end)


@given(st.lists(st.integers(0, len(DATA)), min_size=1, max_size=5).map(sorted))
def test_made_longer_bit_by_bit_it_is_what_it_is_at_once(ends: list[int]) -> None:
    mark = Fingerprint()
    assert [mark.upto(io.BytesIO(DATA), end) for end in ends] == [at_once(DATA, e) for e in ends]


@given(st.integers(0, len(DATA)), st.binary(max_size=50))
def test_what_comes_behind_does_not_count(end: int, behind: bytes) -> None:
    assert at_once(DATA[:end] + behind, end) == at_once(DATA, end)


@pytest.mark.parametrize("end", [100, WHOLE, WHOLE + 1, 700, len(DATA)])
def test_every_byte_counts_up_to_a_size_and_behind_it_samples_and_the_last(end: int) -> None:
    sound = at_once(DATA, end)
    for place in range(end):
        changed = bytearray(DATA)
        changed[place] ^= 1
        sampled = place < WHOLE or place % PIECE < SAMPLE or (end > WHOLE and place >= end - SAMPLE)
        assert (at_once(bytes(changed), end) != sound) == sampled


def test_of_two_lengths_of_zeros_each_has_its_own() -> None:
    assert len({at_once(bytes(2000), end) for end in range(2000)}) == 2000


def test_a_file_that_ends_sooner_is_another() -> None:
    mark = Fingerprint()
    mark.upto(io.BytesIO(DATA), 200)
    with pytest.raises(Changed):
        mark.upto(io.BytesIO(DATA[:210]), 300)
