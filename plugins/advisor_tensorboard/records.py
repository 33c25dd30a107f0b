"""TFRecord framing: a file as checksummed records, and what of it is lost.

A record is ``u64 length, u32 crc(length), payload, u32 crc(payload)``, little-endian
(tensorflow/core/lib/io/record_writer.h). After damage the next place where the checksum of a
length fits is looked for, so that one wrong bit costs one record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from io import BufferedIOBase
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from advisor_tensorboard.checksum import masked, masked_lengths
from advisor_tensorboard.payload import LongPayload

HEADER = 12
FOOTER = 4
LONGEST_DECODED = 16 << 20
"""Bytes of a payload that are read at most. Scalars and text are far below; only images, audio
and graphs exceed it. It bounds memory whatever a length field says."""
ALWAYS_CHECKED = 64 << 10
"""Payloads up to this are checked before they are looked at; longer ones are checked if used."""
_WINDOW = 1 << 17


Payload = bytes | LongPayload


class Loss(StrEnum):
    """How bytes of a file came to be lost."""

    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    TOO_LONG = "too long"


class Damage(NamedTuple):
    """Bytes that could not be used: why, where they begin, and how many there are."""

    loss: Loss
    offset: int
    lost: int


@dataclass(slots=True)
class Record:
    """One framed record: where it lies and what it holds."""

    offset: int
    length: int
    payload: Payload
    """The bytes themselves, or of a long record a window on them."""
    stored: int
    """The masked checksum that the file gives for ``payload``."""
    checked: bool = False
    """Whether ``payload`` is known to have that checksum."""

    @property
    def end(self) -> int:
        """Where the next record begins."""
        return self.offset + HEADER + self.length + FOOTER

    @property
    def loss(self) -> Loss:
        """How it is lost if it cannot be used."""
        return Loss.TOO_LONG if self.length > LONGEST_DECODED else Loss.DAMAGED

    def intact(self) -> bool:
        """Whether ``payload`` has the checksum that the file gives for it."""
        if not self.checked and self.length <= LONGEST_DECODED:
            self.checked = masked(self.payload[: self.length]) == self.stored
        return self.checked


def header_length(head: bytes) -> int | None:
    """Return the payload length that a 12-byte header gives; ``None`` if its checksum is off."""
    if len(head) < HEADER or _checksum(head[:8]) != int.from_bytes(head[8:HEADER], "little"):
        return None
    return int.from_bytes(head[:8], "little")


# The same few lengths come again and again.
_checksum = lru_cache(maxsize=4096)(masked)


class RecordFile:
    """The records of one file, and the damage met so far.

    ``size`` is fixed on opening: what a live writer appends later is left for the next read.
    """

    def __init__(self, stream: BufferedIOBase, size: int) -> None:
        self._stream, self._size = stream, size
        self._place = stream.tell()
        self._scanned = (-1, np.empty(0, dtype=np.int64))
        self.damage: list[Damage] = []
        self.unsure = size
        """The first place behind which all may be found otherwise once the file has grown: a sound
        header there says that its record goes on beyond the end, and yet others follow it."""

    def __iter__(self) -> Iterator[Record]:
        """Yield the records in file order."""
        offset = 0
        while offset < self._size:
            record, offset = self.take(offset)
            if record is not None:
                yield record

    def lose(self, loss: Loss, offset: int, end: int) -> None:
        """Note that the bytes from ``offset`` to ``end`` could not be used."""
        self.damage.append(Damage(loss, offset, end - offset))

    def take(self, offset: int) -> tuple[Record | None, int]:
        """Return the record at ``offset``, if one can be had, and where to go on."""
        length = header_length(self._read(offset, HEADER))
        if length is None:
            short = self._size - offset < HEADER
            return None, self._resume(offset, 1, Loss.TRUNCATED if short else Loss.DAMAGED)
        end = offset + HEADER + length + FOOTER
        if end > self._size:
            self.unsure = min(self.unsure, offset)
            return None, self._resume(offset, HEADER, Loss.TRUNCATED)
        long = length > ALWAYS_CHECKED and self._follows(end)
        record = self._record(offset, length, long=long)
        if long or record.intact():
            return record, end
        # Where bytes were cut out of a record, the next one lies inside what its length covers,
        # even if by chance a further one begins where that ends.
        return None, self._resume(offset, HEADER, Loss.DAMAGED)

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Fill ``buffer`` with the bytes from ``offset`` on, and return how many there were."""
        self._stream.seek(offset)
        count = self._stream.readinto(buffer[: max(0, self._size - offset)])
        self._place = offset + count
        return count

    def _record(self, offset: int, length: int, *, long: bool) -> Record:
        start = offset + HEADER
        payload: Payload
        if long or length > LONGEST_DECODED:
            payload = LongPayload(
                lambda place, count: self._read(start + place, count),
                length,
                LONGEST_DECODED + ALWAYS_CHECKED,
            )
        else:
            payload = self._read(start, length)
        stored = self._read(start + length, FOOTER)
        return Record(offset, length, payload, int.from_bytes(stored, "little"))

    def _follows(self, end: int) -> bool:
        """Whether a record, or the end of the file, is found at ``end``."""
        return end == self._size or header_length(self._read(end, HEADER)) is not None

    def _resume(self, offset: int, skip: int, otherwise: Loss) -> int:
        """Return where the next record is found, and note what lies before it as lost.

        The search begins ``skip`` bytes behind ``offset``. If nothing is found the rest of the
        file is lost, by the reason ``otherwise``.
        """
        place = offset + skip
        while place < self._size:
            start, found = self._scan(place // _WINDOW)
            later = np.searchsorted(found, place - start)
            if later < len(found):
                following = start + int(found[later])
                self.lose(Loss.DAMAGED, offset, following)
                return following
            place = start + _WINDOW
        self.lose(otherwise, offset, self._size)
        return self._size

    def _scan(self, window: int) -> tuple[int, npt.NDArray[np.int64]]:
        """Return where a window of the file begins, and the places in it of sound headers."""
        start = window * _WINDOW
        if self._scanned[0] != start:
            self._scanned = start, self._headers(self._read(start, _WINDOW + HEADER - 1))
        return self._scanned

    def _headers(self, data: bytes) -> npt.NDArray[np.int64]:
        raw = np.frombuffer(data, dtype=np.uint8)
        count = max(0, len(raw) - HEADER + 1)
        # No record is longer than a terabyte, so that its length has zeros in its upper bytes.
        likely = np.ones(count, dtype=bool)
        for place in range(5, 8):
            likely &= raw[place : place + count] == 0
        starts = np.flatnonzero(likely)
        heads = raw[starts[:, None] + np.arange(HEADER)]
        stored = np.ascontiguousarray(heads[:, 8:]).view("<u4").ravel()
        sound: npt.NDArray[np.int64] = starts[masked_lengths(heads[:, :8]) == stored]
        return sound

    def _read(self, offset: int, count: int) -> bytes:
        if offset != self._place:
            self._stream.seek(offset)
        data = self._stream.read(max(0, min(count, self._size - offset)))
        self._place = offset + len(data)
        return data
