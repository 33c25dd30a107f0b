"""The protobuf wire format, as far as the logs that use it do (TensorBoard, W&B).

https://protobuf.dev/programming-guides/encoding: a message is a sequence of fields, each a key
(number and wire type) and a payload whose end the wire type tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Protocol, overload

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_LONGEST_VARINT = 10


class WireError(ValueError):
    """Bytes that are no protobuf message."""


class Data(Protocol):
    """What can be walked: bytes, or something that reads them when they are asked for."""

    def __len__(self) -> int: ...

    @overload
    def __getitem__(self, place: int, /) -> int: ...

    @overload
    def __getitem__(self, place: slice, /) -> bytes: ...


class Field(NamedTuple):
    """One field: its number, wire type, and where its payload lies in the buffer.

    ``start`` is behind the length of a ``BYTES`` field; ``value`` holds a varint's value
    (unsigned, 64 bits) and is 0 otherwise.
    """

    number: int
    wire: int
    start: int
    end: int
    value: int


def fields(data: Data, start: int = 0, end: int | None = None) -> Iterator[Field]:
    """Walk the fields of the message in ``data[start:end]``.

    Raises ``WireError`` where a field runs over the end or has an unknown wire type.
    """
    stop = len(data) if end is None else end
    place = start
    while place < stop:
        key, place = varint(data, place, stop)
        number, wire, value = key >> 3, key & 7, 0
        begin = place
        if wire == BYTES:
            length, begin = varint(data, place, stop)
            place = begin + length
        elif wire == VARINT:
            value, place = varint(data, place, stop)
        elif wire in (FIXED64, FIXED32):
            place += 8 if wire == FIXED64 else 4
        else:
            raise WireError(f"wire type {wire} at byte {begin}")
        if place > stop:
            raise WireError(f"field {number} at byte {begin} runs over the end of its message")
        yield Field(number, wire, begin, place, value)


def varint(data: Data, place: int, stop: int) -> tuple[int, int]:
    """Return the unsigned 64-bit varint at ``place`` and the place behind it."""
    value = 0
    for count in range(_LONGEST_VARINT):
        if place >= stop:
            raise WireError(f"a number at byte {place} runs over the end of its message")
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << (7 * count)
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, place
    raise WireError(f"a number at byte {place - _LONGEST_VARINT} is longer than 64 bits")


def signed(value: int) -> int:
    """Return an unsigned 64-bit varint as the signed number it stands for."""
    return value - (1 << 64) if value >> 63 else value


def text(data: Data, field: Field) -> str:
    """Return a string field; bytes that are no UTF-8 are kept as escapes, so names stay apart."""
    return data[field.start : field.end].decode("utf-8", "backslashreplace")
