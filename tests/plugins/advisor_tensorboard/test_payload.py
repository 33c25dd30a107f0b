"""A long payload in a file: it reads like bytes, and only what is asked for is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.protobuf import WireError
from advisor_tensorboard.payload import LongPayload

DATA = bytes(range(256)) * 20


def payload(most: int = len(DATA) * 100) -> tuple[LongPayload, list[int]]:
    counts: list[int] = []

    def read(place: int, count: int) -> bytes:
        counts.append(count)
        return DATA[place : place + count]

    return LongPayload(read, len(DATA), most), counts


@given(st.lists(st.integers(0, len(DATA) - 1)), st.integers(0, 6000), st.integers(0, 6000))
def test_bytes_and_slices_are_those_of_the_data(places: list[int], start: int, stop: int) -> None:
    long, _ = payload()
    assert [long[place] for place in places] == [DATA[place] for place in places]
    assert long[start:stop] == DATA[start:stop]
    assert len(long) == len(DATA)


def test_neighbouring_bytes_are_read_once() -> None:
    long, counts = payload()
    assert [long[place] for place in range(100)] == list(DATA[:100])
    assert len(counts) == 1


def test_asking_for_more_than_the_limit_is_an_error() -> None:
    long, counts = payload(most=1000)
    with pytest.raises(WireError, match="too much"):
        long[0:5000]
    assert counts == []


def test_a_file_that_ends_early_is_an_error() -> None:
    long = LongPayload(lambda _place, _count: b"", 100, 1000)
    with pytest.raises(WireError, match="ends inside"):
        long[5]
