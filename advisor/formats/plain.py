"""Settings as text (YAML, JSON, a printed ``dict``, a Markdown table) made into plain values.

All of it comes from logs. No object is constructed, no code is run, no alias, nesting or merge
key can multiply what was written, and every failure is one exception with its reason.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from advisor.model import Value
from advisor.text import told

LONGEST = 1 << 20
"""Characters of a settings text that are read at most; usual ones have some thousands."""
_LONGEST_LITERAL = 20_000
MOST_VALUES = 5_000
"""Values taken from one text; the label maps of large models are what comes near it."""
MOST_CHARACTERS = 4 * LONGEST
"""Characters of names and values that are taken from one text, with ``_ITEM`` for each item of a
list. What a text spells once fits: of ``LONGEST`` it has half as many items at most."""
_ITEM = 6
_DEEPEST = 16
_WIDEST_INT = 128
_FENCE = re.compile(r"\A```\w*\n(.*)\n```\Z", re.DOTALL)


class NotPlain(ValueError):
    """A text that holds no settings, or more than can be taken."""


def too_long() -> str:
    """Say that a text is longer than is read."""
    return told("it has more than {longest:step} characters", longest=LONGEST)


def from_yaml(text: str, left_out: Callable[[str], object] = lambda _why: None) -> Any:
    """Load YAML as plain data: ``!!python/tuple [1, 2]`` gives a list. Raises ``NotPlain``.

    Where a part of it has no plain form, ``left_out`` is told why, and the rest is returned.
    """
    # Most logs have no settings in YAML, and importing its parser takes as long as many a log.
    from advisor.formats import yaml_text

    if len(text) > LONGEST:
        raise NotPlain(too_long())
    try:
        return yaml_text.load(text, left_out)
    except yaml_text.NotYaml as error:
        raise NotPlain(str(error)) from error


def from_text(text: str) -> dict[Any, Any] | None:
    """Return the settings that a logged text spells; ``None`` if it is any other text."""
    stripped = text.strip()
    fenced = _FENCE.match(stripped)
    body = fenced.group(1).strip() if fenced else stripped
    if len(body) > LONGEST:
        return None
    if body.startswith("{"):
        return _from_json(body) or _from_literal(body)
    return _from_table(body) if body.startswith("|") else None


def flatten(value: Any, prefix: str = "") -> Iterator[tuple[str, Value]]:
    """Yield the settings in nested data by dotted path; a flat list is one value.

    An empty key stands for the level itself: for the class of an object in YAML. Raises
    ``NotPlain`` where there are more than ``MOST_VALUES`` of ``MOST_CHARACTERS`` or they nest too
    deep, after those that were yielded.
    """
    yield from _flatten(value, prefix, 0, _Left())


class _Left:
    """How much may still be taken from one text, however often its aliases say it."""

    def __init__(self) -> None:
        self._values, self._characters = MOST_VALUES, MOST_CHARACTERS

    def take(self, path: str) -> None:
        """Take a level or a value at ``path``. Raises ``NotPlain`` if it is one too many."""
        self._values -= 1
        self._characters -= len(path)
        self._check()

    def take_value(self, value: Value) -> None:
        """Take what is written there. Raises ``NotPlain`` if that is too long."""
        items = value if isinstance(value, tuple) else (value,)
        texts = (item for item in items if isinstance(item, str))
        self._characters -= _ITEM * len(items) + sum(map(len, texts))
        self._check()

    def _check(self) -> None:
        if self._values < 0:
            text = "it has more than {most:step} values; the rest was left out"
            raise NotPlain(told(text, most=MOST_VALUES))
        if self._characters < 0:
            text = "it comes to more than {most:step} characters; the rest was left out"
            raise NotPlain(told(text, most=MOST_CHARACTERS))


def _flatten(value: Any, path: str, depth: int, left: _Left) -> Iterator[tuple[str, Value]]:
    left.take(path)
    if depth > _DEEPEST:
        text = "it nests deeper than {deepest:step} levels; the rest was left out"
        raise NotPlain(told(text, deepest=_DEEPEST))
    if isinstance(value, dict):
        items = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, list | tuple | set) and not _flat(value):
        items = [(str(place), item) for place, item in enumerate(value)]
    else:
        plain = _plain(value)
        left.take_value(plain)
        yield path, plain
        return
    for key, item in items:
        below = f"{path}.{key}" if path and key else path or key
        yield from _flatten(item, below, depth + 1, left)


def _flat(values: Any) -> bool:
    return len(values) <= MOST_VALUES and not any(
        isinstance(value, dict | list | tuple | set) for value in values
    )


def _plain(value: Any) -> Value:
    if isinstance(value, list | tuple | set):
        return tuple(_plain_scalar(item) for item in value)
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> bool | int | float | str | None:
    if isinstance(value, int) and value.bit_length() > _WIDEST_INT:
        return f"an integer of {value.bit_length():,} bits"
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def _from_json(body: str) -> dict[Any, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _from_literal(body: str) -> dict[Any, Any] | None:
    """Read a printed ``dict``. Only displays of constants pass ``literal_eval``."""
    if len(body) > _LONGEST_LITERAL:
        return None
    try:
        found = ast.literal_eval(body)
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None
    return found if isinstance(found, dict) else None


def _from_table(body: str) -> dict[Any, Any] | None:
    """Read a Markdown table of two columns under a header, the way CleanRL logs settings."""
    rows = [line.strip().strip("|").split("|", 1) for line in body.splitlines()]
    if len(rows) < 3 or any(len(row) != 2 for row in rows) or set("".join(rows[1])) - set(":- "):
        return None
    return {key.strip(): _cell(value.strip()) for key, value in rows[2:]}


def _cell(text: str) -> Any:
    words = {"True": True, "False": False, "None": None}
    if text in words:
        return words[text]
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
