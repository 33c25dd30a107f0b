"""How the JSON of a report is spelled: short, and harmless wherever it is shown."""

from __future__ import annotations

import re
from typing import Any

_NUMBERS = re.compile(r'\[\n[^\[\]{}"]*\]')
"""A list of numbers that is written over several lines; no string holds a line break."""
_STEERING = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
"""C1 controls, bidirectional marks and line separators; JSON itself escapes the C0 controls."""


def spelled(text: str) -> str:
    """Return JSON with each list of numbers on one line, and nothing that steers a terminal."""
    text = _NUMBERS.sub(lambda match: "".join(match.group().split()), text)
    return _STEERING.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def without_halves(value: Any) -> Any:
    """Replace halves of characters (lone surrogates) anywhere in plain data."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {without_halves(key): without_halves(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(without_halves(item) for item in value)
    return value
