"""The one table parser: bytes in, columns of text out.

What a table is, is said here and nowhere else; ``large`` only reads regular stretches faster.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from advisor.formats.tables import lines
from advisor.formats.tables.cells import number
from advisor.formats.tables.encoding import Text, decode
from advisor.formats.tables.parsed import Parsed


@dataclass(frozen=True, slots=True)
class Loss:
    """Rows that do not fit the header, which were left out."""

    offset: int
    """Byte at which the first of them starts."""
    size: int
    """Bytes of all of them."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file as columns of text, all of one length."""

    header: tuple[str, ...]
    """Distinct names; a second ``loss`` is ``loss (2)``."""
    columns: tuple[Sequence[str], ...]
    """Stripped cells; where a row is short, its missing cells are empty. A decimal comma is given
    as a point."""
    numbers: Sequence[int]
    """The line on which each row stands, from 1."""
    parts: Sequence[int]
    """How often the header had been repeated before each row."""
    preamble: tuple[str, ...] = ()
    """Lines before the header that start with ``#``, without it."""
    lost: Loss | None = None
    cut: int | None = None
    """Byte at which the last row starts, if the file ends inside it."""

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, rows: list[int]) -> Table:
        """Return some of the rows."""
        return replace(
            self,
            columns=tuple(_take(cells, rows) for cells in self.columns),
            numbers=[self.numbers[row] for row in rows],
            parts=[self.parts[row] for row in rows],
        )

    def column(self, name: str) -> Sequence[str]:
        """Return the cells of a column."""
        return self.columns[self.header.index(name)]


def _take(cells: Sequence[str], rows: list[int]) -> Sequence[str]:
    return cells.take(rows) if isinstance(cells, Parsed) else [cells[row] for row in rows]


@dataclass(frozen=True, slots=True)
class Start:
    """How a table begins."""

    header: list[str]
    mark: str
    """What separates the cells."""
    preamble: tuple[str, ...]
    skipped: int
    """Lines before the header and what may stand between."""
    line: int
    """The (last) line of the header, from 1."""


_DECIMAL = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_NUL = re.compile("\0").search


@dataclass(slots=True)
class _Rows:
    """What is collected row by row."""

    header: list[str]
    order: list[int]
    """For each cell of a row, its column: another header can come further down."""
    names: set[str]
    """Those in the header."""
    cells: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    misfits: list[int] = field(default_factory=list)
    part: int = 0

    def heads(self, cells: list[str]) -> bool:
        """Tell whether a row is a header again: half its names are known, none is a number."""
        if number(cells[0]) is not None:
            return False
        known = sum(cell in self.names for cell in cells if cell)
        return 2 * known >= len(cells) and not any(number(cell) is not None for cell in cells)

    def turn(self, cells: list[str]) -> None:
        """Begin a new part, whose columns are named by ``cells``."""
        names = distinct(cells)
        self.header.extend(name for name in names if name not in self.names)
        self.names.update(names)
        self.order = [self.header.index(name) for name in names]
        self.part += 1

    def add(self, line: int, cells: list[str]) -> None:
        """Add a row, or keep in mind that it does not fit."""
        if any(cells[len(self.order) :]) or any(map(_NUL, cells)):
            self.misfits.append(line)
            return
        if len(cells) != len(self.header) or self.part:
            cells = self._placed(cells)
        self.cells.append(cells)
        self.numbers.append(line)
        self.parts.append(self.part)

    def _placed(self, cells: list[str]) -> list[str]:
        row = [""] * len(self.header)
        for column, cell in zip(self.order, cells, strict=False):
            row[column] = cell
        return row

    def columns(self) -> tuple[list[str], ...]:
        """Return the cells by column; rows from before a column came have none in it."""
        width = len(self.header)
        rows = (row if len(row) == width else row + [""] * (width - len(row)) for row in self.cells)
        return tuple(map(list, zip(*rows, strict=True))) or tuple([] for _ in range(width))


def parse(data: bytes, *, whole: bool = True) -> Table | None:
    """Parse a table; ``None`` if the bytes are no text or hold no header.

    With ``whole=False`` the bytes are the head of a file: its last line, which may be cut,
    is left out.
    """
    text = decode(data)
    if text is None:
        return None
    listed = lines.split(text.content)
    if not whole:
        listed.pop()
    begin = start(listed)
    if begin is None:
        return None
    names = begin.header
    collected = _Rows(list(names), list(range(len(names))), set(names))
    for line, cells in lines.rows(listed[begin.skipped :], begin.mark):
        if line + begin.skipped <= begin.line:
            continue
        if collected.heads(cells):
            collected.turn(cells)
        else:
            collected.add(line + begin.skipped, cells)
    cut = _cut(text, collected, begin.mark) if whole else None
    columns = collected.columns()
    return Table(
        tuple(collected.header),
        _with_points(columns) if begin.mark != "," and _commas(columns) else columns,
        collected.numbers,
        collected.parts,
        begin.preamble,
        _loss(text, collected.misfits),
        cut,
    )


