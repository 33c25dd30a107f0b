"""Histograms of event files: found in one pass, each decoded where it is asked for.

``HistogramProto`` (tensorflow/core/framework/histogram.proto) is what TensorFlow 1, torch and
tensorboardX write; TensorFlow 2 and Keras write a tensor with a row ``left, right, count`` for
each interval (tensorboard/plugins/histogram/summary_v2.py).
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from advisor.formats.histogram import Histogram, Histograms
from advisor.formats.protobuf import BYTES, FIXED64, WireError, fields
from advisor.language import term
from advisor.reader import Unreadable
from advisor.run import Floats
from advisor.text import told
from advisor_tensorboard import tensors
from advisor_tensorboard.events import Distribution, Event, parse
from advisor_tensorboard.records import Record, RecordFile

_MINIMUM, _MAXIMUM, _SUM, _SQUARES, _LIMITS, _COUNTS = 1, 2, 4, 5, 6, 7


class _Place(NamedTuple):
    path: Path
    file: str
    offset: int
    """Of its record in the file."""
    distribution: Distribution


class _Found:
    """The histograms of one tag while they are collected."""

    def __init__(self) -> None:
        self.steps, self.wall_times = array("q"), array("d")
        self.places: list[_Place] = []


def find(files: Iterable[tuple[Path, str]]) -> dict[str, Histograms]:
    """List the histograms of the files of one directory, by tag; each file is shown by its name.

    Damaged records are left out: reading the run notes them. Raises ``OSError``.
    """
    found: dict[str, _Found] = {}
    for path, file in files:
        for record, event in _events(path):
            for distribution in event.distributions:
                held = found.setdefault(distribution.tag, _Found())
                held.steps.append(event.step)
                held.wall_times.append(event.wall_time)
                held.places.append(_Place(path, file, record.offset, distribution))
    return {tag: _series(tag, held) for tag, held in found.items()}


def _events(path: Path) -> Iterator[tuple[Record, Event]]:
    plugins: defaultdict[str, str] = defaultdict(str)
    with path.open("rb") as stream:
        for record in RecordFile(stream, path.stat().st_size):
            try:
                event = parse(record.payload, plugins.__getitem__)
            except WireError:
                continue
            for tag, plugin in event.named.items():
                plugins[tag] = plugins[tag] or plugin
            if event.distributions and record.intact():
                yield record, event


def _series(tag: str, held: _Found) -> Histograms:
    steps = np.array(held.steps, dtype=np.int64)
    return Histograms(tag, steps, np.array(held.wall_times), _decoder(held.places))


def _decoder(places: list[_Place]) -> Callable[[int], Histogram]:
    return lambda row: _decode(places[row])


def _decode(place: _Place) -> Histogram:
    """Read one histogram. Raises ``Unreadable``."""
    try:
        data = _bytes(place)
        return _from_tensor(data) if place.distribution.tensor else _from_proto(data)
    except (OSError, WireError) as error:
        why = told(
            "the histogram at byte {place:step} cannot be read ({why:given})",
            place=place.offset,
            why=str(error),
        )
        raise Unreadable(
            place.file, why, term("read the log again, if it was written to")
        ) from error


def _bytes(place: _Place) -> bytes:
    """Return the bytes of a histogram. Raises ``OSError`` and ``WireError``."""
    with place.path.open("rb") as stream:
        record, _ = RecordFile(stream, place.path.stat().st_size).take(place.offset)
        if record is None or not record.intact():
            raise WireError("no record is there")
        return record.payload[place.distribution.start : place.distribution.end]


def _from_proto(data: bytes) -> Histogram:
    """Read a ``HistogramProto`` as TensorBoard does (``data_compat._migrate_histogram_value``).

    Its outermost limits may be the largest floats there are: empty buckets at both ends are left
    out, and what remains begins at the minimum and ends at the maximum.
    """
    numbers: dict[int, float] = dict.fromkeys((_MINIMUM, _MAXIMUM, _SUM, _SQUARES), 0.0)
    columns = {_LIMITS: _NONE, _COUNTS: _NONE}
    for part in fields(data):
        if part.wire == FIXED64:
            numbers[part.number] = float(_doubles(data[part.start : part.end])[0])
        elif part.wire == BYTES:
            columns[part.number] = _doubles(data[part.start : part.end])
    limits, counts = columns[_LIMITS], columns[_COUNTS]
    if len(limits) != len(counts):
        raise WireError(f"{len(limits)} limits of {len(counts)} buckets")
    filled = np.flatnonzero(counts > 0)
    if not len(filled):
        return Histogram(_NONE, _NONE, _NONE, 0.0, 0.0)
    first, last = filled[0], filled[-1]
    inner = limits[first:last]
    left = np.concatenate([[numbers[_MINIMUM]], inner])
    right = np.concatenate([inner, [numbers[_MAXIMUM]]])
    return Histogram(left, right, counts[first : last + 1], numbers[_SUM], numbers[_SQUARES])


def _from_tensor(data: bytes) -> Histogram:
    """Read a tensor of floats with a row of three for each interval."""
    values = tensors.floats(tensors.parse(data, 0, len(data)))
    if values is None or len(values) % 3:
        raise WireError("no rows of three numbers")
    left, right, counts = values.reshape(-1, 3).T.copy()
    return Histogram.of_intervals(left, right, counts)


_NONE: Floats = np.empty(0, dtype=np.float64)


def _doubles(raw: bytes) -> Floats:
    if len(raw) % 8:
        raise WireError("no whole numbers of eight bytes")
    return np.frombuffer(raw, "<f8").astype(np.float64)
