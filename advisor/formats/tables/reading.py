"""From a file to a table, and what is to be noted of what did not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from advisor.formats.tables import large
from advisor.formats.tables.table import Table, parse
from advisor.language import term
from advisor.notes import Note, NoteKind, note
from advisor.reader import Unreadable, whole_file
from advisor.walk import HEAD, File

_LONGEST_HEADER = 1 << 20
"""Bytes looked at where the header alone is longer than the head of a file."""


def head(file: File) -> bytes:
    """Return the first bytes of a file: enough for its header and a row, if that can be."""
    if file.size <= HEAD or file.head.count(b"\n") > 1:
        return file.head
    try:
        with file.absolute.open("rb") as stream:
            return stream.read(_LONGEST_HEADER)
    except OSError:
        return file.head


def absent(data: bytes) -> tuple[str, str] | None:
    """Say why a file whose first bytes are ``data`` holds nothing at all, and what to do."""
    if not data.strip():
        return term("the file is empty"), term("let the run log at least one step")
    if data.startswith(b"version https://git-lfs"):
        return term("a Git LFS pointer, not the file itself"), term("run `git lfs pull`")
    return None


def table_of(base: Path, file: str) -> Table:
    """Parse the table in ``file``, relative to ``base``. Raises ``Unreadable`` if it has none."""
    table = large.read(base / file) or parse(whole_file(base, file))
    if table is None:
        raise Unreadable(
            file, term("not a table of text"), term("name the log as the training wrote it")
        )
    if not len(table):
        raise Unreadable(file, term("a header without rows"), "let the run log at least one step")
    return table


def refused(
    file: str, table: Table, cells: Sequence[str], rows: tuple[int, ...], *tags: str
) -> Note:
    """Note the cells of a column, at ``rows``, that are not what the column holds."""
    return note(
        NoteKind.CELLS_REFUSED,
        *tags,
        file=file,
        line=table.numbers[rows[0]],
        count=len(rows),
        example=cells[rows[0]],
    )


def losses(file: str, table: Table) -> Iterator[Note]:
    """Note the rows that were left out, and a last row that ends too early."""
    if table.lost:
        yield note(NoteKind.DAMAGED, file=file, offset=table.lost.offset, lost=table.lost.size)
    if table.cut is not None:
        yield note(NoteKind.TRUNCATED, file=file, offset=table.cut)