def header(data: bytes, *, whole: bool = True) -> tuple[str, ...]:
    """Return the names with which a table begins; none if the bytes are no text or hold none.

    That is all that many a reader has to know of a file that it does not claim.
    """
    text = decode(data)
    listed = lines.split(text.content) if text else []
    begin = start(listed if whole else listed[:-1])
    return tuple(begin.header) if begin else ()


def start(listed: list[str]) -> Start | None:
    """Find the header among the first lines; ``None`` if there is none."""
    preamble, skipped = _preamble(listed)
    body = listed[skipped:]
    mark = lines.delimiter(body)
    first = next(lines.rows(body, mark), None)
    if first is None:
        return None
    return Start(distinct(first.cells), mark, preamble, skipped, skipped + first.number)


def _preamble(listed: list[str]) -> tuple[tuple[str, ...], int]:
    """Take the comment lines off the front; a header that itself starts with ``#`` stays."""
    at = 0
    while at + 1 < len(listed) and (not listed[at].strip() or _comment(listed, at)):
        at += 1
    found = tuple(line.lstrip("# ").rstrip() for line in listed[:at] if line.strip())
    return found, at


def _comment(listed: list[str], at: int) -> bool:
    line, following = listed[at], listed[at + 1]
    if not line.startswith("#"):
        return False
    # Before numbers, "# epoch loss" is the header; anything else is a remark.
    return line.startswith("#{") or not _number(lines.split(following)[0])


def _number(line: str) -> bool:
    return line.lstrip("+-. \t")[:1].isdigit()


def _cut(text: Text, rows: _Rows, mark: str) -> int | None:
    """Find a last row that ends too early, without a line break, and drop its last cell.

    The cell may be the first digits of a longer number.
    """
    listed = lines.split(text.content)
    last = len(listed)
    if not rows.numbers or rows.numbers[-1] != last or _closed(listed[-1], rows, mark):
        return None
    cells = rows.cells[-1]
    filled = max((index for index, cell in enumerate(cells) if cell), default=-1)
    if filled == max(rows.order) or text.content.endswith(lines.DELIMITERS):
        return None
    cells[filled] = ""
    return text.size(lines.start(text.content, last))


def _closed(line: str, rows: _Rows, mark: str) -> bool:
    """Tell whether a line ends with the quote that closes its last cell: ``"3","0.5",""``."""
    found = next(lines.rows([line], mark), None) if line.endswith('"') else None
    return found is not None and len(found.cells) == len(rows.order)


def _commas(columns: Iterable[Sequence[str]]) -> bool:
    """Tell whether numbers are written with a decimal comma: as spreadsheets do in many countries.

    Every comma must be one, no number may have a point, and one number at least must be more
    than thousands kept apart.
    """
    sure = False
    for cell in chain.from_iterable(columns):
        if "," in cell:
            if not _DECIMAL.fullmatch(cell):
                return False
            sure = sure or not _THOUSANDS.fullmatch(cell)
        elif "." in cell and number(cell) is not None:
            return False
    return sure


def _with_points(columns: Iterable[Sequence[str]]) -> tuple[list[str], ...]:
    return tuple([cell.replace(",", ".") for cell in cells] for cells in columns)


def _loss(text: Text, misfits: list[int]) -> Loss | None:
    if not misfits:
        return None
    listed = lines.split(text.content)
    size = sum(len(listed[number - 1].encode(text.encoding, "surrogatepass")) for number in misfits)
    return Loss(text.size(lines.start(text.content, misfits[0])), size)


def distinct(header: list[str]) -> list[str]:
    """Return the names of columns, stripped of ``#``, with ``(2)`` after a repeated one."""
    seen: Counter[str] = Counter()
    names: dict[str, None] = {}
    for name in (cell.lstrip("# ") for cell in header):
        seen[name] += 1
        unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
        while unique in names:
            seen[name] += 1
            unique = f"{name} ({seen[name]})"
        names[unique] = None
    return list(names)
