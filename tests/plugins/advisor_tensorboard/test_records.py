"""Framing: every record is found, and damage costs what it must and no more."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor_tensorboard.records import ALWAYS_CHECKED, Damage, Loss, RecordFile
from tests.plugins.advisor_tensorboard.writing import masked_crc, record

PAYLOADS = [f"payload {place}".encode() * (1 + place % 3) for place in range(20)]
RECORDS = [record(payload) for payload in PAYLOADS]
WHOLE = b"".join(RECORDS)
OFFSETS = [len(b"".join(RECORDS[:place])) for place in range(21)]


def take(data: bytes) -> tuple[list[bytes], list[Damage]]:
    records = RecordFile(io.BytesIO(data), len(data))
    return [found.payload[: found.length] for found in records], records.damage


def flip(data: bytes, bit: int) -> bytes:
    flipped = bytearray(data)
    flipped[bit // 8] ^= 1 << (bit % 8)
    return bytes(flipped)


def test_a_sound_file_is_read_whole() -> None:
    assert take(WHOLE) == (PAYLOADS, [])


@given(st.integers(0, 8 * len(WHOLE) - 1))
def test_one_flipped_bit_costs_the_record_it_is_in(bit: int) -> None:
    hit = next(place for place in range(20) if OFFSETS[place + 1] > bit // 8)
    found, damage = take(flip(WHOLE, bit))
    assert found == PAYLOADS[:hit] + PAYLOADS[hit + 1 :]
    assert [(one.offset, one.lost) for one in damage] == [(OFFSETS[hit], len(RECORDS[hit]))]


@given(st.integers(1, len(WHOLE) - 1))
def test_a_cut_file_is_read_up_to_the_cut(cut: int) -> None:
    whole = sum(end <= cut for end in OFFSETS[1:])
    found, damage = take(WHOLE[:cut])
    assert found == PAYLOADS[:whole]
    rest = cut - OFFSETS[whole]
    assert damage == ([Damage(Loss.TRUNCATED, OFFSETS[whole], rest)] if rest else [])


@given(st.integers(0, 20), st.integers(1, 9000))
def test_zeros_between_records_cost_nothing(place: int, count: int) -> None:
    offset = OFFSETS[place]
    found, damage = take(WHOLE[:offset] + bytes(count) + WHOLE[offset:])
    assert found == PAYLOADS
    # Fewer bytes at the end than a header has look like a cut, not like damage.
    assert [(one.offset, one.lost) for one in damage] == [(offset, count)]


# As many bytes as the next record has: the length then leads to a sound header behind that.
@example(start=OFFSETS[11] + 15, count=len(RECORDS[12]))
@given(st.integers(0, len(WHOLE)), st.integers(1, 100))
def test_bytes_cut_out_cost_only_the_records_they_belonged_to(start: int, count: int) -> None:
    end = min(len(WHOLE), start + count)
    untouched = [
        payload
        for place, payload in enumerate(PAYLOADS)
        if OFFSETS[place + 1] <= start or OFFSETS[place] >= end
    ]
    found, _ = take(WHOLE[:start] + WHOLE[end:])
    # What is left of a touched record may be that record again, where the bytes repeat.
    assert [payload for payload in PAYLOADS if payload in found] == found
    assert set(untouched) <= set(found)


def test_records_behind_megabytes_of_junk_are_found() -> None:
    junk = b"\x01\x00\x00\x00\x00\x00\x00\x00junk" * 40_000
    found, damage = take(RECORDS[0] + junk + RECORDS[1])
    assert found == PAYLOADS[:2]
    assert damage == [Damage(Loss.DAMAGED, len(RECORDS[0]), len(junk))]


@pytest.mark.parametrize("length", [2**20, 2**40, 2**63, 2**64 - 1])
def test_a_length_field_beyond_the_file_is_a_cut_not_an_allocation(length: int) -> None:
    head = struct.pack("<Q", length)
    data = RECORDS[0] + head + struct.pack("<I", masked_crc(head)) + b"rest"
    found, damage = take(data)
    assert found == PAYLOADS[:1]
    assert damage == [Damage(Loss.TRUNCATED, len(RECORDS[0]), 16)]


def test_long_payloads_are_left_unchecked_until_they_are_used() -> None:
    long = bytes(ALWAYS_CHECKED + 1)
    data = flip(record(long), 8 * 1000) + RECORDS[0]
    (first, second) = RecordFile(io.BytesIO(data), len(data))
    assert not first.checked
    assert not first.intact()
    assert second.checked


def test_a_long_record_cut_short_in_the_middle_does_not_hide_what_follows() -> None:
    long = record(bytes(range(256)) * 300)
    data = RECORDS[0] + long[:30_000] + b"".join(RECORDS[1:])
    found, damage = take(data)
    assert found == PAYLOADS
    assert damage == [Damage(Loss.DAMAGED, len(RECORDS[0]), 30_000)]


@given(st.binary(max_size=400))
def test_junk_yields_no_record_and_is_all_accounted_for(junk: bytes) -> None:
    found, damage = take(junk)
    assert found == []
    assert sum(one.lost for one in damage) == len(junk)
