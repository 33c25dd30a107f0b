"""A metric of the file store: one line ``milliseconds value step`` for each point."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.formats.tables.cells import number
from advisor.notes import Note, NoteKind, note
from advisor_mlflow.points import Points

_FIELDS = frozenset({2, 3, 5})
"""The oldest clients wrote no step; those that log a data set write its name and digest behind."""
_LONGEST_SHOWN = 60
"""Characters of a bad line that are shown."""


def parse(data: bytes, file: str, tag: str) -> tuple[Points, list[Note]]:
    """Read the points of one file, and note what in it is none."""
    *whole, rest = data.split(b"\n")
    points, bad = Points(), []
    for at, line in enumerate(whole, 1):
        if line.strip() and not _add(points, line):
            bad.append(at)
    return points, [*_notes(whole, rest, bad, file, tag)]


def _add(points: Points, line: bytes) -> bool:
    """Add the point of a line; tell whether it holds one."""
    fields = line.decode("utf-8", "replace").split()
    if len(fields) not in _FIELDS:
        return False
    time, value = number(fields[0]), number(fields[1])
    if time is None or value is None:
        return False
    try:
        points.add(int(fields[2]) if len(fields) > 2 else 0, value, time)
    except (ValueError, OverflowError):
        return False
    return True


def _notes(whole: list[bytes], rest: bytes, bad: list[int], file: str, tag: str) -> Iterator[Note]:
    if bad:
        example = whole[bad[0] - 1][:_LONGEST_SHOWN].decode("utf-8", "replace")
        yield note(
            NoteKind.CELLS_REFUSED, tag, file=file, line=bad[0], count=len(bad), example=example
        )
    if rest.strip():
        # The client writes a line and its end at once: what has no end may lack digits.
        yield note(NoteKind.TRUNCATED, tag, file=file, offset=sum(map(len, whole)) + len(whole))
