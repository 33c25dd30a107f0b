"""From the lines of one run to series, and to notes on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from advisor.formats.segments import repeats
from advisor.notes import Note, NoteKind, note
from advisor.run import Axis, Series
from advisor_textlog.dialect import Lines
from advisor_textlog.dialects.generic import measures
from advisor_textlog.pairs import Pair
from advisor_textlog.parts import Part

_COARSE = 0.01
"""The last digit, as a share of the usual value, from which on rounding is noted: a change of a
percent no longer shows. Chosen by eye; finer rounding is below the noise of any loss."""


@dataclass(slots=True)
class _Column:
    """The numbers of one name, and the lines they stand on."""

    rows: list[int] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


def content(part: Part, lines: Lines) -> tuple[dict[str, Series], list[Note]]:
    """Return the series of a run by tag, and notes on their steps and digits."""
    columns = _columns(part)
    steps = np.array([line.step for line in part.lines], dtype=np.int64)
    segments = np.array(part.segments, dtype=np.int32)
    times = np.array([line.time for line in part.lines], dtype=np.float64)
    series = {}
    for tag, column in columns.items():
        rows = np.array(column.rows)
        values = np.array([pair.value for pair in column.pairs])
        timed = times[rows] if np.isfinite(times).all() else None
        resumed = segments[rows] if segments.any() else None
        series[tag] = Series(tag, steps[rows], values, timed, resumed, lines.axis)
    return series, [*_step_notes(part, lines, series), *_rounded(columns, series)]


def _columns(part: Part) -> dict[str, _Column]:
    found: dict[str, _Column] = {}
    for row, line in enumerate(part.lines):
        for pair in line.pairs:
            column = found.setdefault(pair.key, _Column())
            column.rows.append(row)
            column.pairs.append(pair)
    return found


def _step_notes(part: Part, lines: Lines, series: Mapping[str, Series]) -> Iterator[Note]:
    if lines.guessed:
        yield note(NoteKind.STEP_GUESSED, axis=lines.guessed)
    for at in np.flatnonzero(np.diff(part.segments)).tolist():
        yield note(NoteKind.RESTARTED, step=part.lines[at + 1].step)
    # The time is printed with the training loss and again with the validation loss.
    told = (one for tag, one in series.items() if measures(tag) and lines.axis is not Axis.ROW)
    again = {one.tag: count for one in told if (count := repeats(one))}
    if again:
        yield note(NoteKind.DUPLICATE_STEPS, *again, count=sum(again.values()))


def _rounded(columns: Mapping[str, _Column], series: Mapping[str, Series]) -> Iterator[Note]:
    """Note the losses and metrics that were printed with too few digits to show small changes."""
    found: dict[int, list[str]] = {}
    for tag, column in columns.items():
        digits = {pair.decimals for pair in column.pairs if np.isfinite(pair.value)}
        (fixed, *others) = digits or {None}
        if fixed is None or others or not measures(tag):
            continue
        late = np.abs(series[tag].finite().values[-(len(column.rows) // 2 or 1) :])
        if len(late) and 10.0**-fixed >= _COARSE * float(np.median(late)):
            found.setdefault(fixed, []).append(tag)
    for fixed, tags in found.items():
        yield note(NoteKind.ROUNDED, *tags, digits=fixed)
