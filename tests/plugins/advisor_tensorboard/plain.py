"""An event file read record by record: slow, and nothing to get wrong but what a record is.

Production reads in blocks; this says what must come out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from advisor.formats.protobuf import WireError
from advisor_tensorboard.events import Event, parse
from advisor_tensorboard.held import Start
from advisor_tensorboard.records import Damage, RecordFile

Point = tuple[str, int, float, float, int]
"""Tag, step, value, wall time, and the offset of the record."""


@dataclass
class Plain:
    """What one event file holds, point by point in file order."""

    points: list[Point] = field(default_factory=list)
    tensors: dict[str, bool] = field(default_factory=dict)
    texts: dict[str, set[str]] = field(default_factory=dict)
    hparams: dict[str, bytes] = field(default_factory=dict)
    starts: list[Start] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)


def decode(path: Path) -> Plain:
    held = Plain()
    plugins: dict[str, str] = {}
    with path.open("rb") as stream:
        records = RecordFile(stream, path.stat().st_size)
        for record in records:
            try:
                event = parse(record.payload, partial(_known, plugins))
            except WireError:
                event = None
            if event is None or (event.used and not record.intact()):
                records.lose(record.loss, record.offset, record.end)
                continue
            if record.checked:
                plugins = event.named | plugins
            _take(held, event, record.offset)
    held.damage = records.damage
    return held


def _known(plugins: dict[str, str], tag: str) -> str:
    return plugins.get(tag, "")


def _take(held: Plain, event: Event, offset: int) -> None:
    if event.started:
        held.starts.append(Start(event.step, offset))
    held.hparams |= event.hparams
    for tag, text in event.texts:
        held.texts.setdefault(tag, set()).add(text)
    for point in event.points:
        held.tensors.setdefault(point.tag, point.tensor)
        held.points.append((point.tag, event.step, point.value, event.wall_time, offset))
