"""The logged points of one run become series: restarts are told from steps that go back."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from advisor.formats.segments import repeats
from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Series

_BACKWARD = 0.25
"""Share of the points whose step may be lower than their metric's last one, for these to be
restarts; beyond it the steps of that run are in no order. Chosen by eye."""


@dataclass(slots=True)
class Points:
    """The points of one metric, in the order in which they were written."""

    steps: array[int] = field(default_factory=lambda: array("q"))
    values: array[float] = field(default_factory=lambda: array("d"))
    times: array[float] = field(default_factory=lambda: array("d"))
    """Milliseconds since 1970."""

    def add(self, step: int, value: float, time: float) -> None:
        """Append a point. Raises ``OverflowError`` for a step beyond 64 bits."""
        self.steps.append(step)
        self.values.append(value)
        self.times.append(time)

    @property
    def unstepped(self) -> bool:
        """Whether no step was given: MLflow then writes 0 at every point."""
        return len(self.steps) > 1 and not any(self.steps)

    @property
    def goes_back(self) -> bool:
        """Whether a step is lower than the one before."""
        return bool((np.diff(self.steps) < 0).any())


def content(metrics: Mapping[str, Points]) -> tuple[dict[str, Series], list[Note]]:
    """Return the series by tag, and notes on their steps."""
    segments = _segments(metrics)
    series = {tag: _series(tag, each, segments.get(tag)) for tag, each in metrics.items()}
    return series, [*_notes(metrics, series)]


def _series(tag: str, points: Points, segments: array[int] | None) -> Series:
    count = len(points.steps)
    return Series(
        tag,
        np.arange(count, dtype=np.int64) if points.unstepped else np.array(points.steps),
        np.array(points.values, dtype=np.float64),
        np.array(points.times, dtype=np.float64) / 1000,
        np.array(segments, dtype=np.int32) if segments else None,
        Axis.ROW if points.unstepped else Axis.STEP,
    )


def _segments(metrics: Mapping[str, Points]) -> dict[str, array[int]]:
    """Return for each metric which writer wrote each point; nothing if one wrote them all.

    A new writer begins where a metric's step is below its own last one, and has then written
    all points of later times, whatever their metric.
    """
    if not any(points.goes_back for points in metrics.values()):
        return {}
    rows = [
        (time, at, tag, step)
        for tag, points in metrics.items()
        for at, (time, step) in enumerate(zip(points.times, points.steps, strict=True))
    ]
    found: dict[str, array[int]] = {tag: array("i") for tag in metrics}
    last: dict[str, int] = {}
    writer = 0
    for _, _, tag, step in sorted(rows, key=lambda row: row[:2]):
        if step < last.get(tag, step):
            writer += 1
            last.clear()
        last[tag] = step
        found[tag].append(writer)
    return found if writer <= _BACKWARD * len(rows) else {}


def _notes(metrics: Mapping[str, Points], series: Mapping[str, Series]) -> Iterator[Note]:
    unstepped = [tag for tag, points in metrics.items() if points.unstepped]
    if unstepped:
        yield note(NoteKind.STEP_GUESSED, *unstepped, axis="the order of the points")
    for step in _restarts(series):
        yield note(NoteKind.RESTARTED, step=step)
    again = {tag: count for tag, one in series.items() if (count := repeats(one))}
    if again:
        yield note(NoteKind.DUPLICATE_STEPS, *again, count=sum(again.values()))


def _restarts(series: Mapping[str, Series]) -> list[int]:
    """Return the lowest step of each writer but the first, in the order of the writers."""
    begins: dict[int, int] = {}
    for one in series.values():
        if one.segments is not None:
            for writer, step in zip(one.segments.tolist(), one.steps.tolist(), strict=True):
                begins[writer] = min(step, begins.get(writer, step))
    return [begins[writer] for writer in sorted(begins) if writer]
