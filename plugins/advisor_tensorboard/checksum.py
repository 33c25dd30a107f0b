"""CRC-32C as TFRecord files use it, over one byte string and over many at once.

The polynomial is Castagnoli's, reflected: 0x82F63B78 (RFC 3720, appendix B.4). TFRecord stores
it rotated and offset ("masked"), so that a checksum of data that holds checksums stays useful.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8
_LANE = 64
"""Bytes that one row of the wide computation covers."""
_SHORT = 192
"""Up to this many bytes the plain loop is quicker than setting up arrays (measured)."""
_LONG = 8 << 10
"""From this many bytes on a string is joined from its lanes in pairs, by itself."""
FRONT = _LANE
"""Bytes of any content that ``linear_many`` needs before the first string."""

Checks = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.int64]


def masked(data: bytes | memoryview) -> int:
    """Return the masked CRC-32C of ``data``, as a TFRecord stores it (unsigned, 32 bits)."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def crc32c(data: bytes | memoryview) -> int:
    """Return the CRC-32C of ``data`` (unsigned, 32 bits)."""
    if len(data) <= _SHORT:
        return linear(data, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return _joined(_lanes_of(data)) ^ 0xFFFFFFFF


def linear(data: bytes | memoryview, crc: int = 0) -> int:
    """Return the remainder of ``data`` behind ``crc``: the checksum without its two inversions.

    It is linear: of two strings of one length, XORed, it is the XOR of their remainders.
    """
    table = _BYTES
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc


def masked_lengths(words: Bytes) -> Checks:
    """Return the masked checksum of each 8-byte row of ``words`` (shape ``(n, 8)``)."""
    start = np.array([255, 255, 255, 255, 0, 0, 0, 0], dtype=np.uint8)
    crc = np.full(len(words), 0xFFFFFFFF, dtype=np.uint32)
    for place in range(8):
        crc ^= of_byte(7 - place)[words[:, place] ^ start[place]]
    mask: Checks = ((crc >> np.uint32(15)) | (crc << np.uint32(17))) + np.uint32(_MASK_DELTA)
    return mask


def remainders(stored: Checks) -> Checks:
    """Return the remainders that belong to checksums as a TFRecord stores them.

    They are those of ``linear`` over a string whose first four bytes are inverted.
    """
    rotated = stored - np.uint32(_MASK_DELTA)
    return ~((rotated >> np.uint32(17)) | (rotated << np.uint32(15)))


def linear_many(data: Bytes, starts: Places, lengths: Places) -> Checks:
    """Return ``remainders`` of the strings of ``data`` at ``starts``; see there.

    ``FRONT`` bytes of any content must precede the first string. Short strings and very long
    ones are taken one by one.
    """
    found = np.empty(len(starts), dtype=np.uint32)
    wide = (lengths > _SHORT) & (lengths <= _LONG)
    for row in np.flatnonzero(~wide):
        one = data[starts[row] : starts[row] + lengths[row]].tobytes()
        found[row] = crc32c(one) ^ 0xFFFFFFFF
    if wide.any():
        found[wide] = _side_by_side(data, starts[wide], lengths[wide])
    return found


def of_byte(distance: int) -> Checks:
    """Return what each byte, ``distance`` bytes before the end, adds to a remainder."""
    while len(_AT) <= distance:
        _AT.append(_step(_AT[-1]))
    return _AT[distance]


@lru_cache(maxsize=64)
def of_pair(distance: int) -> Checks:
    """Return what two bytes, read as one little-endian number, add to a remainder.

    ``distance`` is that of the second. One table takes 256 KiB, so only some are kept.
    """
    pairs: Checks = (of_byte(distance)[:, None] ^ of_byte(distance + 1)[None, :]).ravel()
    return pairs


def _side_by_side(data: Bytes, starts: Places, lengths: Places) -> Checks:
    """Take lanes of all strings at once, then append lane after lane to each string's sum."""
    counts = -(-lengths // _LANE)
    first = np.cumsum(counts) - counts
    number = np.arange(counts.sum()) - np.repeat(first, counts)
    begin = np.repeat(starts + lengths - counts * _LANE, counts) + number * _LANE
    rows = data[begin[:, None] + np.arange(_LANE)]
    pad = counts * _LANE - lengths
    rows[first] *= np.arange(_LANE) >= pad[:, None]
    rows.reshape(-1)[(first * _LANE + pad)[:, None] + np.arange(4)] ^= 0xFF
    lanes = _of_lanes(rows)
    total: Checks = lanes[first]
    for place in range(1, int(counts.max())):
        more = np.flatnonzero(counts > place)
        total[more] = _behind(total[more], _LANE) ^ lanes[first[more] + place]
    return total


def _behind(crc: Checks, count: int) -> Checks:
    """Return what ``crc`` becomes after ``count`` zero bytes, four or more."""
    halves = crc.view(np.uint16).reshape(-1, 2)
    moved: Checks = of_pair(count - 2).take(halves[:, 0])
    moved ^= of_pair(count - 4).take(halves[:, 1])
    return moved


def _of_lanes(rows: Bytes) -> Checks:
    crc = np.zeros(len(rows), dtype=np.uint32)
    for place in range(_LANE):
        crc ^= of_byte(_LANE - 1 - place).take(rows[:, place])
    return crc


def _lanes_of(data: bytes | memoryview) -> Checks:
    """Return the remainders of the lanes of one string, as many as a power of two.

    Leading zeros leave a remainder as it is, so the data is padded in front; the usual start
    value becomes an inversion of the first four bytes.
    """
    lanes = 1 << (-(-len(data) // _LANE) - 1).bit_length()
    padded = np.zeros(lanes * _LANE, dtype=np.uint8)
    padded[-len(data) :] = np.frombuffer(data, dtype=np.uint8)
    padded[-len(data) :][:4] ^= 0xFF
    return _of_lanes(padded.reshape(lanes, _LANE))


def _joined(crc: Checks) -> int:
    """Join neighbouring lanes until one is left."""
    doubling = 0
    while len(crc) > 1:
        crc = _advance(crc[0::2], doubling) ^ crc[1::2]
        doubling += 1
    return int(crc[0])


def _advance(crc: Checks, doubling: int) -> Checks:
    """Return what ``crc`` becomes after ``_LANE << doubling`` zero bytes."""
    tables = _advance_tables(doubling)
    moved: Checks = tables[0][crc & np.uint32(0xFF)]
    for place in range(1, 4):
        moved ^= tables[place][(crc >> np.uint32(8 * place)) & np.uint32(0xFF)]
    return moved


@lru_cache(maxsize=64)
def _advance_tables(doubling: int) -> tuple[Checks, ...]:
    if doubling:
        return tuple(_advance(_advance(t, doubling - 1), doubling - 1) for t in _ONES)
    tables = _ONES
    for _ in range(_LANE):
        tables = tuple(_step(table) for table in tables)
    return tables


def _step(crc: Checks) -> Checks:
    """Return what ``crc`` becomes after one zero byte."""
    moved: Checks = (crc >> np.uint32(8)) ^ _TABLE[crc & np.uint32(0xFF)]
    return moved


def _byte_table() -> Checks:
    crc = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        crc = np.where(crc & 1, (crc >> 1) ^ np.uint32(_POLYNOMIAL), crc >> 1).astype(np.uint32)
    return crc


_TABLE = _byte_table()
_BYTES: list[int] = _TABLE.tolist()
_AT = [_TABLE]
_ONES = tuple(np.arange(256, dtype=np.uint32) << np.uint32(8 * place) for place in range(4))
