"""The settings that lie beside a log, in YAML or JSON, each with the place it was read from."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from advisor.formats import plain
from advisor.language import term
from advisor.model import Value
from advisor.notes import Note, NoteKind, note
from advisor.run import ConfigValue
from advisor.text import told, valid

YAML = (".yaml", ".yml")


class Configs:
    """The settings of one run; what was found first stays. What cannot be read is noted."""

    def __init__(self) -> None:
        self.values: dict[str, ConfigValue] = {}
        self.notes: list[Note] = []

    def add(self, found: Any, file: str) -> None:
        """Add nested data that ``file`` holds; each origin is the file and the path in it."""
        if not isinstance(found, dict):
            self.refuse(file, term("it holds no names"))
            return
        try:
            self._put(plain.flatten(found), file)
        except plain.NotPlain as error:
            self.refuse(file, str(error))

    def add_file(self, base: Path, file: str) -> None:
        """Add the YAML or JSON in ``file``, relative to ``base``."""
        try:
            found = load(base / file)
        except (OSError, plain.NotPlain) as error:
            self.refuse(file, getattr(error, "strerror", None) or str(error))
            return
        self.add(found, file)

    def refuse(self, file: str, why: str) -> None:
        """Note that ``file`` could not be read in full."""
        self.notes.append(note(NoteKind.CONFIG_UNREADABLE, file=file, why=why))

    def _put(self, items: Iterable[tuple[str, Value]], file: str) -> None:
        for path, value in items:
            text = valid(value) if isinstance(value, str) else value
            name = valid(path)
            self.values.setdefault(name, ConfigValue(value=text, origin=f"{file}:{name}"))


def load(path: Path) -> Any:
    """Return the plain data in a file of YAML or, by its name, of JSON.

    Raises ``OSError`` if it cannot be read, and ``plain.NotPlain`` if it holds something else.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        text = stream.read(plain.LONGEST + 1)
    return plain.from_yaml(text) if path.suffix in YAML else _json(text)


def _json(text: str) -> Any:
    if len(text) > plain.LONGEST:
        raise plain.NotPlain(plain.too_long())
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        why = told("not JSON ({why:given})", why=type(error).__name__)
        raise plain.NotPlain(why) from error
