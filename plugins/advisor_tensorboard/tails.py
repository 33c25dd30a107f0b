"""The points of many records at once: records whose tails are equal but for the value.

Records with tails of one length become the rows of a matrix. With their values blanked, rows
of one tag are equal, so sorting a hash of the rows puts the points of each tag together, in
file order. The checksum is linear: each row's is that of its head, of its tag's blanked tail
and of its value, XORed; only the last differs from row to row. It also proves the hash right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from advisor_tensorboard.checksum import Bytes, Checks, Places, linear_many, of_byte, remainders
from advisor_tensorboard.framing import Block, Frames
from advisor_tensorboard.heads import Heads, add_words, heads_of
from advisor_tensorboard.identity import Identity, Slot, Slots, Source, blank, identify
from advisor_tensorboard.records import ALWAYS_CHECKED, HEADER

LONGEST_TAIL = 4096
"""Bytes of a tail that are compared; a summary of some hundred scalars is as long."""
_FEWEST = 4
"""Rows for which a matrix is worth its while; fewer are read one by one (measured)."""
_MOST_ODD = 32
"""Rows of one length that may turn out to be no plain scalars before all are read one by one."""
_MOST_KEPT = 20_000
"""Tails whose meaning is remembered: some megabytes."""
_UNSEEN = Identity((), (), {}, 0)
_ROW_BITS = np.uint64(20)
_ROWS = np.uint64((1 << 20) - 1)

_Rows = npt.NDArray[np.intp]
_Words = npt.NDArray[np.uint64]


class Piece(NamedTuple):
    """Some points of one source, in file order; four arrays of one length."""

    source: Source
    position: int
    """Which of the values of its events it is."""
    plugins: Mapping[str, str]
    """The plugins that its events name, by tag."""
    steps: Places
    values: npt.NDArray[np.float64]
    wall_times: npt.NDArray[np.float64]
    offsets: Places


@dataclass
class Decoded:
    """What a block holds up to the first record that is not sound."""

    count: int
    """How many records are sound."""
    pieces: list[Piece] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)
    """The numbers of sound records that have to be read one by one, in file order."""


class TailDecoder:
    """Decodes blocks; what it learns of tails holds for all files, so one serves them all."""

    def __init__(self) -> None:
        self._identities: dict[tuple[Slots, bytes], Identity | None] = {}
        self._usual: dict[int, Slots] = {}
        """By the length of a tail, the slots that it last had."""

    def decode(self, block: Block, frames: Frames) -> Decoded:
        """Decode the records of a block, each proved by its checksum."""
        decoded = _Pass(block, frames, self).decode()
        if decoded.count < len(frames.starts):
            return self.decode(block, frames.first(decoded.count))
        return decoded

    def slots(self, length: int) -> Slots | None:
        """Return where tails of this length had their values last."""
        return self._usual.get(length)

    def identity(self, event: bytes, tail: bytes, slots: Slots) -> Identity | None:
        """Return what ``event`` holds, if it is scalars in ``slots``; ``tail`` is blanked."""
        key = (slots, tail)
        found = self._identities.get(key, _UNSEEN)
        if found is _UNSEEN:
            told = identify(event, len(event) - len(tail))
            found = told if told is not None and told.slots == slots else None
            if len(self._identities) >= _MOST_KEPT:
                self._identities.clear()
            self._identities[key] = found
        if found is not None:
            self._usual[len(tail)] = slots
        return found


class _Group(NamedTuple):
    """Rows of equal tails put together: from ``begins[i]`` on those of ``identities[i]``."""

    rows: _Rows
    begins: list[int]
    identities: list[Identity | None]
    values: list[Bytes]
    """For each slot the bytes of the values."""

    def spans(self) -> Iterator[tuple[Identity | None, slice]]:
        ends = [*self.begins[1:], len(self.rows)]
        for identity, begin, end in zip(self.identities, self.begins, ends, strict=True):
            yield identity, slice(begin, end)


class _Pass:
    """One way through the records of a block."""

    def __init__(self, block: Block, frames: Frames, decoder: TailDecoder) -> None:
        self._block, self._frames, self._decoder = block, frames, decoder
        self._heads: Heads = heads_of(block, frames)
        ends = frames.starts + frames.lengths
        self._stored: Checks = remainders(block.gather(ends, 4).view("<u4").ravel())
        self._tails = frames.starts + self._heads.lengths
        self._lengths = frames.lengths - self._heads.lengths
        self._short = self._heads.usual & (self._lengths >= 4) & (self._lengths <= LONGEST_TAIL)
        self._decoded = Decoded(len(frames.starts))

    def decode(self) -> Decoded:
        rest = [np.flatnonzero(~self._short)]
        for length, rows in self._by_length():
            if len(rows) < _FEWEST:
                rest.append(rows)
            else:
                rest.extend(self._of_length(length, rows))
        left = np.sort(np.concatenate(rest))
        starts, lengths = self._frames.starts[left], self._frames.lengths[left]
        due = lengths <= ALWAYS_CHECKED
        checks = linear_many(self._block.bytes, starts[due], lengths[due])
        self._cut(left[due][checks != self._stored[left[due]]])
        self._decoded.rest = left.tolist()
        return self._decoded

    def _by_length(self) -> Iterator[tuple[int, _Rows]]:
        short = np.flatnonzero(self._short)
        lengths = self._lengths[short].astype(np.uint16)
        order = short[np.argsort(lengths, kind="stable")]
        counts = np.bincount(lengths) if len(lengths) else np.empty(0, np.int64)
        place = 0
        for length in np.flatnonzero(counts).tolist():
            following = place + int(counts[length])
            yield length, order[place:following]
            place = following

    def _of_length(self, length: int, rows: _Rows) -> Iterator[_Rows]:
        """Decode rows with tails of one length; yield those that are no plain scalars."""
        slots = self._decoder.slots(length)
        left = self._matching(length, rows, slots) if slots else rows
        odd = 0
        while len(left) and odd < _MOST_ODD:
            rows = left
            found = identify(self._event(rows[0]), int(self._heads.lengths[rows[0]]))
            if found is not None:
                left = self._matching(length, rows, found.slots)
            if len(left) == len(rows):
                yield rows[:1]
                left, odd = rows[1:], odd + 1
        if len(left):
            yield left

    def _matching(self, length: int, rows: _Rows, slots: Slots) -> _Rows:
        """Decode the rows that have their values in ``slots``, and return the others."""
        group = self._group(length, rows, slots)
        if not any(group.identities):
            return rows
        sums = self._sums(length, group)
        bad = sums != self._stored[group.rows]
        others = [group.rows[span] for identity, span in group.spans() if identity is None]
        for identity, span in group.spans():
            if identity is None:
                bad[span] = False
        self._cut(group.rows[bad])
        self._keep(group)
        return np.sort(np.concatenate(others)) if others else rows[:0]

    def _group(self, length: int, rows: _Rows, slots: Slots) -> _Group:
        tails = self._block.gather(self._tails[rows], -(-length // 8) * 8)
        tails[:, length:] = 0
        values = [tails[:, slot.place : slot.end].copy() for slot in slots]
        blank(tails, slots)
        order, begins = _put_together(tails.view("<u8"))
        identities = [
            self._decoder.identity(self._event(rows[row]), tails[row, :length].tobytes(), slots)
            for row in (order[begins] if order is not None else (0,))
        ]
        if order is None:
            return _Group(rows, begins, identities, values)
        return _Group(rows[order], begins, identities, [value[order] for value in values])

    def _event(self, row: np.intp) -> bytes:
        start = self._frames.starts[row]
        return self._block.bytes[start : start + self._frames.lengths[row]].tobytes()

    def _sums(self, length: int, group: _Group) -> Checks:
        """Return the remainders that the rows' bytes have; see ``checksum.remainders``."""
        total = np.zeros(len(group.rows), dtype=np.uint32)
        # To go on from a remainder is to begin at zero with it added to the next four bytes.
        add_words(total, self._heads.remainders[group.rows], 4, length - 4)
        for identity, span in group.spans():
            total[span] ^= np.uint32(identity.remainder if identity else 0)
        slots = next(identity.slots for identity in group.identities if identity)
        for slot, raw in zip(slots, group.values, strict=True):
            _add_slot(total, raw, length - slot.end)
        return total

    def _keep(self, group: _Group) -> None:
        steps, walls = self._heads.steps[group.rows], self._heads.wall_times[group.rows]
        offsets = self._frames.starts[group.rows] + (self._block.base - HEADER)
        slots = next(identity.slots for identity in group.identities if identity)
        for position, slot in enumerate(slots):
            values = _numbers(group.values[position], slot)
            for identity, span in group.spans():
                if identity is not None:
                    source, plugins = identity.sources[position], identity.plugins
                    columns = (steps[span], values[span], walls[span], offsets[span])
                    self._decoded.pieces.append(Piece(source, position, plugins, *columns))

    def _cut(self, rows: _Rows) -> None:
        """Note that ``rows`` are not sound."""
        if len(rows):
            self._decoded.count = min(self._decoded.count, int(rows.min()))


