"""The one table parser: bytes in, columns of text out.

Everything above this module works on columns of text, so that another parser can take its
place for very large files.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from advisor_csv import lines
from advisor_csv.encoding import Text, decode


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
    columns: tuple[list[str], ...]
    """Stripped cells; where a row is short, its missing cells are empty."""
    numbers: list[int]
    """The line on which each row stands, from 1."""
    parts: list[int]
    """How often the header had been repeated before each row."""
    preamble: tuple[str, ...] = ()
    """Lines before the header that start with ``#``, without it."""
    lost: Loss | None = None
    cut: int | None = None
    """Byte at which the last row starts, if the file ends inside it."""

    def __len__(self) -> int:
        return len(self.numbers)

    def column(self, name: str) -> list[str]:
        """Return the cells of a column."""
        return self.columns[self.header.index(name)]


@dataclass(slots=True)
class _Rows:
    """What is collected row by row."""

    width: int
    cells: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    misfits: list[int] = field(default_factory=list)
    part: int = 0

    def add(self, number: int, cells: list[str]) -> None:
        extra = cells[self.width :]
        if any(extra) or any("\0" in cell for cell in cells):
            self.misfits.append(number)
            return
        self.cells.append(cells[: self.width] + [""] * (self.width - len(cells)))
        self.numbers.append(number)
        self.parts.append(self.part)


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
    preamble, skipped = _preamble(listed)
    body = listed[skipped:]
    mark = lines.delimiter(body)
    found = lines.rows(body, mark)
    first = next(found, None)
    if first is None:
        return None
    collected = _Rows(len(first.cells))
    for number, cells in found:
        if cells == first.cells:
            collected.part += 1
        else:
            collected.add(number + skipped, cells)
    return _table(text, first.cells, collected, preamble, whole)


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


def _table(
    text: Text, header: list[str], rows: _Rows, preamble: tuple[str, ...], whole: bool
) -> Table:
    cut = _cut(text, rows) if whole else None
    columns = tuple(list(column) for column in zip(*rows.cells, strict=True))
    return Table(
        _distinct(header),
        columns or tuple([] for _ in header),
        rows.numbers,
        rows.parts,
        preamble,
        _loss(text, rows.misfits),
        cut,
    )


def _cut(text: Text, rows: _Rows) -> int | None:
    """Find a last row that ends too early, without a line break, and drop its last cell.

    The cell may be the first digits of a longer number.
    """
    last = len(lines.split(text.content))
    if not rows.numbers or rows.numbers[-1] != last:
        return None
    cells = rows.cells[-1]
    filled = max((index for index, cell in enumerate(cells) if cell), default=-1)
    if filled == rows.width - 1 or text.content.endswith(lines.DELIMITERS):
        return None
    cells[filled] = ""
    return text.size(lines.start(text.content, last))


def _loss(text: Text, misfits: list[int]) -> Loss | None:
    if not misfits:
        return None
    listed = lines.split(text.content)
    size = sum(len(listed[number - 1].encode(text.encoding, "surrogatepass")) for number in misfits)
    return Loss(text.size(lines.start(text.content, misfits[0])), size)


def _distinct(header: list[str]) -> tuple[str, ...]:
    seen: Counter[str] = Counter()
    names: list[str] = []
    for name in (cell.lstrip("# ") for cell in header):
        seen[name] += 1
        unique = name if seen[name] == 1 else f"{name} ({seen[name]})"
        while unique in names:
            seen[name] += 1
            unique = f"{name} ({seen[name]})"
        names.append(unique)
    return tuple(names)
