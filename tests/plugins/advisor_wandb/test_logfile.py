from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor_wandb.logfile import BLOCK, FILE_HEADER, MAGIC, LogFile
from tests.plugins.advisor_wandb.writing import HEADER, chunk, log

BIG = [
    bytes([place + 16]) * size for place, size in enumerate([10, 40_000, 3, 100_000, 0, 32_747, 5])
]
"""Records of which some fill blocks, and one ends where too little is left for a chunk."""


def read(data: bytes) -> tuple[list[bytes], LogFile]:
    found = LogFile(io.BytesIO(data))
    return [record.data for record in found], found


def test_the_header_is_that_of_the_client() -> None:
    assert HEADER[:-1] == MAGIC
    assert len(HEADER) == FILE_HEADER


def test_records_come_back_whole_across_blocks() -> None:
    found, file = read(log(BIG))
    assert found == BIG
    assert (file.lost, file.damaged, file.cut) == (0, None, None)


@settings(deadline=None)
@given(sizes=st.lists(st.sampled_from([0, 1, 32_740, 32_747, 32_754, 70_000]), max_size=6))
def test_records_of_any_size_come_back(sizes: list[int]) -> None:
    records = [bytes([place + 16]) * size for place, size in enumerate(sizes)]
    found, file = read(log(records))
    assert found == records
    assert (file.damaged, file.cut) == (None, None)


def test_a_record_tells_where_it_begins() -> None:
    first, second = LogFile(io.BytesIO(log([b"abc", b"d"])))
    assert (first.offset, second.offset) == (7, 7 + 7 + 3)


def test_a_flipped_bit_costs_one_record() -> None:
    data = bytearray(log([b"abc", b"def", b"ghi"]))
    data[7 + 10 + 8] ^= 1
    found, file = read(bytes(data))
    assert found == [b"abc", b"ghi"]
    assert (file.damaged, file.lost, file.cut) == (17, 10, None)


def test_a_flipped_length_costs_one_record() -> None:
    data = bytearray(log([b"abc", b"def", b"ghi"]))
    data[7 + 10 + 4] ^= 1
    found, file = read(bytes(data))
    assert found == [b"abc", b"ghi"]
    assert (file.damaged, file.lost) == (17, 10)


def test_damage_in_a_part_costs_the_whole_record_and_no_more() -> None:
    data = bytearray(log([b"a" * 10, b"b" * 100_000, b"c" * 10]))
    data[BLOCK + 1000] ^= 1
    found, file = read(bytes(data))
    assert found == [b"a" * 10, b"c" * 10]
    assert file.damaged == 7 + 17
    assert file.lost == 100_000 + 4 * 7


def test_parts_without_a_beginning_are_lost() -> None:
    found, file = read(HEADER + chunk(3, b"ab") + chunk(4, b"c") + chunk(1, b"d"))
    assert found == [b"d"]
    assert (file.damaged, file.lost) == (7, 9 + 8)


def test_a_record_begun_twice_is_lost_once() -> None:
    found, file = read(HEADER + chunk(2, b"ab") + chunk(2, b"c") + chunk(4, b"d"))
    assert found == [b"cd"]
    assert (file.damaged, file.lost) == (7, 9)


def test_zeros_at_the_end_are_lost_bytes() -> None:
    found, file = read(log([b"abc"]) + bytes(100))
    assert found == [b"abc"]
    assert (file.damaged, file.lost, file.cut) == (17, 100, None)


@pytest.mark.parametrize("length", range(FILE_HEADER + 1, FILE_HEADER + 7 + 3))
def test_a_file_cut_inside_a_record_says_where_it_begins(length: int) -> None:
    found, file = read(log([b"abc"])[:length])
    assert found == []
    assert (file.cut, file.damaged) == (FILE_HEADER, None)


def test_a_file_cut_between_the_parts_of_a_record_is_cut() -> None:
    found, file = read(log([b"abc", b"d" * 70_000])[: 2 * BLOCK])
    assert found == [b"abc"]
    assert (file.cut, file.damaged) == (17, None)


def test_a_length_beyond_the_block_is_damage_and_no_cut() -> None:
    odd = struct.pack("<IHB", 0, 0xFFFF, 1)
    found, file = read(log([b"abc"]) + odd + b"x" * 50)
    assert found == [b"abc"]
    assert (file.damaged, file.cut) == (17, None)


LOG = log(BIG)


@settings(deadline=None)
@given(length=st.integers(0, len(LOG)))
def test_a_cut_file_gives_the_records_before_the_cut(length: int) -> None:
    found, file = read(LOG[:length])
    assert found == BIG[: len(found)]
    assert file.damaged is None


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_damage_never_makes_a_record_that_was_not_written(data: st.DataObject) -> None:
    damaged = bytearray(LOG)
    place = data.draw(st.integers(0, len(LOG) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=40))
    damaged[place : place + data.draw(st.integers(0, 40))] = junk
    found, _ = read(bytes(damaged))
    written = iter(BIG)
    assert all(any(record == one for one in written) for record in found)


def test_a_block_made_to_be_slow_to_search_is_given_up() -> None:
    # Every place looks like a chunk of 1,028 bytes of kind 4, and none is one.
    found, file = read(log([b"abc"]) + b"\x04" * (40 * BLOCK))
    assert found == [b"abc"]
    assert file.lost > 39 * BLOCK


@given(st.binary(max_size=400))
def test_any_bytes_can_be_read(data: bytes) -> None:
    read(HEADER + data)
