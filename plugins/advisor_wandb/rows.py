"""The rows of a saved history, from CSV, JSON lines or Parquet, as plain values by column."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.formats.tables.cells import number
from advisor.formats.tables.json_lines import JsonLines
from advisor.formats.tables.reading import losses, table_of
from advisor.formats.tables.table import Table
from advisor.language import term
from advisor.notes import Note
from advisor.reader import Unreadable
from advisor.text import told
from advisor_wandb import parquet

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
        lines = JsonLines(base, file)
        rows = list(lines)
        return Taken(rows, list(lines.notes()))
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


def _parquet(path: Path, file: str) -> Iterator[dict[str, Any]]:
    try:
        import polars as pl
    except ImportError as error:
        cure = term("run `pip install 'tuning-advisor[tables]'`, or save the history as CSV")
        raise Unreadable(file, term("is a Parquet file, which needs polars"), cure) from error
    try:
        stream = io.BytesIO(parquet.PROGRAM.ask(path))
    except parquet.Refused as error:
        why = told("cannot be read as Parquet ({why:given})", why=str(error))
        raise Unreadable(file, why, term("export it again")) from error
    except parquet.Ended as error:
        why = term("cannot be read as Parquet: what its bytes say ends the program that reads it")
        raise Unreadable(file, why, term("export it again")) from error
    except OSError as error:
        why = told(
            "is a Parquet file, and no process could be started to read it ({why:given})",
            why=error.strerror or str(error),
        )
        raise Unreadable(file, why, term("save the history as CSV")) from error
    rows = pl.read_ipc_stream(stream).iter_rows(named=True)
    return ({name: value for name, value in row.items() if value is not None} for row in rows)
