"""One event of an event file: what it says, as plain data.

Numbers of fields: tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from advisor.formats.protobuf import (
    BYTES,
    FIXED32,
    FIXED64,
    VARINT,
    Data,
    Field,
    fields,
    signed,
    text,
)
from advisor_tensorboard import tensors

VERSION_PREFIX = "brain.Event:"
READ_PLUGINS = ("", "scalars", "text")
"""Plugins whose tensors are read; an empty name is that of no plugin."""
_HISTOGRAMS = "histograms"
Known = Callable[[str], str]
_START = 1
"""``SessionLog.START``: a writer began, and what was logged from its step on is void."""


class Point(NamedTuple):
    """One scalar. ``tensor`` tells the two ways of storing it apart: TensorFlow 2 uses tensors."""

    tag: str
    value: float
    tensor: bool


class Distribution(NamedTuple):
    """Where in a payload a histogram lies, which is not decoded until somebody asks for it."""

    tag: str
    start: int
    end: int
    tensor: bool
    """Stored as a tensor, as TensorFlow 2 does, and not as a ``HistogramProto``."""


@dataclass(slots=True)
class Event:
    """One event. Step 0 is not written to the file at all (proto3), so 0 is also "no step"."""

    wall_time: float = 0.0
    """Seconds since 1970."""
    step: int = 0
    version: str = ""
    started: bool = False
    """Whether this marks a writer's start, from whose ``step`` on earlier points are void."""
    points: list[Point] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    """Tag and text."""
    hparams: dict[str, bytes] = field(default_factory=dict)
    """What the hparams plugin stored, by tag."""
    distributions: list[Distribution] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    """The plugin of each tag whose plugin this event names."""

    @property
    def used(self) -> bool:
        """Whether it holds anything that makes a run; histograms are decoded on request only."""
        return bool(self.points or self.texts or self.hparams or self.started)


def parse(payload: Data, known: Known) -> Event:
    """Parse a serialized event. Raises ``WireError`` on anything that is none.

    ``known`` tells the plugin that earlier events named for a tag, the first of them, or an
    empty string: TensorFlow 1 names it on the first value of a tag only.
    """
    event = Event()
    for part in fields(payload):
        if part.number == 1 and part.wire == FIXED64:
            event.wall_time = struct.unpack("<d", payload[part.start : part.end])[0]
        elif part.number == 2 and part.wire == VARINT:
            event.step = signed(part.value)
        elif part.number == 3 and part.wire == BYTES:
            event.version = text(payload, part)
        elif part.number == 5 and part.wire == BYTES:
            _summary(event, payload, part, known)
        elif part.number == 7 and part.wire == BYTES:
            event.started = _status(payload, part) == _START
    return event


def _status(data: Data, log: Field) -> int:
    found = [part.value for part in fields(data, log.start, log.end) if part.number == 1]
    return found[-1] if found else 0


def _summary(event: Event, data: Data, summary: Field, known: Known) -> None:
    for part in fields(data, summary.start, summary.end):
        if part.number == 1 and part.wire == BYTES:
            _value(event, data, part, known)


class _Parts(NamedTuple):
    """The fields of one message, by their numbers; of a repeated one the last."""

    parts: Mapping[int, Field]

    def text(self, data: Data, number: int) -> str:
        part = self.parts.get(number)
        return text(data, part) if part is not None and part.wire == BYTES else ""


def _value(event: Event, data: Data, value: Field, known: Known) -> None:
    found = _Parts({part.number: part for part in fields(data, value.start, value.end)})
    # Early TensorFlow named the node (7) and left the tag (1) out.
    tag = found.text(data, 1) or found.text(data, 7)
    plugin = _metadata(event, data, tag, found.parts.get(9)) or known(tag)
    simple, histogram, tensor = (found.parts.get(number) for number in (2, 5, 8))
    if simple is not None and simple.wire == FIXED32:
        number = struct.unpack("<f", data[simple.start : simple.end])[0]
        event.points.append(Point(tag, number, tensor=False))
    elif histogram is not None and histogram.wire == BYTES:
        event.distributions.append(Distribution(tag, histogram.start, histogram.end, tensor=False))
    elif tensor is not None and tensor.wire == BYTES and plugin == _HISTOGRAMS:
        event.distributions.append(Distribution(tag, tensor.start, tensor.end, tensor=True))
    elif tensor is not None and tensor.wire == BYTES and plugin in READ_PLUGINS:
        _tensor(event, data, tag, tensor)


def _tensor(event: Event, data: Data, tag: str, part: Field) -> None:
    tensor = tensors.parse(data, part.start, part.end)
    if tensor.type == tensors.STRING:
        if tensor.string is not None:
            event.texts.append((tag, tensor.string.decode("utf-8", "backslashreplace")))
        return
    number = tensors.scalar(tensor)
    if number is not None:
        event.points.append(Point(tag, number, tensor=True))


def _metadata(event: Event, data: Data, tag: str, metadata: Field | None) -> str:
    """Return the plugin that the metadata of a value names, and keep what hparams stores."""
    if metadata is None or metadata.wire != BYTES:
        return ""
    plugin = ""
    for outer in fields(data, metadata.start, metadata.end):
        if outer.number == 1 and outer.wire == BYTES:
            found = _Parts({part.number: part for part in fields(data, outer.start, outer.end)})
            plugin = found.text(data, 1)
            content = found.parts.get(2)
            if plugin == "hparams" and content is not None and content.wire == BYTES:
                event.hparams[tag] = data[content.start : content.end]
    if plugin:
        event.named[tag] = plugin
    return plugin
