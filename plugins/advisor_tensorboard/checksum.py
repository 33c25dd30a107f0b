"""CRC-32C as TFRecord files use it, over short byte strings and long ones.

The polynomial is Castagnoli's, reflected: 0x82F63B78 (RFC 3720, appendix B.4). TFRecord stores
it rotated and offset ("masked"), so that a checksum of data that holds checksums stays useful.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8
_LANE = 64
"""Bytes that one row of the wide computation covers."""
_SHORT = 192
"""Up to this many bytes the plain loop is quicker than setting up arrays (measured)."""

_Table = npt.NDArray[np.uint32]


def masked(data: bytes | memoryview) -> int:
    """Return the masked CRC-32C of ``data``, as a TFRecord stores it (unsigned, 32 bits)."""
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF


def crc32c(data: bytes | memoryview) -> int:
    """Return the CRC-32C of ``data`` (unsigned, 32 bits)."""
    return _plain(data) if len(data) <= _SHORT else _wide(data)


def masked_lengths(words: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """Return the masked checksum of each 8-byte row of ``words`` (shape ``(n, 8)``)."""
    start = np.array([255, 255, 255, 255, 0, 0, 0, 0], dtype=np.uint8)
    tables = _by_distance(8)
    crc = np.full(len(words), 0xFFFFFFFF, dtype=np.uint32)
    for place in range(8):
        crc ^= tables[place][words[:, place] ^ start[place]]
    mask: _Table = ((crc >> np.uint32(15)) | (crc << np.uint32(17))) + np.uint32(_MASK_DELTA)
    return mask


def _plain(data: bytes | memoryview) -> int:
    crc = 0xFFFFFFFF
    table = _BYTES
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _wide(data: bytes | memoryview) -> int:
    """Compute lanes of 64 bytes side by side, then join neighbours until one is left.

    Leading zeros leave a checksum that starts at zero as it is, so the data is padded in
    front; the usual start value becomes an inversion of the first four bytes.
    """
    lanes = 1 << (-(-len(data) // _LANE) - 1).bit_length()
    padded = np.zeros(lanes * _LANE, dtype=np.uint8)
    padded[-len(data) :] = np.frombuffer(data, dtype=np.uint8)
    padded[-len(data) :][:4] ^= 0xFF
    crc = np.zeros(lanes, dtype=np.uint32)
    rows = padded.reshape(lanes, _LANE)
    for place, table in enumerate(_by_distance(_LANE)):
        crc ^= table[rows[:, place]]
    doubling = 0
    while len(crc) > 1:
        crc = _advance(crc[0::2], doubling) ^ crc[1::2]
        doubling += 1
    return int(crc[0]) ^ 0xFFFFFFFF


def _advance(crc: _Table, doubling: int) -> _Table:
    """Return what ``crc`` becomes after ``_LANE << doubling`` zero bytes."""
    tables = _advance_tables(doubling)
    moved: _Table = tables[0][crc & np.uint32(0xFF)]
    for place in range(1, 4):
        moved ^= tables[place][(crc >> np.uint32(8 * place)) & np.uint32(0xFF)]
    return moved


@cache
def _advance_tables(doubling: int) -> tuple[_Table, ...]:
    if doubling:
        return tuple(_advance(_advance(t, doubling - 1), doubling - 1) for t in _ONES)
    tables = _ONES
    for _ in range(_LANE):
        tables = tuple(_step(table) for table in tables)
    return tables


@cache
def _by_distance(length: int) -> tuple[_Table, ...]:
    """Return what each byte of a string of ``length`` adds to its checksum, by place."""
    tables = [_TABLE]
    while len(tables) < length:
        tables.append(_step(tables[-1]))
    return tuple(reversed(tables))


def _step(crc: _Table) -> _Table:
    """Return what ``crc`` becomes after one zero byte."""
    moved: _Table = (crc >> np.uint32(8)) ^ _TABLE[crc & np.uint32(0xFF)]
    return moved


def _byte_table() -> _Table:
    crc = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        crc = np.where(crc & 1, (crc >> 1) ^ np.uint32(_POLYNOMIAL), crc >> 1).astype(np.uint32)
    return crc


_TABLE = _byte_table()
_BYTES: list[int] = _TABLE.tolist()
_ONES = tuple(np.arange(256, dtype=np.uint32) << np.uint32(8 * place) for place in range(4))
