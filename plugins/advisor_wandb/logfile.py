"""The framing of ``.wandb`` files: blocks of checksummed chunks, and what of them is lost.

Behind a header of 7 bytes the file is a LevelDB log (github.com/google/leveldb, doc/log_format.md)
of 32 KiB blocks, but its checksum is the plain CRC-32 of kind and data (``wandb/sdk/internal/
datastore.py``). A chunk never crosses a block, so damage costs at most what is left of its block.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple
from zlib import crc32

MAGIC = b":W&B\xe1\xbe"
"""What a file begins with; the byte behind it is the version of the format."""
FILE_HEADER = len(MAGIC) + 1
VERSION = 0
"""The one version there is, from 0.10 to 0.31 of the client."""
BLOCK = 32 * 1024
CHUNK_HEADER = 7
LOST, FULL, FIRST, MIDDLE, LAST = 0, 1, 2, 3, 4
_HEAD = struct.Struct("<IHB")
"""A chunk's checksum, its length, and its kind, from where on the checksum is taken."""
_MOST_CHECKED = 512 * BLOCK
"""Bytes that are checked at most to find a chunk behind damage in one block. Ordinary logs need
half of it; it bounds the time that bytes made for the purpose can take."""
_KINDS = re.compile(rb"[\x01-\x04]")


class Record(NamedTuple):
    """One record, and where its first chunk lies."""

    offset: int
    data: bytes


class Settled(NamedTuple):
    """How far a file is read whatever is appended to it, and what was lost up to there."""

    offset: int = FILE_HEADER
    lost: int = 0
    damaged: int | None = None


_NOTHING = Settled()


class LogFile:
    """The records of one file from where it is ``settled`` on, and the damage met so far."""

    def __init__(self, stream: BinaryIO, settled: Settled = _NOTHING) -> None:
        self._stream = stream
        self._begun: list[Record] = []
        self._begin = settled.offset
        self.lost = settled.lost
        """Bytes that could not be used."""
        self.damaged = settled.damaged
        """Where the first of them lies."""
        self.cut: int | None = None
        """Where the record begins that the file ends inside of."""
        self.settled: Settled | None = None
        """Where to go on once the file has grown; known when all records were yielded."""
        self.unsure = False
        """Whether a record was yielded that lies behind ``settled``."""

    def __iter__(self) -> Iterator[Record]:
        """Yield the records in file order."""
        for kind, part in self._chunks():
            if self._begun and kind not in (MIDDLE, LAST):
                self._drop(self._begun)
                self._begun = []
            if kind == LOST:
                continue
            if kind in (MIDDLE, LAST) and not self._begun:
                self._drop([part])
                continue
            self._begun.append(part)
            if kind in (FULL, LAST):
                parts, self._begun = self._begun, []
                self.unsure |= self.settled is not None
                yield part if kind == FULL else _joined(parts)
        if self._begun:
            self.cut = self._begun[0].offset

    def lose(self, offset: int, count: int) -> None:
        """Note that ``count`` bytes at ``offset`` could not be used."""
        self.lost += count
        self.damaged = _first(offset, self.damaged)
        # What a record holds may be told some time after it was yielded.
        if self.settled is not None and offset < self.settled.offset:
            place, lost, damaged = self.settled
            self.settled = Settled(place, lost + count, _first(offset, damaged))

    def _drop(self, parts: list[Record]) -> None:
        for part in parts:
            self.lose(part.offset, CHUNK_HEADER + len(part.data))

    def _chunks(self) -> Iterator[tuple[int, Record]]:
        """Yield the kind and the content of the sound chunks; ``LOST`` where others were."""
        place = self._begin % BLOCK
        base = self._begin - place
        self._stream.seek(base)
        while block := self._stream.read(BLOCK):
            while place < len(block):
                end = _end(block, place)
                if end is not None:
                    yield block[place + 6], Record(base + place, block[place + CHUNK_HEADER : end])
                elif len(block) == BLOCK and place > BLOCK - CHUNK_HEADER:
                    break  # padding: too little is left for a chunk
                else:
                    if len(block) < BLOCK:
                        self._settle(base + place)
                    end = self._resume(base, block, place)
                    if self.cut is None:
                        yield LOST, Record(base + place, b"")
                place = end
            if len(block) < BLOCK:
                break  # whatever is written meanwhile is left for the next time
            base, place = base + BLOCK, 0
        self._settle(base + place)

    def _settle(self, place: int) -> None:
        """Note the first place behind which a longer file may turn out to hold something else."""
        if self.settled is None:
            begin = self._begun[0].offset if self._begun else place
            self.settled = Settled(begin, self.lost, self.damaged)

    def _resume(self, base: int, block: bytes, place: int) -> int:
        """Return where the next chunk of the block is found, and note what lies before it."""
        following = _search(block, place)
        if following == len(block) < BLOCK and _short(block, place):
            self.cut = base + place
        else:
            self.lose(base + place, following - place)
        return following


def _joined(parts: list[Record]) -> Record:
    return Record(parts[0].offset, b"".join(part.data for part in parts))


def _first(offset: int, known: int | None) -> int:
    return offset if known is None else min(known, offset)


def _end(block: bytes, place: int) -> int | None:
    """Return where the chunk at ``place`` ends; ``None`` if there is no sound one."""
    if place + CHUNK_HEADER > len(block):
        return None
    stored, length, kind = _HEAD.unpack_from(block, place)
    end = place + CHUNK_HEADER + int(length)
    if end > len(block) or not FULL <= kind <= LAST:
        return None
    return end if crc32(block[place + 6 : end]) == stored else None


def _search(block: bytes, place: int) -> int:
    """Return the first place behind ``place`` at which a sound chunk lies, or the block's end."""
    checked = 0
    for found in _KINDS.finditer(block, place + CHUNK_HEADER):
        start = found.start() - CHUNK_HEADER + 1
        if _end(block, start) is not None:
            return start
        checked += int.from_bytes(block[start + 4 : start + 6], "little")
        if checked > _MOST_CHECKED:
            break
    return len(block)


def _short(block: bytes, place: int) -> bool:
    """Tell whether a block, the last of its file, ends inside a chunk that begins at ``place``."""
    head = block[place : place + CHUNK_HEADER]
    if len(head) < CHUNK_HEADER:
        return True
    end = place + CHUNK_HEADER + int.from_bytes(head[4:6], "little")
    return FULL <= head[6] <= LAST and len(block) < end <= BLOCK
