"""Several event files of one directory become one set of series.

A writer that starts again opens a new file in the same directory, so files in the order of
their names are segments of one run, unless they were written at the same time: then they come
from the processes of one job.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from advisor.formats.segments import repeats
from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Segments, Series
from advisor_tensorboard import restarts
from advisor_tensorboard.held import EventFile
from advisor_tensorboard.records import Loss
from advisor_tensorboard.restarts import Marks, Piece

MOST_RESTARTS = 20
"""Restarts that are noted; of more, those at the lowest steps stand for all."""
KERAS_PREFIX = "epoch_"
"""Keras names the metrics of an epoch so, and its steps count epochs."""
_PLACEHOLDER = "hp_metric"
_ENVIRONMENT = (
    frozenset({"time/fps", "rollout/ep_rew_mean"}),  # Stable-Baselines3
    frozenset({"charts/SPS", "charts/episodic_return"}),  # CleanRL
)


_Number = TypeVar("_Number", bound=np.generic)


class Named(NamedTuple):
    """A decoded event file and its path relative to LOGS."""

    name: str
    held: EventFile


class Merged(NamedTuple):
    """The series of one directory and what is to be known about them."""

    series: dict[str, Series]
    notes: list[Note]
    keras: bool
    """Whether there are series that only a Keras callback writes."""


def in_order(names: Sequence[str]) -> list[str]:
    """Sort the names of event files by the time in them; ``.10`` comes after ``.9``."""
    return sorted(names, key=lambda name: [_number(part) for part in re.split(r"([0-9]+)", name)])


def merge(files: Sequence[Named]) -> Merged:
    """Join the files of one directory, given in the order of their names."""
    marks = Marks([file.held.starts for file in files])
    together = restarts.at_once([file.held.columns for file in files])
    pieces: dict[str, list[Piece]] = {}
    purged: dict[int, None] = {}
    processes = 1
    for tag, found in _pieces(files).items():
        kept = [marks.purge(piece) for piece in found]
        purged |= {int(step): None for _, steps in kept for step in steps}
        left = [piece for piece, _ in kept if len(piece.column.steps)]
        pieces[tag], count = restarts.first_process(left, together)
        processes = max(processes, count)
    series = _on_environment_steps(dict(_series(pieces)))
    _drop_placeholder(series)
    notes = [
        *_restarted(series, list(purged)),
        *_repeated(series),
        *([note(NoteKind.RANKS, count=processes)] if processes > 1 else []),
        *(found for file in files for found in _damage(file)),
    ]
    return Merged(series, notes, any(s.axis is Axis.EPOCH for s in series.values()))


def _pieces(files: Sequence[Named]) -> dict[str, list[Piece]]:
    found: dict[str, list[Piece]] = {}
    for place, file in enumerate(files):
        for tag, column in file.held.columns.items():
            found.setdefault(tag, []).append(Piece(place, column))
    return found


def _series(pieces: dict[str, list[Piece]]) -> Iterator[tuple[str, Series]]:
    """Yield the series, their writers numbered alike: each file begins a number of its own."""
    local = {
        tag: [restarts.writers(piece.column.steps) for piece in found]
        for tag, found in pieces.items()
    }
    most: dict[int, int] = {}
    for tag, found in pieces.items():
        for piece, numbers in zip(found, local[tag], strict=True):
            most[piece.file] = max(most.get(piece.file, 0), int(numbers.max()) + 1)
    before = {file: sum(count for f, count in most.items() if f < file) for file in most}
    one = sum(most.values()) <= 1
    for tag, found in pieces.items():
        if found:
            shifted = [n + before[p.file] for p, n in zip(found, local[tag], strict=True)]
            yield tag, _one(tag, found, None if one else np.concatenate(shifted).astype(np.int32))


def _one(tag: str, pieces: Sequence[Piece], segments: Segments | None) -> Series:
    columns = [piece.column for piece in pieces]
    keras = columns[0].tensor and tag.startswith(KERAS_PREFIX)
    return Series(
        tag,
        _joined([column.steps for column in columns]),
        _joined([column.values for column in columns]),
        _joined([column.wall_times for column in columns]),
        segments,
        Axis.EPOCH if keras else Axis.STEP,
    )


def _joined(parts: Sequence[npt.NDArray[_Number]]) -> npt.NDArray[_Number]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _on_environment_steps(series: dict[str, Series]) -> dict[str, Series]:
    """Return ``series`` on their axis where a reinforcement-learning library is recognized.

    Stable-Baselines3 and CleanRL pass the number of environment steps to every ``add_scalar``.
    """
    if not any(names <= series.keys() for names in _ENVIRONMENT):
        return series
    return {tag: replace(found, axis=Axis.ENV_STEP) for tag, found in series.items()}


def _drop_placeholder(series: dict[str, Series]) -> None:
    """Leave out the single -1 that Lightning logs so that its settings show in TensorBoard."""
    found = series.get(_PLACEHOLDER)
    if found is not None and found.values.tolist() == [-1.0]:
        del series[_PLACEHOLDER]


def _restarted(series: dict[str, Series], purged: Sequence[int]) -> Iterator[Note]:
    """Note each restart once, at the first step that any series has of it."""
    first: dict[int, int] = {}
    tags: dict[int, list[str]] = {}
    for tag, found in series.items():
        if found.segments is not None:
            for writer, step in restarts.restart_steps(found.steps, found.segments).items():
                first[writer] = min(step, first.get(writer, step))
                tags.setdefault(writer, []).append(tag)
    steps: dict[int, dict[str, None]] = {step: dict.fromkeys(series) for step in purged}
    for writer, step in first.items():
        steps.setdefault(step, {}).update(dict.fromkeys(tags[writer]))
    for step in sorted(steps)[:MOST_RESTARTS]:
        everywhere = len(steps[step]) == len(series)
        yield note(NoteKind.RESTARTED, *(() if everywhere else steps[step]), step=step)


def _repeated(series: dict[str, Series]) -> Iterator[Note]:
    counts = {tag: repeats(found) for tag, found in series.items()}
    affected = {tag: count for tag, count in counts.items() if count}
    if affected:
        yield note(NoteKind.DUPLICATE_STEPS, *affected, count=sum(affected.values()))


def _damage(file: Named) -> Iterator[Note]:
    damaged = [found for found in file.held.damage if found.loss is Loss.DAMAGED]
    if damaged:
        lost = sum(found.lost for found in damaged)
        yield note(NoteKind.DAMAGED, file=file.name, offset=damaged[0].offset, lost=lost)
    for found in file.held.damage:
        name, offset, lost = file.name, found.offset, found.lost
        if found.loss is Loss.TRUNCATED:
            yield note(NoteKind.TRUNCATED, file=name, offset=offset)
        elif found.loss is Loss.TOO_LONG:
            yield note(NoteKind.TOO_LONG, file=name, offset=offset, lost=lost)


def _number(part: str) -> tuple[int, int, str]:
    return (0, int(part), "") if part.isascii() and part.isdigit() else (1, 0, part)
