"""Names: their natural order, and telling equal ones apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container


def natural(text: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sort key that counts: ``version_2`` comes before ``version_10``."""
    pieces = []
    for piece in re.split(r"(\d+)", text):
        # Digits are compared as text, the longer number last: a name may hold thousands of them.
        digits = piece.lstrip("0") if piece.isdecimal() else None
        pieces.append((1, 0, piece) if digits is None else (0, len(digits), digits))
    return pieces, text


def free(name: str, taken: Container[str]) -> str:
    """Return the name, or the first of ``name#2``, ``name#3`` … that is not taken."""
    numbered = (f"{name}#{number}" for number in itertools.count(2))
    return next(each for each in itertools.chain((name,), numbered) if each not in taken)
