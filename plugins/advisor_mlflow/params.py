"""Parameters: MLflow keeps all of them as text, which becomes numbers where it spells one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from advisor.formats.plain import NotPlain, flatten, from_text
from advisor.model import Value
from advisor.notes import Note, NoteKind, note
from advisor.run import ConfigValue

_WORDS: dict[str, bool | None] = {"True": True, "False": False, "None": None}
_INT = re.compile(r"[+-]?\d{1,18}")
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?(nan|inf)")


class Params:
    """The parameters of one run, and what could not be read of them."""

    def __init__(self) -> None:
        self.values: dict[str, ConfigValue] = {}
        self.notes: list[Note] = []

    def add(self, key: str, text: str, file: str, origin: str) -> None:
        """Add a parameter that ``file`` holds. A printed dictionary gives one value per entry."""
        try:
            for path, value in _plain(key, text):
                self.values[path] = ConfigValue(value=value, origin=origin)
        except NotPlain as error:
            self.refuse(file, str(error))

    def refuse(self, file: str, why: str) -> None:
        """Note a file whose parameters could not be read."""
        self.notes.append(note(NoteKind.CONFIG_UNREADABLE, file=file, why=why))


def _plain(key: str, text: str) -> Iterator[tuple[str, Value]]:
    nested = from_text(text) if text.startswith("{") else None
    if nested:
        yield from flatten(nested, key)
    else:
        yield key, scalar(text)


def scalar(text: str) -> bool | int | float | str | None:
    """Return what Python's ``str`` made this text of, as far as that is plain."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
