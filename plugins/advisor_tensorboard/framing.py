"""Many records at once: where those of one block of a file begin.

A header of a record shorter than 256 bytes is a byte and seven zeros, and seven zero bytes
cover exactly one aligned 32-bit zero behind that byte. One comparison of the block therefore
finds all candidates, and the checksum of the length proves them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor_tensorboard.checksum import FRONT, Bytes, Checks, Places, masked_lengths
from advisor_tensorboard.records import ALWAYS_CHECKED, FOOTER, HEADER, header_length

BACK = 4200
"""Bytes behind a block that may be looked at; they are no part of it."""
_AROUND = HEADER + FOOTER


class Block:
    """A stretch of a file in memory, and room around it for looking a little too far.

    Places are indices of ``bytes``; ``base`` added to one gives the offset in the file.
    """

    def __init__(self, room: int) -> None:
        self.bytes: Bytes = np.zeros(FRONT + room + BACK, dtype=np.uint8)
        self.room = room
        self.base = 0
        self.end = FRONT

    def window(self, count: int) -> memoryview:
        """Return the first ``count`` bytes to be filled, no more than there is room for."""
        return self.bytes.data[FRONT : FRONT + min(count, self.room)]

    def filled(self, offset: int, count: int) -> None:
        """Note that the window holds ``count`` bytes from ``offset`` of the file on."""
        self.base, self.end = offset - FRONT, FRONT + count

    def gather(self, places: Places, width: int) -> Bytes:
        """Return ``width`` bytes from each of ``places`` on, as rows."""
        count = len(self.bytes) - width + 1
        rolling = np.ndarray((count,), f"V{width}", self.bytes, 0, (1,))
        return rolling[places].view(np.uint8).reshape(len(places), width)

    def payload(self, start: int, length: int) -> tuple[bytes, int]:
        """Return the payload that begins at ``start``, and the checksum stored behind it."""
        end = start + length
        stored = self.bytes[end : end + FOOTER].tobytes()
        return self.bytes[start:end].tobytes(), int.from_bytes(stored, "little")

    def follows(self, end: int) -> bool:
        """Whether at ``end`` a record begins, its header in the block."""
        if end + HEADER > self.end:
            return False
        return header_length(self.bytes[end : end + HEADER].tobytes()) is not None


class Frames(NamedTuple):
    """Records that follow each other: where each payload begins in the block, and its length."""

    starts: Places
    lengths: Places

    @property
    def end(self) -> int:
        """The place behind the last record; that of the block's begin if there is none."""
        return int(self.starts[-1] + self.lengths[-1]) + FOOTER if len(self.starts) else FRONT

    def first(self, count: int) -> Frames:
        """Return the first ``count`` of them."""
        return Frames(self.starts[:count], self.lengths[:count])


def frame(block: Block) -> Frames:
    """Follow the records from the block's begin on, as far as each header is sound.

    Ends before a record that the block does not hold whole, and before one longer than
    ``ALWAYS_CHECKED`` that no other follows. Payloads are not looked at.
    """
    heads, lengths = _short(block)
    ends = heads + lengths + _AROUND
    breaks = np.append(np.flatnonzero(heads[1:] != ends[:-1]), len(heads) - 1)
    found: list[Frames] = []
    place, row = FRONT, 0
    while True:
        row += int(np.searchsorted(heads[row:], place))
        upcoming = int(heads[row]) if row < len(heads) else block.end
        if place < upcoming:
            others = _one_by_one(block, place, upcoming)
            if not len(others.starts):
                break
            found.append(others)
            place = others.end
        elif row == len(heads):
            break
        else:
            last = int(breaks[np.searchsorted(breaks, row)]) + 1
            last -= int(ends[last - 1]) > block.end
            if last == row:
                break
            found.append(Frames(heads[row:last] + HEADER, lengths[row:last]))
            place = int(ends[last - 1])
    return _together(found)


def _together(found: list[Frames]) -> Frames:
    if not found:
        return Frames(np.empty(0, np.int64), np.empty(0, np.int64))
    return found[0] if len(found) == 1 else Frames(*map(np.concatenate, zip(*found, strict=True)))


def _one_by_one(block: Block, place: int, upcoming: int) -> Frames:
    """Follow records that are no candidates, until one is or something is not right."""
    starts, lengths = [], []
    data = block.bytes
    while place < upcoming:
        length = header_length(data[place : place + HEADER].tobytes())
        if length is None or place + length + _AROUND > block.end:
            break
        if length > ALWAYS_CHECKED and not block.follows(place + length + _AROUND):
            break
        starts.append(place + HEADER)
        lengths.append(length)
        place += length + _AROUND
    return Frames(np.array(starts, np.int64), np.array(lengths, np.int64))


def _short(block: Block) -> tuple[Places, Places]:
    """Return the places of all sound headers of lengths from 1 to 255, and the lengths."""
    words = block.bytes[FRONT : FRONT + (block.end - FRONT) // 4 * 4].view("<u4")
    zeros = np.flatnonzero(words == 0)
    zeros = zeros[zeros > 0]
    before = words[zeros - 1]
    # The length is the last byte before the zeros that is not zero itself.
    heads = zeros * 4 + (FRONT - 1)
    for limit in (1 << 24, 1 << 16, 1 << 8):
        heads -= before < limit
    rows = block.gather(heads, 16)
    sixes = rows.view("<u8")[:, 0]
    likely = np.flatnonzero((sixes < 256) & (sixes > 0) & (heads + HEADER <= block.end))
    stored = rows.view("<u4")[:, 2][likely]
    lengths = sixes[likely].astype(np.int64)
    sound = stored == _checks()[lengths]
    return heads[likely[sound]], lengths[sound]


def _checks() -> Checks:
    """Return the masked checksums of the lengths from 0 to 255."""
    if not _CHECKS:
        lengths = np.arange(256, dtype="<u8").view(np.uint8).reshape(256, 8)
        _CHECKS.append(masked_lengths(lengths))
    return _CHECKS[0]


_CHECKS: list[Checks] = []
