"""Sentences read back: what stands in a document as plain text, from the template it was made of.

Reasons and causes are kept as English text. A catalogue that has their templates finds them again
and says them in its own language; of what no template gives, the text stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Formatter

_WRITTEN = {
    "name": r"`[^`]*`",
    "names": r"`[^`]*`(?:, `[^`]*`)*(?: and [\d,]+ more)?",
    "step": r"-?[\d,]+",
    "number": r"\S+",
    "percent": r"\S+",
}
"""What fields of a kind look like when they are written; the others may be any text."""


def retold(template: str, own: str, text: str, word: Callable[[str], str]) -> str | None:
    """Say a text that was made of a template by its translation; ``None`` if it was not.

    ``word`` says what stands in the fields, which may be told sentences themselves.
    """
    found = _pattern(template).fullmatch(text)
    if found is None:
        return None
    values = {name: word(value) for name, value in found.groupdict().items()}
    return "".join(_piece(piece, values) for piece in Formatter().parse(own))


def _piece(piece: tuple[str, str | None, str | None, str | None], values: Mapping[str, str]) -> str:
    literal, name, kind, _ = piece
    if name is None:
        return literal
    counted = (kind or "").partition(" ")[2]
    return f"{literal}{values[name]}{' ' if counted else ''}{counted}"


@lru_cache(maxsize=1024)
def _pattern(template: str) -> re.Pattern[str]:
    parts: list[str] = []
    known: set[str] = set()
    for literal, name, kind, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if name is not None:
            parts.append(f"(?P={name})" if name in known else _group(name, kind or ""))
            known.add(name)
    return re.compile("".join(parts), re.DOTALL)


def _group(name: str, field: str) -> str:
    kind, _, words = field.partition(" ")
    if kind == "count":
        return rf"(?P<{name}>-?[\d,]+) (?:{'|'.join(map(re.escape, words.split('|')))})"
    return f"(?P<{name}>{_WRITTEN.get(kind, '.*?')})"
