"""Numbers and their names in a printed line."""

from __future__ import annotations

import re
from typing import NamedTuple

NUMBER = r"[+-]?(?>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|nan|inf(?:inity)?)"
"""What Python and C print for a number; ``nan`` and ``inf`` are values."""
_UNIT = r"(?:ms|us|s|sec|secs|seconds|min|h|%|ppl|it/s|tok/s|[KMG]i?B)?"
"""Behind a number: the number is kept as it was printed."""
_END = r"(?![\w.:/%+-])"
"""No number goes on: ``12:30``, ``1/10``, ``2024-01-01`` and ``1.2.3`` are none."""
# A word begins where none goes on, and is taken whole: else a long line takes quadratic time.
_WORD = r"(?<![\w./@%-])[^\W\d][\w./@%-]*+(?:\([\w.%@]{1,12}\))?"

SPELLED = re.compile(
    rf"(?P<key>{_WORD}(?:[ \t]{_WORD}){{0,3}})[ \t]*[:=][ \t]*(?P<number>{NUMBER}){_UNIT}{_END}",
    re.IGNORECASE,
)
"""``key: number`` and ``key=number``, with a key of at most four words."""
_SPACED = re.compile(
    rf"(?P<key>{_WORD}(?:[ \t]{_WORD}){{0,3}}?)[ \t:=]+(?P<number>{NUMBER})[ \t]*{_UNIT}",
    re.IGNORECASE,
)


class Pair(NamedTuple):
    """One number with its name, as printed."""

    key: str
    text: str

    @property
    def value(self) -> float:
        """The number."""
        return float(self.text)

    @property
    def decimals(self) -> int | None:
        """Digits behind the point; ``None`` where that says nothing, as in ``1e-05``."""
        return (
            len(self.text.partition(".")[2]) if re.fullmatch(r"[+-]?\d*\.\d+", self.text) else None
        )


def spelled(text: str) -> tuple[Pair, ...]:
    """Return the pairs with ``:`` or ``=`` in a text, wherever they stand."""
    return tuple(Pair(m["key"], m["number"]) for m in SPELLED.finditer(text))


def listed(text: str, separator: str) -> tuple[Pair, ...]:
    """Return the pairs of a list such as ``loss 1.5, time 3ms``; what is no pair is left out."""
    found = (_SPACED.fullmatch(part.strip()) for part in text.split(separator))
    return tuple(Pair(m["key"], m["number"]) for m in found if m)
