"""Runs as a few arrays, and back: what the cache keeps of them.

All columns of one type lie one behind the other in one array; what is no number is one JSON
document. A column that several series share is kept once. What a reader keeps of growing files
has columns of its own making, an array each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import NonNegativeInt

from advisor.caching.memory import Kept
from advisor.model import Document
from advisor.notes import Note
from advisor.reader import Progress
from advisor.run import Axis, ConfigValue, Run, Series

Arrays = dict[str, npt.NDArray[Any]]

RUNS = "runs"
TYPES: dict[str, type[np.generic]] = {"steps": np.int64, "floats": np.float64, "segments": np.int32}
"""The names of the arrays of numbers, and what is in them."""
FILES = "files"


class _StoredSeries(Document):
    """A series, and where its columns begin in the arrays."""

    tag: str
    axis: Axis
    length: NonNegativeInt
    steps: NonNegativeInt
    values: NonNegativeInt
    wall_times: NonNegativeInt | None
    segments: NonNegativeInt | None


class _StoredRun(Document):
    name: str
    source: str
    files: tuple[str, ...]
    config: dict[str, ConfigValue]
    notes: tuple[Note, ...]
    series: tuple[_StoredSeries, ...]


class _Stored(Document):
    runs: tuple[_StoredRun, ...]


class _Shelf:
    """The columns of one type."""

    def __init__(self) -> None:
        self.columns: list[npt.NDArray[Any]] = []
        self._places: dict[int, int] = {}
        self._end = 0

    def put(self, column: npt.NDArray[Any]) -> int:
        """Keep a column, and return where it begins."""
        place = self._places.get(id(column))
        if place is None:
            place = self._places.setdefault(id(column), self._end)
            self.columns.append(column)
            self._end += len(column)
        return place


def pack(runs: Sequence[Run]) -> Arrays:
    """Return runs as arrays. Raises ``ValueError`` for what would not come back as it is."""
    shelves = {name: _Shelf() for name in TYPES}
    stored = _Stored(runs=tuple(_stored(run, shelves) for run in runs))
    document = stored.model_dump_json().encode()
    if repr(_Stored.model_validate_json(document)) != repr(stored):
        raise ValueError("JSON has no form for some of it")
    arrays: Arrays = {RUNS: np.frombuffer(document, dtype=np.uint8)}
    for name, shelf in shelves.items():
        # The empty array in front gives the type where there is no column.
        arrays[name] = np.concatenate([np.empty(0, TYPES[name]), *shelf.columns])
    return arrays


def unpack(arrays: Mapping[str, npt.NDArray[Any]]) -> tuple[Run, ...]:
    """Return the runs in arrays. Raises ``ValueError`` or ``KeyError`` for what ``pack`` left not.

    The arrays of the series are copies.
    """
    stored = _Stored.model_validate_json(arrays[RUNS].tobytes())
    for name, kind in TYPES.items():
        if arrays[name].dtype != kind:
            raise ValueError(f"{name} holds {arrays[name].dtype}, not {np.dtype(kind)}")
    return tuple(_run(each, arrays) for each in stored.runs)


def _stored(run: Run, shelves: Mapping[str, _Shelf]) -> _StoredRun:
    return _StoredRun(
        name=run.name,
        source=run.source,
        files=run.files,
        config=dict(run.config),
        notes=run.notes,
        series=tuple(_stored_series(one, shelves) for one in run.series.values()),
    )


def _stored_series(series: Series, shelves: Mapping[str, _Shelf]) -> _StoredSeries:
    times, segments = series.wall_times, series.segments
    return _StoredSeries(
        tag=series.tag,
        axis=series.axis,
        length=len(series),
        steps=shelves["steps"].put(series.steps),
        values=shelves["floats"].put(series.values),
        wall_times=None if times is None else shelves["floats"].put(times),
        segments=None if segments is None else shelves["segments"].put(segments),
    )


def _run(stored: _StoredRun, arrays: Mapping[str, npt.NDArray[Any]]) -> Run:
    series = (_series(one, arrays) for one in stored.series)
    return Run(
        stored.name,
        {one.tag: one for one in series},
        stored.config,
        stored.source,
        stored.files,
        stored.notes,
    )


def _series(stored: _StoredSeries, arrays: Mapping[str, npt.NDArray[Any]]) -> Series:
    def column(name: str, begin: int) -> npt.NDArray[Any]:
        return arrays[name][begin : begin + stored.length]

    times, segments = stored.wall_times, stored.segments
    series = Series(
        stored.tag,
        column("steps", stored.steps),
        column("floats", stored.values),
        None if times is None else column("floats", times),
        None if segments is None else column("segments", segments),
        stored.axis,
    )
    if len(series) != stored.length:
        raise ValueError(f"{stored.tag}: {len(series)} values instead of {stored.length}")
    return series


class _StoredFile(Document):
    """The progress of one file; its columns are arrays named by numbers from ``first`` on."""

    offset: NonNegativeInt
    fingerprint: str
    words: str
    columns: tuple[str, ...]
    first: NonNegativeInt


class _StoredFiles(Document):
    files: dict[str, _StoredFile]


def pack_kept(kept: Mapping[str, Kept]) -> Arrays:
    """Return what is known of files as arrays. Raises ``ValueError`` for what JSON has no form for.

    Words come back as JSON has them: a tuple as a list.
    """
    arrays: Arrays = {}
    files = {}
    for file, one in kept.items():
        columns = one.progress.columns
        files[file] = _StoredFile(
            offset=one.progress.offset,
            fingerprint=one.fingerprint,
            words=_json(one.progress.words),
            columns=tuple(columns),
            first=len(arrays),
        )
        arrays |= {str(at): column for at, column in enumerate(columns.values(), len(arrays))}
    document = _StoredFiles(files=files).model_dump_json().encode()
    return arrays | {FILES: np.frombuffer(document, dtype=np.uint8)}


def unpack_kept(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, Kept]:
    """Return what is known of files. Raises ``ValueError`` or ``KeyError`` as ``unpack`` does."""
    stored = _StoredFiles.model_validate_json(arrays[FILES].tobytes())
    return {file: _kept(one, arrays) for file, one in stored.files.items()}


def _kept(stored: _StoredFile, arrays: Mapping[str, npt.NDArray[Any]]) -> Kept:
    columns = {name: arrays[str(at)] for at, name in enumerate(stored.columns, stored.first)}
    for column in columns.values():
        column.flags.writeable = False
    return Kept(Progress(stored.offset, json.loads(stored.words), columns), stored.fingerprint)


def _json(words: Mapping[str, Any]) -> str:
    # Python's own form keeps NaN, infinity, large integers and lone surrogates.
    try:
        return json.dumps(words)
    except (TypeError, RecursionError) as error:
        raise ValueError(str(error)) from error
