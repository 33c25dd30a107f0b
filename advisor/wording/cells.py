"""Columns of text in a terminal, where a Chinese character takes two of them."""

from __future__ import annotations

from rich.cells import cell_len


def padded(text: str, width: int) -> str:
    """Return a text with blanks after it, so that it takes at least so many columns.

    A negative width puts the blanks before it.
    """
    blanks = " " * (abs(width) - cell_len(text))
    return blanks + text if width < 0 else text + blanks