def _put_together(words: _Words) -> tuple[_Rows | None, list[int]]:
    """Return an order that puts equal rows together, and where in it each kind begins.

    ``None`` stands for the order in which they are, where all are equal.
    """
    hashes = words @ _mix(words.shape[1])
    if (hashes == hashes[0]).all():
        return None, [0]
    # With the row's number in the lowest bits, sorting keeps equal rows in their order.
    keys = (hashes & ~_ROWS) | np.arange(len(hashes), dtype=np.uint64)
    keys.sort()
    kinds = keys >> _ROW_BITS
    begins = np.flatnonzero(kinds[1:] != kinds[:-1]) + 1
    return (keys & _ROWS).astype(np.intp), [0, *begins.tolist()]


def _mix(count: int) -> _Words:
    """Return odd numbers without a pattern, to be multiplied with the words of a row."""
    while len(_MIX) < count:
        _MIX.append((_MIX[-1] * 0xD1342543DE82EF95 + 0x9E3779B97F4A7C14) % (1 << 64))
    return np.array(_MIX[:count], dtype=np.uint64)


_MIX = [0x9E3779B97F4A7C15]


def _numbers(raw: Bytes, slot: Slot) -> npt.NDArray[np.float64]:
    with np.errstate(invalid="ignore"):  # a NaN may be of the signalling kind
        return raw.view(slot.type).ravel().astype(np.float64)


def _add_slot(total: Checks, raw: Bytes, after: int) -> None:
    size = raw.shape[1]
    if size == 1:
        total ^= of_byte(after).take(raw[:, 0])
    else:
        add_words(total, raw.view(f"<u{size}").ravel(), size, after)
