"""Large tables, read by polars where that gives exactly what ``table.parse`` gives.

Whatever is out of the ordinary (quotes, blank lines, another header further down, rows that do
not fit, bytes that are no UTF-8) is left to ``table.parse``, which says what it is.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from advisor.formats.tables import lines
from advisor.formats.tables.cells import missing, number, numbers
from advisor.formats.tables.encoding import decode
from advisor.formats.tables.parsed import Numbers, Parsed
from advisor.formats.tables.table import Loss, Start, Table, parse, start

if TYPE_CHECKING:
    import polars as pl

LARGE = 6 << 20
"""Bytes from which on a table is read sooner by polars, whose import alone takes 0.2 s."""

_HEAD = 1 << 20
SAMPLE = 64
"""Lines that the kinds of the columns are guessed from; more than the delimiter is chosen from."""

_ODD = (b'"', b"\0")
"""What stands in no plain cell: ``table.parse`` reads more into it."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the parts of a file are."""

    begin: Start
    sample: bytes
    """The header, what stands before it, and the first rows."""
    body: int
    """Byte at which the rows begin."""


@dataclass(frozen=True, slots=True)
class _Body:
    """The rows of a file up to its last line break."""

    data: bytes
    rows: int
    width: int
    mark: str

    def frame(self, texts: Sequence[int], only: int | None = None) -> pl.DataFrame:
        """Read all columns, or one: those in ``texts`` as text, the others as numbers.

        Raises polars' errors where a cell is no number, or a row is too long.
        """
        import polars as pl

        kinds = {str(n): pl.String if n in texts else pl.Float64 for n in range(self.width)}
        return pl.read_csv(
            self.data,
            has_header=False,
            schema=kinds,
            columns=None if only is None else [only],
            separator=self.mark,
            quote_char=None,
        )

    def text(self, column: int) -> list[str]:
        """Return the cells of a column as stripped text."""
        return _strip(self.frame(range(self.width), column).to_series(0))


def read(path: Path) -> Table | None:
    """Read a large table; ``None`` if it is small or irregular, or if polars is not installed."""
    try:
        with path.open("rb", buffering=0) as stream:
            if os.fstat(stream.fileno()).st_size < LARGE:
                return None
            return _regular(stream)
    except (ImportError, OSError):
        return None


def _regular(stream: FileIO) -> Table | None:
    layout = _layout(stream.read(_HEAD))
    first = parse(layout.sample) if layout else None
    if layout is None or first is None or first.lost:
        return None
    stream.seek(layout.body)
    data = stream.read()
    end = data.rfind(b"\n") + 1
    last = _with_last_row(layout, first, data[end:])
    if last is None:
        return None
    data = data if end == len(data) else data[:end]
    if layout.begin.mark != "," and b"," in data:
        return None  # it may be a decimal comma
    body = _Body(data, data.count(b"\n"), len(first.header), layout.begin.mark)
    columns = _columns(body, [index for index, cells in enumerate(first.columns) if _text(cells)])
    return None if columns is None else _joined(layout, body, columns, last)


def _layout(head: bytes) -> _Layout | None:
    """Find the header in the head of a file; ``None`` if its form is not clear from there."""
    text = decode(head[: head.rfind(b"\n") + 1])
    if text is None or text.encoding != "utf-8" or "\ufffd" in text.content:
        return None
    listed = lines.split(text.content)
    begin = start(listed)
    if begin is None or len(listed) <= begin.line + SAMPLE:
        return None
    body = text.size(lines.start(text.content, begin.line + 1))
    sample = text.size(lines.start(text.content, begin.line + 1 + SAMPLE))
    return _Layout(begin, head[:sample], body)


def _with_last_row(layout: _Layout, first: Table, rest: bytes) -> Table | None:
    """Parse the first rows and what stands behind the last line break, which may be cut."""
    text = decode(rest)
    if text is None or text.encoding != "utf-8":
        return None
    last = parse(layout.sample + rest)
    fits = last is not None and last.header == first.header and len(last) <= len(first) + 1
    return last if fits else None


