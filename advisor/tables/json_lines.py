"""JSON lines: one object a line, read one at a time, and what was no object by its offset."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any

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


class JsonLines:
    """The objects of a file, line by line; what was lost is known once all were read."""

    def __init__(self, base: Path, file: str) -> None:
        self._path, self._file = base / file, file
        self._first: int | None = None
        self._lost = 0
        self._cut: int | None = None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the objects. Raises ``Unreadable`` if the file cannot be opened or read."""
        try:
            with self._path.open("rb") as stream:
                yield from self._objects(stream)
        except OSError as error:
            raise unopened(self._file, error) from error

    def notes(self) -> Iterator[Note]:
        """Note what was left out."""
        if self._first is not None:
            yield note(NoteKind.DAMAGED, file=self._file, offset=self._first, lost=self._lost)
        if self._cut is not None:
            yield note(NoteKind.TRUNCATED, file=self._file, offset=self._cut)

    def _objects(self, stream: BufferedReader) -> Iterator[dict[str, Any]]:
        offset = 0
        while line := stream.readline(LONGEST):
            row = json_object(line)
            if row is not None:
                yield row
            elif line.strip():
                self._lose(line, offset)
            offset += len(line)

    def _lose(self, line: bytes, offset: int) -> None:
        if not line.endswith(b"\n") and len(line) < LONGEST:
            self._cut = offset
            return
        self._lost += len(line)
        if self._first is None:
            self._first = offset
