"""What the records of a ``.wandb`` file say: history, measurements, settings, how the run ended.

Field numbers are those of ``wandb/proto/wandb_internal.proto``. The host, the user and the
e-mail address that some records hold are never looked at.
"""

from __future__ import annotations

import json
import math
import re
import struct
from typing import Any, NamedTuple

from advisor.formats.protobuf import BYTES, FIXED64, VARINT, Field, fields, signed, text, varint

HISTORY, CONFIG, STATS, RUN, EXIT = 2, 5, 7, 17, 18
_OF_INTEREST = frozenset({HISTORY, CONFIG, STATS, RUN, EXIT})
_BESIDE = frozenset({16, 19, 200})
"""What a record may hold beside its content: how it was sent, its id, and its stream."""
_RUN_CONFIG = 4
_TIME, _MEASURE = 2, 3
_KEY, _NESTED, _NONE, _BOOLEAN, _INTEGER, _NUMBER, _TEXT, _JSON = 1, 2, 3, 4, 5, 6, 7, 8
_VALUE_JSON = 16
_ITEM_TAG = 1 << 3 | BYTES
_JSON_TAG = b"\x82\x01"
"""What precedes the length of ``value_json``: its number and wire type as a varint."""
_KEY_TAGS = (_KEY << 3 | BYTES, _NESTED << 3 | BYTES)
_HISTORY = re.compile(rb"\x08[\x80-\xff]{0,9}[\x00-\x7f]\x12([\x80-\xff]{0,4}[\x00-\x7f])")
"""How a row's record begins: its number, and the length of the row."""
EXACT = 2.0**53
"""Below this a float is exact for every whole number."""

Path = tuple[str, ...]


Item = tuple[Path, Any]
"""One entry of a row or of the settings: where it belongs, and its value as plain data."""


class Change(NamedTuple):
    """Settings that were set, and paths of settings that were removed."""

    update: list[Item]
    remove: list[Path]


def content(record: bytes) -> Field | None:
    """Return the part of a record that is of interest; ``None`` if there is none.

    Raises ``WireError`` if the record is no protobuf message.
    """
    quick = _HISTORY.match(record)
    if quick:
        begin = quick.end()
        end = begin + varint(record, quick.start(1), begin)[0]
        if end <= len(record):
            return Field(HISTORY, BYTES, begin, end, 0)
    for field in fields(record):
        if field.wire == BYTES and field.number not in _BESIDE:
            return field if field.number in _OF_INTEREST else None
    return None


class RowReader:
    """Takes rows of history apart. Names are decoded once, however many rows bear them."""

    def __init__(self) -> None:
        self._paths: dict[bytes, Path] = {}

    def row(self, record: bytes, part: Field) -> tuple[int | None, list[Item]]:
        """Return the step that the row's own record gives, if any, and the row's items."""
        step: int | None = None
        items: list[Item] = []
        place, stop = part.start, part.end
        while place < stop:
            quick = self.quick(record, place, stop)
            if quick is not None:
                items.append(quick)
                place += 2 + record[place + 1]
                continue
            field = next(fields(record, place, stop))
            place = field.end
            if field.number == 1 and field.wire == BYTES:
                items.append(_item(record, field))
            elif field.number == 2 and field.wire == BYTES:
                step = _step(record, field)
        return step, items

    def quick(self, record: bytes, place: int, stop: int) -> Item | None:
        """Read the item at ``place`` if it and its parts are short and in the usual order.

        Almost all are; the speed at which odd rows are read rests on this, and ``bulk`` on its
        word of what a number's item says.
        """
        begin = place + 2
        if begin > stop or record[place] != _ITEM_TAG or record[place + 1] > 0x7F:
            return None
        end = begin + record[place + 1]
        at = begin
        while at + 3 < end and record[at] in _KEY_TAGS and record[at + 1] < 0x80:
            at += 2 + record[at + 1]
        if end > stop or at + 3 > end or record[at : at + 2] != _JSON_TAG:
            return None
        if record[at + 2] != end - at - 3:
            return None
        names = record[begin:at]
        path = self._paths.get(names)
        if path is None:
            path = self._paths.setdefault(names, _path(record, begin, at))
        return path, _number(record[at + 3 : end])


def changes(record: bytes, part: Field) -> Change:
    """Return what a record of settings changes, or the settings that a run began with."""
    if part.number == RUN:
        found = [f for f in fields(record, part.start, part.end) if f.number == _RUN_CONFIG]
        if not found or found[-1].wire != BYTES:
            return Change([], [])
        part = found[-1]
    change = Change([], [])
    for field in fields(record, part.start, part.end):
        if field.wire == BYTES and field.number == 1:
            change.update.append(_item(record, field))
        elif field.wire == BYTES and field.number == 2:
            change.remove.append(_item(record, field)[0])
    return change


def measured(record: bytes, part: Field) -> tuple[float, list[Item]]:
    """Return when the machine was measured, in seconds since 1970, and what was."""
    time, items = math.nan, []
    for field in fields(record, part.start, part.end):
        if field.number == _TIME and field.wire == BYTES:
            parts = {f.number: signed(f.value) for f in fields(record, field.start, field.end)}
            time = parts.get(1, 0) + parts.get(2, 0) / 1e9
        elif field.number == _MEASURE and field.wire == BYTES:
            items.append(_item(record, field))
    return time, items


def _step(record: bytes, part: Field) -> int:
    # Step 0 is not written: the message is then there, and empty.
    numbers = [f.value for f in fields(record, part.start, part.end) if f.number == 1]
    return signed(numbers[-1]) if numbers else 0


def _item(record: bytes, part: Field) -> Item:
    """Read any item: its names, and a JSON text or one of the typed values."""
    value: Any = None
    for field in fields(record, part.start, part.end):
        value = _value(record, field, value)
    return _path(record, part.start, part.end), value


def _path(record: bytes, start: int, end: int) -> Path:
    """Return the names that an item bears: one ``key``, or ``nested_key`` from the outside in."""
    path: list[str] = []
    for field in fields(record, start, end):
        if field.wire == BYTES and field.number == _KEY:
            # Not set, it is left out or written empty.
            path = [text(record, field)] if field.end > field.start else path
        elif field.wire == BYTES and field.number == _NESTED:
            path.append(text(record, field))
    return tuple(path)


def _value(record: bytes, field: Field, otherwise: Any) -> Any:
    """Return the value that a field of an item holds, or ``otherwise`` if it holds none."""
    form = field.number, field.wire
    if form in ((_VALUE_JSON, BYTES), (_JSON, BYTES)):
        return _json(record[field.start : field.end])
    if form == (_NUMBER, FIXED64):
        return struct.unpack_from("<d", record, field.start)[0]
    if form == (_INTEGER, VARINT):
        return field.value >> 1 ^ -(field.value & 1)  # sint64 is stored zigzag
    if form == (_BOOLEAN, VARINT):
        return bool(field.value)
    if form == (_TEXT, BYTES):
        return text(record, field)
    return None if field.number == _NONE else otherwise


def _number(raw: bytes) -> Any:
    """Read JSON that is likely a number."""
    try:
        value = float(raw)
    except ValueError:
        return _json(raw)
    return value if -EXACT < value < EXACT else _json(raw)


def _json(raw: bytes) -> Any:
    """Read JSON as Python writes it, with ``NaN`` and ``Infinity``; ``None`` if it is none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
