"""The rows of a saved history, from CSV, JSON lines or Parquet, as plain values by column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.notes import Note, NoteKind, note
from advisor.reader import Unreadable
from advisor.tables.cells import number
from advisor.tables.reading import losses, table_of
from advisor.tables.table import Table

PARQUET = b"PAR1"
_EXACT = 2.0**53
"""Below this a float is exact for every whole number."""


@dataclass(slots=True)
class Taken:
    """What was taken from a file."""

    rows: Iterable[Mapping[str, Any]]
    notes: list[Note] = field(default_factory=list)


def read(base: Path, file: str) -> Taken:
    """Read ``file``, relative to ``base``. Raises ``Unreadable``."""
    if file.lower().endswith(".parquet"):
        return Taken(_parquet(base / file, file))
    if file.lower().endswith((".jsonl", ".ndjson")):
        return _lines(base / file, file)
    table = table_of(base, file)
    return Taken(_cells(table), list(losses(file, table)))


def _cells(table: Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table; an empty cell is nothing logged."""
    for cells in zip(*table.columns, strict=True):
        named = zip(table.header, cells, strict=True)
        yield {name: _cell(cell) for name, cell in named if cell}


def _cell(cell: str) -> Any:
    value = number(cell)
    if value is None:
        return cell
    # Beyond this a float has lost digits that the text still has.
    return int(cell) if abs(value) >= _EXACT and cell.lstrip("+-").isdigit() else value


def _lines(path: Path, file: str) -> Taken:
    """Read JSON lines; what is none is left out, and noted by where it begins."""
    found: list[dict[str, Any]] = []
    lost, first, cut, place = 0, None, None, 0
    for line in _raw(path, file).splitlines(keepends=True):
        row = _object(line)
        if row is not None:
            found.append(row)
        elif line.strip() and not line.endswith((b"\n", b"\r")):
            cut = place
        elif line.strip():
            lost, first = lost + len(line), place if first is None else first
        place += len(line)
    taken = Taken(found)
    if first is not None:
        taken.notes.append(note(NoteKind.DAMAGED, file=file, offset=first, lost=lost))
    if cut is not None:
        taken.notes.append(note(NoteKind.TRUNCATED, file=file, offset=cut))
    return taken


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _raw(path: Path, file: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        raise Unreadable(file, f"cannot be opened ({why})", "make it readable") from error


def _parquet(path: Path, file: str) -> Iterator[dict[str, Any]]:
    try:
        import polars as pl
    except ImportError as error:
        cure = "run `pip install 'tuning-advisor[tables]'`, or save the history as CSV"
        raise Unreadable(file, "is a Parquet file, which needs polars", cure) from error
    try:
        table = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unreadable(file, f"cannot be read as Parquet ({why})", "export it again") from error
    rows = table.iter_rows(named=True)
    return ({name: value for name, value in row.items() if value is not None} for row in rows)