def _text(cells: Sequence[str]) -> bool:
    """Tell whether a cell is neither a number nor empty."""
    return any(cell and number(cell) is None for cell in cells)


def _columns(body: _Body, texts: Sequence[int]) -> list[Parsed] | None:
    """Read the columns; ``None`` if the rows are not regular."""
    frame = _frame(body, texts)
    if frame is None and len(texts) < body.width:
        frame = _frame(body, range(body.width))
    if frame is None or frame.height != body.rows:
        return None
    columns = [Parsed(_numbers(one), _reading(body, n)) for n, one in enumerate(frame)]
    return columns if _each_row_has_a_number(columns) else None


def _frame(body: _Body, texts: Sequence[int]) -> pl.DataFrame | None:
    from polars.exceptions import PanicException, PolarsError

    if texts and not _plain(body.data):
        return None
    try:
        return body.frame(texts)
    except (PolarsError, PanicException):
        return None


def _plain(data: bytes) -> bool:
    """Tell whether cells of text hold nothing that only ``table.parse`` understands."""
    if any(mark in data for mark in _ODD) or data.count(b"\r") != data.count(b"\r\n"):
        return False
    try:
        return data.isascii() or bool(data.decode())
    except UnicodeDecodeError:
        return False


def _reading(body: _Body, column: int) -> Callable[[], list[str]]:
    return lambda: body.text(column)


def _strip(series: pl.Series) -> list[str]:
    return [(cell or "").strip() for cell in series.to_list()]


def _numbers(series: pl.Series) -> Numbers:
    """Return the cells of a column as numbers; a null is an empty cell."""
    import polars as pl

    found = series.cast(pl.Float64, strict=False)
    # One copy, which is numpy's own: a view of polars' memory would be copied once more.
    values = np.concatenate([chunk.to_numpy() for chunk in found.get_chunks()])
    if not found.null_count():
        return Numbers(values, np.ones(len(values), dtype=bool), ())
    present = found.is_not_null().to_numpy()
    odd = (series.is_not_null() & found.is_null()).arg_true()
    return _with_odd(Numbers(values, present, ()), odd.to_list(), _strip(series.gather(odd)))


def _with_odd(known: Numbers, rows: list[int], cells: list[str]) -> Numbers:
    """Add the cells that polars knows no number for: padded ones, other digits, text."""
    if not rows:
        return known
    values, present = known.values.copy(), known.present.copy()
    refused: list[int] = []
    for row, cell in zip(rows, cells, strict=True):
        value = number(cell)
        if value is not None:
            values[row], present[row] = value, True
        elif not missing(cell):
            refused.append(row)
    return Numbers(values, present, tuple(refused))


def _each_row_has_a_number(columns: Sequence[Parsed]) -> bool:
    """Tell whether no row can be blank, or a header again."""
    some = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        some |= column.numbers.present
        if some.all():
            return True
    return False


def _joined(layout: _Layout, body: _Body, columns: list[Parsed], last: Table) -> Table:
    """Put the last row behind the others, with what is to be said of it."""
    extra = len(last) - SAMPLE
    rows = body.rows + extra
    shift = layout.body + len(body.data) - len(layout.sample)
    cells = [column[SAMPLE:] for column in last.columns]
    return Table(
        last.header,
        tuple(map(_extended, columns, cells)) if extra else tuple(columns),
        range(layout.begin.line + 1, layout.begin.line + 1 + rows),
        array("i", bytes(4 * rows)),
        last.preamble,
        Loss(last.lost.offset + shift, last.lost.size) if last.lost else None,
        None if last.cut is None else last.cut + shift,
    )


def _extended(column: Parsed, more: Sequence[str]) -> Parsed:
    """Return a column with more cells behind."""
    one, two = column.numbers, numbers(more)
    refused = (*one.refused, *(row + len(column) for row in two.refused))
    joined = Numbers(
        np.concatenate([one.values, two.values]),
        np.concatenate([one.present, two.present]),
        refused,
    )
    return Parsed(joined, lambda: [*column.text, *more])
