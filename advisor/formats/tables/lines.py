"""From text to rows of cells: the delimiter, the quotes, and where each row stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

DELIMITERS = (",", "\t", ";", "|")
"""What separates cells, the likeliest first: an equal count goes to the earlier one."""

_SAMPLE = 20
"""Rows that the choice of a delimiter looks at."""

_BREAK = re.compile(r"\r\n|\r|\n")


class Line(NamedTuple):
    """One row of cells, stripped of the spaces that pad them."""

    number: int
    """Of the (last) line it stands on, from 1."""
    cells: list[str]


def split(text: str) -> list[str]:
    """Split text at line feeds, carriage returns and both together, and nowhere else."""
    return _BREAK.split(text)


def start(text: str, number: int) -> int:
    """Return the character offset at which line ``number`` (from 1) starts."""
    breaks = islice(_BREAK.finditer(text), number - 2, None) if number > 1 else iter(())
    return next((found.end() for found in breaks), 0 if number <= 1 else len(text))


def delimiter(lines: list[str]) -> str:
    """Choose the delimiter that makes the most columns that the rows agree on.

    A comma inside numbers (``1;0,5``) makes rows longer than the header, so the share of
    rows that are as long as the header weighs first.
    """
    sample = [line for line in lines if line.strip()][:_SAMPLE]
    return max(DELIMITERS, key=lambda mark: _agreement(sample, mark))


def _agreement(sample: list[str], mark: str) -> tuple[bool, float, int]:
    widths = [len(cells) for _, cells in rows(sample, mark)]
    if not widths or widths[0] < 2:
        return False, 0.0, 0
    same = sum(width == widths[0] for width in widths) / len(widths)
    return True, round(same, 1), widths[0]


def rows(lines: list[str], mark: str) -> Iterator[Line]:
    """Split lines into cells; a quoted cell may span lines if its row then fits the header.

    A quote that is never closed would swallow all that follows: where a row of several
    lines is not as long as the first row, its lines are taken one by one.
    """
    at, width = 0, 0
    while at < len(lines):
        taken, cells = _row(lines, at, mark)
        if taken > 1 and width and len(cells) != width:
            taken, cells = 1, _single(lines[at], mark)
        at += taken
        if any(cells):
            width = width or len(cells)
            yield Line(at, cells)


def _row(lines: list[str], at: int, mark: str) -> tuple[int, list[str]]:
    line = lines[at]
    if '"' not in line:
        return 1, [cell.strip() for cell in line.split(mark)]
    # Ten lines are more than any cell of a log spans.
    reader = csv.reader(lines[at : at + 10], delimiter=mark, skipinitialspace=True)
    try:
        cells = next(reader)
    except (csv.Error, StopIteration):
        return 1, _single(line, mark)
    return reader.line_num, [cell.strip() for cell in cells]


def _single(line: str, mark: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=mark, skipinitialspace=True), [])
    except csv.Error:
        # Only a cell beyond the csv module's limit of 128 KiB comes here.
        cells = line.split(mark)
    return [cell.strip() for cell in cells]
