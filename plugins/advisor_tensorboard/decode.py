"""From an event file to columns: in blocks where records are sound, one by one elsewhere.

``RecordFile`` defines which records a file has. A block may only hold what it would find too:
sound records that follow each other. Long records, and whatever comes behind damage until the
next sound record, are left to it.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from advisor.formats.protobuf import WireError
from advisor_tensorboard.collect import Collector
from advisor_tensorboard.events import parse
from advisor_tensorboard.framing import Block, frame
from advisor_tensorboard.held import EventFile
from advisor_tensorboard.records import ALWAYS_CHECKED, FOOTER, HEADER, Damage, Record, RecordFile
from advisor_tensorboard.tails import TailDecoder

BLOCK = 2 << 20
"""Bytes of a block: more is hardly quicker, and does not stay in the processor's cache."""
_SMALL = 64 << 10
"""Bytes of the first block behind damage or a long record, as more may follow soon."""
_WHOLE = HEADER + ALWAYS_CHECKED + FOOTER
_TAILS = TailDecoder()
_SPARE: list[Block] = []
"""Blocks that nothing reads into: making a new one costs more than reading a small file."""


def decode(path: Path, before: EventFile | None = None) -> EventFile:
    """Read an event file as far as it can be read. Raises ``OSError`` only.

    Damage is reported, never raised: a record whose checksum is off is left out. ``before`` is
    what was read of the file when it was shorter, in which case only what was added is read; it
    must have an ``end`` within the file.
    """
    before = before or EventFile()
    begin, size = before.end or 0, path.stat().st_size
    if size < begin:
        raise OSError(errno.ESTALE, "is shorter than when it was last read", str(path))
    collector = Collector(before)
    with path.open("rb") as stream, _block() as block:
        reading = _Reading(RecordFile(stream, size), collector)
        end = reading.read(begin, size, block)
    held = collector.hand_over(reading.records.damage)
    held.end = _before(held.damage, end) if end <= reading.records.unsure else None
    return held


@contextmanager
def _block() -> Iterator[Block]:
    """Lend a block; whatever it held before lies behind its end, or is overwritten."""
    try:
        block = _SPARE.pop()
    except IndexError:
        block = Block(BLOCK)
    yield block
    _SPARE.append(block)


def _before(damage: Iterable[Damage], end: int) -> int:
    """Return where damage begins that lasts up to ``end``.

    A record that follows shows where damage ends, and may be gone when the file was cut.
    """
    for one in sorted(damage, reverse=True, key=lambda one: one.offset):
        if one.offset + one.lost == end:
            end = one.offset
    return end


class _Reading:
    """One way through a file, from an offset to its end."""

    def __init__(self, records: RecordFile, collector: Collector) -> None:
        self.records = records
        self._collector = collector

    def read(self, offset: int, size: int, block: Block) -> int:
        """Read up to ``size`` by ``block``; return where to go on when the file has grown.

        Bytes at the end that are no whole record are damage, and looked at again next time.
        """
        room = BLOCK
        while offset < size:
            block.filled(offset, self.records.read_into(block.window(room), offset))
            begin, offset = offset, self._block(block)
            if offset > begin and block.base + block.end - offset < _WHOLE:
                room = min(4 * room, BLOCK)  # it went on to where the block cuts a record
                continue
            record, following = self.records.take(offset)
            if record is not None:
                self._record(record)
            if following == size and (record is None or not record.checked):
                return offset
            offset, room = following, _SMALL
        return offset

    def _block(self, block: Block) -> int:
        """Take in the sound records at the begin of a block; return the offset behind them."""
        frames = frame(block)
        decoded = _TAILS.decode(block, frames)
        for piece in decoded.pieces:
            self._collector.name(piece.plugins, int(piece.offsets[0]))
        for row in decoded.rest:
            start, length = int(frames.starts[row]), int(frames.lengths[row])
            payload, stored = block.payload(start, length)
            offset = block.base + start - HEADER
            self._record(Record(offset, length, payload, stored, length <= ALWAYS_CHECKED))
        for piece in decoded.pieces:
            self._collector.piece(piece)
        return block.base + frames.first(decoded.count).end

    def _record(self, record: Record) -> None:
        offset = record.offset
        try:
            event = parse(record.payload, lambda tag: self._collector.known(tag, offset))
        except WireError:
            event = None
        if event is None or (event.used and not record.intact()):
            self.records.lose(record.loss, offset, record.end)
            return
        if record.checked:
            self._collector.name(event.named, offset)
        self._collector.event(event, offset)
