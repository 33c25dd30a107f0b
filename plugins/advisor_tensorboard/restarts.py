"""Where writing began anew: start marks, steps that go back, and files written at one time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from advisor.run import Segments, Series, Steps
from advisor_tensorboard.decode import Column, Start

_NEVER = np.iinfo(np.int64).max


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
        behind = np.searchsorted(self._offsets[piece.file], piece.column.offsets)
        limit = self._lowest[self._first[piece.file] + behind]
        kept = piece.column.steps < limit
        if kept.all() or not len(kept):
            return piece, np.empty(0, dtype=np.int64)
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


def first_process(pieces: Sequence[Piece]) -> tuple[list[Piece], int]:
    """Leave out pieces written at the same time as an earlier one, by other processes of a job.

    Returns what is left and the number of processes. Two files count as written at one time
    where their wall times overlap by more than half of the shorter: clocks of two machines may
    differ a little, and a killed writer may live on for some seconds beside its successor.
    """
    kept: list[tuple[Piece, int]] = []
    for piece in pieces:
        for place, (earlier, count) in enumerate(kept):
            if _at_once(earlier.column, piece.column):
                kept[place] = earlier, count + 1
                break
        else:
            kept.append((piece, 1))
    return [piece for piece, _ in kept], max((count for _, count in kept), default=1)


def _at_once(one: Column, other: Column) -> bool:
    first, second = _span(one), _span(other)
    shared = min(first[1], second[1]) - max(first[0], second[0])
    return shared > 0.5 * min(first[1] - first[0], second[1] - second[0]) and shared > 0


def _span(column: Column) -> tuple[float, float]:
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


def repeats(series: Series) -> int:
    """Return how many rows differ from a later row of the same writer at the same step."""
    order = np.argsort(series.steps, kind="stable")
    if series.segments is not None:
        order = order[np.argsort(series.segments[order], kind="stable")]
    steps, values = series.steps[order], series.values[order]
    differing = (values[1:] != values[:-1]) & ~(np.isnan(values[1:]) & np.isnan(values[:-1]))
    again = (steps[1:] == steps[:-1]) & differing
    if series.segments is not None:
        again &= series.segments[order][1:] == series.segments[order][:-1]
    return int(again.sum())
