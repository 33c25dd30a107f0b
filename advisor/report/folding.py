"""JSON in which each value stands once, however often it occurs: what a page holds of a report.

A compressor of a browser looks back 32 kB only, and what a study of many runs repeats lies farther
apart. The values come after those that they are made of; the last one is the whole.
"""

from __future__ import annotations

import json
from typing import Any

LIST, NUMBERS, EXACT = -1, -2, -3
"""What the first number of an array says that it holds, where that is no shape of an object:
places of items, numbers as they are, or one number as text that a browser would write differently.
"""
SAFE = 2**53
"""Beyond, a browser has no whole numbers."""
LONGEST = 300_000_000
"""Characters of a document; a few bytes can name one that fills any memory."""

_SEPARATORS = (",", ":")


def folded(document: Any) -> str:
    """Return a JSON document in the short form."""
    folder = _Folder()
    folder.place(document)
    return json.dumps({"shapes": folder.shapes, "values": folder.values}, separators=_SEPARATORS)


class _Folder:
    """The different values found so far, and where each is."""

    def __init__(self) -> None:
        self.shapes: list[tuple[str, ...]] = []
        self.values: list[Any] = []
        self._numbers: dict[tuple[str, ...], int] = {}
        self._places: dict[Any, int] = {}

    def place(self, value: Any) -> int:
        """Return the place of a value, which is put there if it is new."""
        if isinstance(value, str):
            return self._put(value, str)
        if isinstance(value, dict):
            return self._put((self._shape(tuple(value)), *map(self.place, value.values())))
        if isinstance(value, list):
            if value and all(_plain_number(item) for item in value):
                # As text, too: without it, [1] would be [1.0], and [0.0] be [-0.0].
                return self._put((NUMBERS, *value), str(value))
            return self._put((LIST, *map(self.place, value)))
        # Without its type, true would be 1, and 1 would be 1.0.
        return self._put((EXACT, repr(value)) if _exact(value) else value, type(value))

    def _put(self, value: Any, kind: type | str = tuple) -> int:
        known = self._places.setdefault((kind, value), len(self.values))
        if known == len(self.values):
            self.values.append(value)
        return known

    def _shape(self, keys: tuple[str, ...]) -> int:
        known = self._numbers.setdefault(keys, len(self.shapes))
        if known == len(self.shapes):
            self.shapes.append(keys)
        return known


def _plain_number(value: Any) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < SAFE
    return value is None or whole or isinstance(value, float)


def _exact(value: Any) -> bool:
    """Tell a number that a browser would not give back as it is: 1.0 as 1, a large one rounded."""
    if isinstance(value, bool):
        return False
    return isinstance(value, float) or (isinstance(value, int) and abs(value) >= SAFE)


def unfolded(text: str | bytes) -> str:
    """Return the document as JSON on one line. Raises ``ValueError`` for what is no short form."""
    try:
        found = json.loads(text)
        shapes = [[json.dumps(key) for key in shape] for shape in found["shapes"]]
        made: list[str] = []
        room = LONGEST
        for value in found["values"]:
            made.append(_written(value, shapes, made, room))
            room -= len(made[-1])
        return made[-1]
    except (KeyError, TypeError, IndexError, RecursionError) as error:
        raise ValueError(f"it is not what advisor wrote ({type(error).__name__})") from error


def _written(value: Any, shapes: list[list[str]], made: list[str], room: int) -> str:
    if not isinstance(value, list):
        return json.dumps(value)
    kind, *rest = value
    if kind == NUMBERS:
        return json.dumps(rest, separators=_SEPARATORS)
    if kind == EXACT:
        return json.dumps(json.loads(rest[0]))
    items = [made[place] for place in rest]
    if sum(map(len, items)) > room:
        raise ValueError(f"it is longer than {LONGEST:,} characters")
    if kind == LIST:
        return f"[{','.join(items)}]"
    pairs = zip(shapes[kind], items, strict=True)
    return f"{{{','.join(f'{key}:{item}' for key, item in pairs)}}}"
