"""From a table to series, and to notes on what was left out of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from advisor.formats.segments import repeats
from advisor.formats.tables.cells import Mask, Numbers, meant, numbers
from advisor.formats.tables.reading import losses, refused
from advisor.formats.tables.rounding import rounded
from advisor.formats.tables.table import Table
from advisor.notes import Note, NoteKind, note
from advisor.run import Floats, Segments, Series
from advisor_csv.axis import Placing
from advisor_csv.clock import wall_times
from advisor_csv.segments import segments

_Number = TypeVar("_Number", bound=np.generic)


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
    made.notes.extend(rounded(made.series))
    return made


def _add(made: Content, rows: _Rows, tag: str, cells: Sequence[str]) -> None:
    column = numbers(cells)
    taken = column.present & rows.placing.known
    if column.refused and (column.present.any() or meant(cells, column.refused)):
        made.notes.append(refused(rows.file, rows.table, cells, column.refused, tag))
    if taken.any():
        made.series[tag] = _series(rows, tag, column, taken)


def _series(rows: _Rows, tag: str, column: Numbers, taken: Mask) -> Series:
    """Make a series of the rows that are taken; columns without a gap share their steps."""
    which = None if taken.all() else np.flatnonzero(taken)
    return Series(
        tag,
        _some(rows.placing.steps, which),
        _some(column.values, which),
        None if rows.times is None else _some(rows.times, which),
        _some(rows.segments, which) if rows.segments.any() else None,
        rows.placing.axis,
    )


def _some(column: npt.NDArray[_Number], which: npt.NDArray[np.intp] | None) -> npt.NDArray[_Number]:
    """Return some rows, or all, as an array that cannot be written to and so need no copy."""
    taken: npt.NDArray[_Number] = column if which is None else column[which]
    taken.flags.writeable = False
    return taken


def _unplaced(rows: _Rows) -> Iterator[Note]:
    """Note the rows that have values but no step."""
    column = rows.placing.column
    if column is not None and not rows.placing.known.all():
        cells = rows.table.column(column)
        unknown = tuple(np.flatnonzero(~rows.placing.known).tolist())
        yield refused(rows.file, rows.table, cells, unknown, column)


def _table_notes(rows: _Rows) -> Iterator[Note]:
    if rows.placing.guessed:
        yield note(NoteKind.STEP_GUESSED, axis=rows.placing.guessed)
    yield from losses(rows.file, rows.table)


def _step_notes(series: dict[str, Series], rows: _Rows) -> Iterator[Note]:
    begins = np.flatnonzero(np.diff(rows.segments) > 0) + 1
    if rows.placing.column is not None:
        for step in rows.placing.steps[begins].tolist():
            yield note(NoteKind.RESTARTED, step=step)
    again = {tag: count for tag, one in series.items() if (count := repeats(one))}
    if again:
        yield note(NoteKind.DUPLICATE_STEPS, *again, count=sum(again.values()))
