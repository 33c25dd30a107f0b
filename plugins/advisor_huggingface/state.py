"""A Trainer's state: one JSON object that holds the whole history, read even where it is cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from advisor.formats.tables.json_lines import json_object
from advisor.notes import Note, NoteKind, note
from advisor.reader import whole_file

_LIST = re.compile(rb'"log_history"\s*:\s*\[')
_ROW = re.compile(rb"\{[^{}]*\}?")
# The Trainer indents by two.
_SCALAR = re.compile(rb'^  ("\w+"): (-?[\d.eE+]+|"[^"\n]*"),?\s*$', re.MULTILINE)


@dataclass(slots=True)
class State:
    """What a file holds."""

    rows: list[dict[str, Any]]
    fields: dict[str, Any]
    """Everything but the rows."""
    notes: list[Note] = field(default_factory=list)


def load(base: Path, file: str) -> State:
    """Load the state in ``file``, relative to ``base``. Raises ``Unreadable``."""
    data = whole_file(base, file)
    whole = json_object(data)
    if whole is None:
        return _salvage(file, data)
    history = whole.pop("log_history", None)
    rows = history if isinstance(history, list) else []
    return State([row for row in rows if isinstance(row, dict)], whole)


def _salvage(file: str, data: bytes) -> State:
    """Take the rows that are whole out of a file that is not."""
    found = _LIST.search(data)
    state = State([], dict(_scalars(data)))
    end, lost, first = found.end() if found else 0, 0, None
    for piece in _ROW.finditer(data, end):
        row = json_object(piece.group())
        if row is not None and "step" in row:
            state.rows.append(row)
            end = piece.end()
        elif row is None and piece.group().endswith(b"}"):
            lost += len(piece.group())
            first = piece.start() if first is None else first
    if first is not None:
        state.notes.append(note(NoteKind.DAMAGED, file=file, offset=first, lost=lost))
    else:
        state.notes.append(note(NoteKind.TRUNCATED, file=file, offset=end))
    return state


def _scalars(data: bytes) -> Iterator[tuple[str, Any]]:
    for name, value in _SCALAR.findall(data):
        try:
            yield json.loads(name), json.loads(value)
        except ValueError:
            continue
