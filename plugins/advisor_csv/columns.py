"""From a table to series, and to notes on what was left out of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from advisor.notes import Note, NoteKind, note
from advisor.run import Floats, Segments, Series
from advisor.tables.cells import Numbers, meant, numbers
from advisor.tables.table import Table
from advisor_csv.axis import Placing
from advisor_csv.clock import wall_times
from advisor_csv.segments import segments


@dataclass(slots=True)
class Content:
    """What a table holds."""

    series: dict[str, Series] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the columns of one table share."""

    file: str
    table: Table
    placing: Placing
    segments: Segments
    times: Floats | None


def content(file: str, table: Table, placing: Placing) -> Content:
    """Make a series of every column that holds numbers, in the order of the header."""
    found = segments(table, placing)
    timed = wall_times(table, found)
    rows = _Rows(file, table, placing, found, timed[1] if timed else None)
    made = Content(notes=[*_table_notes(rows), *_unplaced(rows)])
    skipped = {placing.column, timed[0] if timed else None}
    for index, (name, cells) in enumerate(zip(table.header, table.columns, strict=True), 1):
        if name not in skipped:
            _add(made, rows, name or f"column {index}", cells)
    made.notes.extend(_step_notes(made.series, rows))
    return made


def _add(made: Content, rows: _Rows, tag: str, cells: list[str]) -> None:
    column = numbers(cells)
    taken = column.present & rows.placing.known
    if column.refused and (column.present.any() or meant(cells, column.refused)):
        made.notes.append(_refused(rows, cells, column.refused, tag))
    if taken.any():
        made.series[tag] = _series(rows, tag, column, np.flatnonzero(taken))


def _series(
    rows: _Rows, tag: str, column: Numbers, taken: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> Series:
    return Series(
        tag,
        rows.placing.steps[taken],
        column.values[taken],
        None if rows.times is None else rows.times[taken],
        rows.segments[taken] if rows.segments.any() else None,
        rows.placing.axis,
    )


def _refused(rows: _Rows, cells: list[str], refused: tuple[int, ...], *tags: str) -> Note:
    first = refused[0]
    return note(
        NoteKind.CELLS_REFUSED,
        *tags,
        file=rows.file,
        line=rows.table.numbers[first],
        count=len(refused),
        example=cells[first],
    )


def _unplaced(rows: _Rows) -> Iterator[Note]:
    """Note the rows that have values but no step."""
    column = rows.placing.column
    if column is not None and not rows.placing.known.all():
        cells = rows.table.column(column)
        yield _refused(rows, cells, tuple(np.flatnonzero(~rows.placing.known).tolist()), column)


def _table_notes(rows: _Rows) -> Iterator[Note]:
    table = rows.table
    if rows.placing.guessed:
        yield note(NoteKind.STEP_GUESSED, axis=rows.placing.guessed)
    if table.lost:
        lost = table.lost
        yield note(NoteKind.DAMAGED, file=rows.file, offset=lost.offset, lost=lost.size)
    if table.cut is not None:
        yield note(NoteKind.TRUNCATED, file=rows.file, offset=table.cut)


def _step_notes(series: dict[str, Series], rows: _Rows) -> Iterator[Note]:
    begins = np.flatnonzero(np.diff(rows.segments) > 0) + 1
    if rows.placing.column is not None:
        for step in rows.placing.steps[begins].tolist():
            yield note(NoteKind.RESTARTED, step=step)
    repeats = {tag: count for tag, one in series.items() if (count := _repeats(one))}
    if repeats:
        yield note(NoteKind.DUPLICATE_STEPS, *repeats, count=sum(repeats.values()))


def _repeats(series: Series) -> int:
    """Count the values that stand at a step for which their segment has another value.

    The same value again (the epoch, on a training and on a validation row) is no repeat.
    """
    if series.segments is None and (np.diff(series.steps) > 0).all():
        return 0
    segment = np.zeros(len(series), np.int64) if series.segments is None else series.segments
    places = list(zip(segment.tolist(), series.steps.tolist(), strict=True))
    values = series.values.view(np.int64).tolist()
    return len(set(zip(places, values, strict=True))) - len(set(places))
