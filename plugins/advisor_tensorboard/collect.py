"""Collecting what the records of a file hold, whether they came one by one or in blocks."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from advisor_tensorboard.events import READ_PLUGINS, Event
from advisor_tensorboard.held import Column, EventFile, Name, Start
from advisor_tensorboard.records import Damage
from advisor_tensorboard.tails import Piece

_Array = npt.NDArray[Any]
_TYPES = {"steps": "q", "values": "d", "wall_times": "d", "offsets": "q"}


class _Rows:
    """The points of one tag while they are collected, behind those that are known."""

    def __init__(self, known: Column | None = None) -> None:
        self.pieces: dict[str, list[_Array]] = {name: [] for name in _TYPES}
        self.single: dict[str, array[Any]] = {name: array(code) for name, code in _TYPES.items()}
        self.first = (np.iinfo(np.int64).max, 0)
        """Offset and position in its event of the first point."""
        self.tensor = False
        if known is not None:
            self.first, self.tensor = (int(known.offsets[0]), 0), known.tensor
            for name, held in self.pieces.items():
                held.append(getattr(known, name))

    def begin(self, first: tuple[int, int], *, tensor: bool) -> None:
        if first < self.first:
            self.first, self.tensor = first, tensor

    def join(self, name: str) -> _Array:
        """Return one column and forget its pieces."""
        code = _TYPES[name]
        single = np.array(self.single.pop(name), dtype=code)
        pieces = [*self.pieces.pop(name), *([single] if len(single) else [])]
        return pieces[0] if len(pieces) == 1 else np.concatenate([single[:0], *pieces])


class Collector:
    """What was read of one file so far; ``before`` is what was read when it was shorter."""

    def __init__(self, before: EventFile | None = None) -> None:
        held = before or EventFile()
        self._rows = {tag: _Rows(column) for tag, column in held.columns.items()}
        self._held = EventFile(
            texts=dict(held.texts),
            hparams=dict(held.hparams),
            starts=list(held.starts),
            damage=[one for one in held.damage if held.end and one.offset < held.end],
            names=dict(held.names),
            varying=set(held.varying),
        )

    def known(self, tag: str, offset: int) -> str:
        """Return the plugin that an event before ``offset`` named first for ``tag``."""
        name = self._held.names.get(tag)
        return name.plugin if name is not None and name.offset < offset else ""

    def name(self, plugins: Mapping[str, str], offset: int) -> None:
        """Take in the plugins that an event at ``offset`` names."""
        for tag, plugin in plugins.items():
            name = self._held.names.get(tag)
            if name is None or offset < name.offset:
                self._held.names[tag] = Name(plugin, offset)

    def event(self, event: Event, offset: int) -> None:
        """Take in one event."""
        if event.started:
            self._held.starts.append(Start(event.step, offset))
        self._held.hparams |= event.hparams
        for position, point in enumerate(event.points):
            rows = self._of(point.tag)
            rows.begin((offset, position), tensor=point.tensor)
            rows.single["steps"].append(event.step)
            rows.single["values"].append(point.value)
            rows.single["wall_times"].append(event.wall_time)
            rows.single["offsets"].append(offset)
        self._keep_texts(event)

    def piece(self, piece: Piece) -> None:
        """Take in some points; all plugins that are named before them must be known."""
        columns = self._read(piece)
        if len(columns["offsets"]):
            rows = self._of(piece.source.tag)
            first = (int(columns["offsets"][0]), piece.position)
            rows.begin(first, tensor=piece.source.tensor)
            for name, column in columns.items():
                rows.pieces[name].append(column)

    def hand_over(self, damage: Iterable[Damage]) -> EventFile:
        """Return all that was collected, and the damage that was met."""
        rows, self._rows = self._rows, {}
        columns = _columns({tag: rows[tag] for tag in sorted(rows, key=lambda t: rows[t].first)})
        return replace(self._held, columns=columns, damage=[*self._held.damage, *damage])

    def _read(self, piece: Piece) -> dict[str, _Array]:
        """Return the columns of a piece, without points that belong to a plugin not read."""
        columns = {name: getattr(piece, name) for name in _TYPES}
        name = self._held.names.get(piece.source.tag)
        if piece.source.named or not piece.source.tensor or not name:
            return columns
        if name.plugin in READ_PLUGINS:
            return columns
        kept = columns["offsets"] <= name.offset
        return {name: column[kept] for name, column in columns.items()}

    def _of(self, tag: str) -> _Rows:
        found = self._rows.get(tag)
        if found is None:
            found = self._rows[tag] = _Rows()
        return found

    def _keep_texts(self, event: Event) -> None:
        """Keep one text of a tag; samples that a run logs again and again are no settings."""
        texts = self._held.texts
        for tag, text in event.texts:
            if tag not in self._held.varying and texts.setdefault(tag, text) != text:
                self._held.varying.add(tag)
                del texts[tag]


def _columns(rows: dict[str, _Rows]) -> dict[str, Column]:
    """Join the pieces; one column of all tags after the other, so that memory is freed early."""
    offsets = {tag: found.join("offsets") for tag, found in rows.items()}
    orders = {tag: _order(found) for tag, found in offsets.items()}
    joined = {"offsets": {tag: _sorted(found, orders[tag]) for tag, found in offsets.items()}}
    for name in ("steps", "values", "wall_times"):
        joined[name] = {tag: _sorted(found.join(name), orders[tag]) for tag, found in rows.items()}
    return {
        tag: Column(**{name: columns[tag] for name, columns in joined.items()}, tensor=found.tensor)
        for tag, found in rows.items()
    }


def _order(offsets: _Array) -> npt.NDArray[np.intp] | None:
    """Return the order of the file, or ``None`` where the points are in it."""
    if (offsets[1:] >= offsets[:-1]).all():
        return None
    return np.argsort(offsets, kind="stable")


def _sorted(column: _Array, order: npt.NDArray[np.intp] | None) -> _Array:
    found: _Array = column if order is None else column[order]
    found.flags.writeable = False
    return found
