"""The beginnings of many events at once: wall time, step, and their part of the checksum.

An event begins with its wall time and its step, if that is not 0; every logger writes them in
this order. What follows, the tail, is the same for all points of a tag but for the value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from advisor_tensorboard.checksum import Checks, Places, of_byte, of_pair
from advisor_tensorboard.framing import Block, Frames

WALL = 9
"""Bytes of the wall time: a key, then eight of the number."""
_WALL_KEY, _STEP_KEY = 0x09, 0x10
_CONTINUED = np.uint64(0x80808080808080)
"""The bits that say that another byte of a varint follows, in seven bytes."""
_COUNTS = np.uint64(0x0001020304050607)
"""Multiplied by 256**k it has k as its highest byte, for k from 0 to 7."""
_MANY = 1 << 14
"""So many numbers make it worthwhile to fetch a table of 256 KiB into the processor's cache."""

_Words = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Heads:
    """What the events of some records begin with; arrays of one length."""

    usual: npt.NDArray[np.bool_]
    """Whether the event begins in the usual order; nothing else holds where it does not."""
    wall_times: npt.NDArray[np.float64]
    steps: Places
    lengths: Places
    """Bytes up to the tail."""
    remainders: Checks
    """``checksum.linear`` of those bytes, the first four of them inverted."""


def heads_of(block: Block, frames: Frames) -> Heads:
    """Read the heads of all ``frames``, each at least as long as a wall time or not usual."""
    # Seven bytes before the payload, so that the wall time is one aligned number.
    rows = block.gather(frames.starts - 7, 24)
    words = rows.view("<u8")
    walls, rest = words[:, 1].copy(), words[:, 2].copy()
    stepped = (rest & np.uint64(0xFF)) == _STEP_KEY
    steps, sizes, fits = _varints(rest >> np.uint64(8))
    steps[~stepped] = 0
    lengths = np.where(stepped, WALL + 1 + sizes, WALL)
    usual = (rows[:, 7] == _WALL_KEY) & (fits | ~stepped) & (frames.lengths > lengths)
    return Heads(usual, walls.view("<f8"), steps, lengths, _remainders(walls, rest, lengths))


def _varints(words: _Words) -> tuple[Places, Places, npt.NDArray[np.bool_]]:
    """Return the varints at the low end of ``words``, their sizes, and whether each fits.

    Up to seven bytes are read, so a step of 2**49 or beyond, or below 0, does not fit.
    """
    ends = ~words & _CONTINUED
    last = ends & (~ends + np.uint64(1))
    sizes = ((last >> np.uint64(7)) * _COUNTS >> np.uint64(56)).astype(np.int64) + 1
    found = words & (last - np.uint64(1)) & ~_CONTINUED
    # Close the gaps of one bit between the bytes, then between pairs, then between fours.
    for keep, gap in ((0x007F007F007F007F, 1), (0x00003FFF00003FFF, 2), (0x000000000FFFFFFF, 4)):
        low = found & np.uint64(keep)
        found = low | ((found ^ low) >> np.uint64(gap))
    return found.astype(np.int64), sizes, last != 0


def _remainders(walls: _Words, rest: _Words, lengths: Places) -> Checks:
    """Compute the checksums of the heads, those of one length together."""
    found = np.empty(len(lengths), dtype=np.uint32)
    for length in np.flatnonzero(np.bincount(lengths)).tolist():
        rows = np.flatnonzero(lengths == length)
        if len(rows) == len(lengths):
            return _of_length(walls, rest, length)
        found[rows] = _of_length(walls[rows], rest[rows], length)
    return found


def _of_length(walls: _Words, rest: _Words, length: int) -> Checks:
    """``rest`` holds the key of the step and the step, if ``length`` reaches that far."""
    # The first four bytes are inverted: the key and three of the wall time.
    total = np.full(len(walls), of_byte(length - 1)[_WALL_KEY ^ 0xFF], dtype=np.uint32)
    add_words(total, walls ^ np.uint64(0xFFFFFF), 8, length - WALL)
    if length > WALL:
        kept = np.uint64((1 << 8 * (length - WALL)) - 1)
        add_words(total, rest & kept, length - WALL, 0)
    return total


def add_words(total: Checks, words: npt.NDArray[np.unsignedinteger], size: int, after: int) -> None:
    """Add what ``size`` bytes of each number contribute to ``total``, ``after`` before the end.

    Of many numbers two bytes are looked up at a time. Where they are the same in all rows,
    which is the rule for the upper ones of wall times, that is done once.
    """
    if not len(words):
        return
    varying = int(np.bitwise_or.reduce(words ^ words[0])) if size == 8 else -1
    width = 2 if len(words) >= _MANY else 1
    lanes = np.ascontiguousarray(words).view(f"u{width}").reshape(len(words), -1)
    for place in range(0, size - width + 1, width):
        distance = after + size - width - place
        table = of_pair(distance) if width == 2 else of_byte(distance)
        same = not varying >> 8 * place & (1 << 8 * width) - 1
        total ^= table.take(lanes[:1, place // width] if same else lanes[:, place // width])
    if size % width:
        single = (words >> words.dtype.type(8 * (size - 1))).astype(np.uint8)
        total ^= of_byte(after).take(single)
