"""From one event file to columns: the seam behind which the decoder can be made faster.

``decode`` is the plain loop: one record, one event, one append for each scalar.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from advisor.protobuf import WireError
from advisor.run import Floats, Steps
from advisor_tensorboard.events import Event, parse
from advisor_tensorboard.records import Damage, Loss, RecordFile


class Column(NamedTuple):
    """All points of one tag in one file, in file order; four arrays of one length."""

    steps: Steps
    values: Floats
    wall_times: Floats
    offsets: Steps
    """``int64[n]``: where the record of each point begins in the file."""
    tensor: bool
    """Whether the first value was stored as a tensor, as TensorFlow 2 does."""


class Start(NamedTuple):
    """A writer's start mark: what was logged before it at ``step`` or later is void."""

    step: int
    offset: int


@dataclass
class EventFile:
    """What one event file holds."""

    columns: dict[str, Column] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    """By tag, the texts that were logged once, or always the same."""
    hparams: dict[str, bytes] = field(default_factory=dict)
    """What the hparams plugin stored last, by tag."""
    starts: list[Start] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)


class _Rows:
    """The points of one tag while they are collected."""

    def __init__(self, tensor: bool) -> None:
        self.tensor = tensor
        self.steps, self.offsets = array("q"), array("q")
        self.values, self.wall_times = array("d"), array("d")

    def column(self) -> Column:
        whole = (np.array(part, dtype=np.int64) for part in (self.steps, self.offsets))
        steps, offsets = whole
        values, wall_times = (
            np.array(part, dtype=np.float64) for part in (self.values, self.wall_times)
        )
        return Column(steps, values, wall_times, offsets, self.tensor)


def decode(path: Path) -> EventFile:
    """Read an event file as far as it can be read. Raises ``OSError`` only.

    Damage is reported, never raised: a record whose checksum is off is left out.
    """
    held = EventFile()
    rows: dict[str, _Rows] = {}
    plugins: dict[str, str] = {}
    varying: set[str] = set()
    with path.open("rb") as stream:
        records = RecordFile(stream, path.stat().st_size)
        for record in records:
            try:
                event = parse(record.payload, plugins)
            except WireError:
                event = None
            if event is None or (event.used and not record.intact()):
                records.lose(Loss.DAMAGED, record.offset, record.end)
                continue
            plugins |= event.named if record.checked else {}
            _collect(held, rows, event, record.offset)
            _keep_texts(held, varying, event)
    held.columns = {tag: found.column() for tag, found in rows.items()}
    held.damage = records.damage
    return held


def _collect(held: EventFile, rows: dict[str, _Rows], event: Event, offset: int) -> None:
    if event.started:
        held.starts.append(Start(event.step, offset))
    held.hparams |= event.hparams
    for point in event.points:
        found = rows.get(point.tag)
        if found is None:
            found = rows[point.tag] = _Rows(point.tensor)
        found.steps.append(event.step)
        found.values.append(point.value)
        found.wall_times.append(event.wall_time)
        found.offsets.append(offset)


def _keep_texts(held: EventFile, varying: set[str], event: Event) -> None:
    """Keep one text of a tag; samples that a run logs again and again are no settings."""
    for tag, text in event.texts:
        if tag not in varying and held.texts.setdefault(tag, text) != text:
            varying.add(tag)
            del held.texts[tag]
