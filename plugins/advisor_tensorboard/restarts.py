"""Where writing began anew: start marks, steps that go back, and files written at one time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from advisor.run import Segments, Steps
from advisor_tensorboard.held import Column, Start

_NEVER = np.iinfo(np.int64).max
_NONE = np.empty(0, dtype=np.int64)
_Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """The points of one tag in one file, and the file's place in the order of writing."""

    file: int
    column: Column


class Marks:
    """The start marks of all files of a directory, in the order of writing.

    A mark at step ``s`` voids every point that was written before it at step ``s`` or later:
    TensorBoard's rule for files of version 2 (``EventAccumulator._CheckForRestartAndMaybePurge``).
    """

    def __init__(self, files: Sequence[Sequence[Start]]) -> None:
        self._offsets = [np.array([start.offset for start in starts], np.int64) for starts in files]
        self._first = np.cumsum([0, *(len(starts) for starts in files)])
        steps = np.array([start.step for starts in files for start in starts] + [_NEVER], np.int64)
        # A point falls to the lowest of the marks behind it.
        self._lowest = np.minimum.accumulate(steps[::-1])[::-1]

    def purge(self, piece: Piece) -> tuple[Piece, Steps]:
        """Return the points that no mark voids, and the steps of the marks that voided others."""
        offsets, marks = piece.column.offsets, self._offsets[piece.file]
        lowest = self._lowest[self._first[piece.file] :]
        if not len(offsets) or lowest[marks.searchsorted(offsets[0])] == _NEVER:
            return piece, _NONE  # no mark lies behind the first point
        limit = lowest[marks.searchsorted(offsets)]
        kept = piece.column.steps < limit
        if kept.all():
            return piece, _NONE
        return Piece(piece.file, take(piece.column, kept)), np.unique(limit[~kept])


def take(column: Column, kept: npt.NDArray[np.bool_]) -> Column:
    """Return the rows of ``column`` that are marked in ``kept``."""
    return Column(
        column.steps[kept],
        column.values[kept],
        column.wall_times[kept],
        column.offsets[kept],
        column.tensor,
    )


def at_once(files: Sequence[Mapping[str, Column]]) -> set[tuple[int, int]]:
    """Return the pairs of files, earlier and later, that were written at the same time.

    They are where tags that both hold were logged in hours that overlap by more than half of
    the shorter. Less is no proof: clocks of two machines differ, and a killed writer may live
    on for some seconds beside its successor.
    """
    if len(files) < 2:
        return set()
    spans = [{tag: _span(column) for tag, column in columns.items()} for columns in files]
    whole = [_union(found.values()) for found in spans]
    return {
        (earlier, later)
        for later in range(len(files))
        for earlier in range(later)
        if _overlap(whole[earlier], whole[later]) > 0 and _share(spans[earlier], spans[later])
    }


def first_process(
    pieces: Sequence[Piece], together: set[tuple[int, int]]
) -> tuple[list[Piece], int]:
    """Leave out pieces of files written at the same time as an earlier one that is kept.

    Returns what is left and the number of processes that wrote at once.
    """
    kept: list[Piece] = []
    left_out: Counter[int] = Counter()
    for piece in pieces:
        beside = [one.file for one in kept if (one.file, piece.file) in together]
        left_out.update(beside[:1])
        if not beside:
            kept.append(piece)
    return kept, 1 + max(left_out.values(), default=0)


def _share(one: Mapping[str, _Span], other: Mapping[str, _Span]) -> bool:
    common = one.keys() & other.keys()
    first = _union(one[tag] for tag in common)
    second = _union(other[tag] for tag in common)
    shorter = min(first[1] - first[0], second[1] - second[0])
    return bool(common) and _overlap(first, second) > max(0.0, 0.5 * shorter)


def _overlap(first: _Span, second: _Span) -> float:
    return min(first[1], second[1]) - max(first[0], second[0])


def _union(spans: Iterable[_Span]) -> _Span:
    found = list(spans)
    return (min(s[0] for s in found), max(s[1] for s in found)) if found else (0.0, 0.0)


def _span(column: Column) -> _Span:
    walls = column.wall_times[np.isfinite(column.wall_times)]
    return (float(walls.min()), float(walls.max())) if len(walls) else (0.0, 0.0)


def writers(steps: Steps) -> Segments:
    """Return which writer wrote each row of one file: they change where the steps go back.

    Steps go back where at least two rows of the same writer lie at or beyond the new step. One
    row beyond it is a value that was logged late, not a restart.
    """
    found = np.zeros(len(steps), dtype=np.int32)
    if len(steps) < 2 or (steps[1:] >= steps[:-1]).all():
        return found
    writer, highest, second = 0, -_NEVER, -_NEVER
    for row, step in enumerate(steps.tolist()):
        if step < highest and step <= second:
            writer, highest, second = writer + 1, step, -_NEVER
        elif step >= highest:
            highest, second = step, highest
        else:
            second = max(second, step)
        found[row] = writer
    return found


def restart_steps(steps: Steps, segments: Segments) -> dict[int, int]:
    """Return the first step of each segment that begins at or before an earlier one's last."""
    numbers, first = np.unique(segments, return_index=True)
    lowest = np.minimum.reduceat(steps, first)
    reached = np.maximum.accumulate(np.maximum.reduceat(steps, first))
    back = np.flatnonzero(lowest[1:] <= reached[:-1]) + 1
    return {int(numbers[place]): int(lowest[place]) for place in back}
