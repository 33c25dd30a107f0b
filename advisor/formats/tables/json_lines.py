"""JSON lines: one object a line, read one at a time, and what was no object by its offset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, NamedTuple

from advisor.notes import Note, NoteKind, note
from advisor.reader import unopened

LONGEST = 1 << 24
"""Bytes of the longest line that is read: longer than any row of a log."""


def json_object(line: bytes) -> dict[str, Any] | None:
    """Return the object on a line; ``None`` if it holds none.

    Python reads the bare ``NaN`` and ``Infinity`` that loggers write.
    """
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


class Settled(NamedTuple):
    """How far a file is read whatever is appended to it, and what was lost up to there."""

    offset: int = 0
    first: int | None = None
    lost: int = 0


class JsonLines:
    """The objects of a file, line by line; what was lost is known once all were read.

    Reading begins where the file is ``settled``, so that one that grew is gone on with.
    """

    def __init__(self, base: Path, file: str, settled: Settled | None = None) -> None:
        self._path, self._file = base / file, file
        self.settled = settled or Settled()
        """Where to go on once the file has grown: behind the last line that has its end."""
        self._last = b""
        self._cut: int | None = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the objects. Raises ``Unreadable`` if the file cannot be opened or read."""
        yield from self.ended()
        last = self.last()
        if last is not None:
            yield last

    def ended(self) -> Iterator[dict[str, Any]]:
        """Yield the objects on lines that have their end. Raises ``Unreadable``."""
        try:
            with self._path.open("rb") as stream:
                stream.seek(self.settled.offset)
                yield from self._objects(stream)
        except OSError as error:
            raise unopened(self._file, error) from error

    def last(self) -> dict[str, Any] | None:
        """Return the object on a last line without its end, if there is one, after all others."""
        row = json_object(self._last)
        if row is None and self._last.strip():
            self._cut = self.settled.offset
        return row

    def notes(self) -> Iterator[Note]:
        """Note what was left out."""
        if self.settled.first is not None:
            offset, lost = self.settled.first, self.settled.lost
            yield note(NoteKind.DAMAGED, file=self._file, offset=offset, lost=lost)
        if self._cut is not None:
            yield note(NoteKind.TRUNCATED, file=self._file, offset=self._cut)

    def _objects(self, stream: BufferedReader) -> Iterator[dict[str, Any]]:
        offset, first, lost = self.settled
        while line := stream.readline(LONGEST):
            if not line.endswith(b"\n") and len(line) < LONGEST:
                self._last = line
                return
            row = json_object(line)
            if row is None and line.strip():
                lost += len(line)
                first = offset if first is None else first
            offset += len(line)
            self.settled = Settled(offset, first, lost)
            if row is not None:
                yield row
