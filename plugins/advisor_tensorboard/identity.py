"""What the points of one tag have in common: all bytes behind the step but those of the value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from advisor.formats.protobuf import BYTES, FIXED32, VARINT, Field, WireError, fields
from advisor_tensorboard.checksum import Bytes, linear
from advisor_tensorboard.events import Event, parse

_CONTENT = {
    1: "<f4", 2: "<f8", 3: "<i4", 4: "|u1", 5: "<i2", 6: "|i1", 9: "<i8", 17: "<u2",
    19: "<f2", 22: "<u4", 23: "<u8",
}  # fmt: skip
"""Type number of a tensor to the numpy type of its content. Others are read one by one."""


class Slot(NamedTuple):
    """Where a value lies in a tail, and its numpy type."""

    place: int
    type: str

    @property
    def end(self) -> int:
        """The place behind it."""
        return self.place + np.dtype(self.type).itemsize


Slots = tuple[Slot, ...]


class Source(NamedTuple):
    """What a value is the value of."""

    tag: str
    tensor: bool
    named: bool
    """Whether the event itself names the tag's plugin."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The meaning of a tail: which values it holds."""

    slots: Slots
    sources: tuple[Source, ...]
    """One for each slot."""
    plugins: Mapping[str, str]
    """The plugins that it names, by tag."""
    remainder: int
    """``checksum.linear`` of the tail with zeros for its values."""


def identify(event: bytes, head: int) -> Identity | None:
    """Tell what an event holds whose tail begins at ``head``.

    ``None`` if it holds anything but scalars at fixed places. What it holds is parsed in the
    ordinary way too, and has to agree.
    """
    try:
        slots = slots_of(event, head)
        held = parse(event, lambda _: "")
    except (WireError, _Unusual):
        return None
    if held.texts or held.hparams or held.started or held.version or not _agree(event, slots, held):
        return None
    sources = tuple(Source(p.tag, p.tensor, p.tag in held.named) for p in held.points)
    own = tuple(Slot(slot.place - head, slot.type) for slot in slots)
    tail = np.frombuffer(event, np.uint8)[head:].copy()
    blank(tail[None], own)
    return Identity(own, sources, held.named, linear(tail.tobytes()))


def blank(tails: Bytes, slots: Slots) -> None:
    """Put zeros in the place of the values, in rows of bytes."""
    for slot in slots:
        tails[:, slot.place : slot.end] = 0


def slots_of(event: bytes, head: int) -> Slots:
    """Return the places of the values of an event that holds only these, in their order.

    Raises ``_Unusual`` or ``WireError`` where it holds anything else.
    """
    summaries = _only(event, Field(0, BYTES, head, len(event), 0), {5: BYTES})
    values = [part for one in summaries for part in fields(event, one.start, one.end)]
    if any((part.number, part.wire) != (1, BYTES) for part in values):
        raise _Unusual
    return tuple(_slot(event, value) for value in values)


class _Unusual(Exception):
    """An event that is not of the simple form; it is read one by one."""


def _slot(data: bytes, value: Field) -> Slot:
    wanted = {1: BYTES, 2: FIXED32, 7: BYTES, 8: BYTES, 9: BYTES}
    parts = {part.number: part for part in _only(data, value, wanted)}
    simple, tensor = parts.get(2), parts.get(8)
    if (simple is None) == (tensor is None):
        raise _Unusual
    return Slot(simple.start, "<f4") if simple is not None else _tensor(data, parts[8])


def _tensor(data: bytes, tensor: Field) -> Slot:
    wanted = {1: VARINT, 2: BYTES, 3: VARINT, 4: BYTES, 5: BYTES, 6: BYTES}
    parts = {part.number: part for part in _only(data, tensor, wanted)}
    kind, content = parts.get(1), parts.get(4) or parts.get(5) or parts.get(6)
    if kind is None or content is None:
        raise _Unusual
    types = {4: _CONTENT.get(kind.value, ""), 5: "<f4", 6: "<f8"}
    slot = Slot(content.start, types[content.number])
    if not slot.type or slot.end != content.end or len(parts.keys() & types.keys()) > 1:
        raise _Unusual
    return slot


def _only(data: bytes, message: Field, wanted: Mapping[int, int]) -> list[Field]:
    """Return the fields of a message; each is one of those that are wanted, and comes once."""
    found = list(fields(data, message.start, message.end))
    numbers = {part.number for part in found}
    if len(numbers) < len(found) or any(wanted.get(p.number) != p.wire for p in found):
        raise _Unusual
    return found


def _agree(event: bytes, slots: Slots, held: Event) -> bool:
    values = [float(np.frombuffer(event, s.type, 1, s.place)[0]) for s in slots]
    others = [point.value for point in held.points]
    return bool(slots) and np.array_equal(values, others, equal_nan=True)
