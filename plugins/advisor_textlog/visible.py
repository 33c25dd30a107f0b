"""The lines of a text as a terminal shows them in the end."""

from __future__ import annotations

import re

LONGEST = 1000
"""Characters of a line that is looked at. A longer one is data, and would be slow to search."""
_STEERING = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

Numbered = list[tuple[int, str]]
"""Lines with their numbers, from 1."""


def numbered(content: str) -> Numbered:
    """Return the lines that are not too long, stripped.

    A progress bar writes over its line: only its last state is kept, as it was meant to be seen.
    """
    found = []
    for number, line in enumerate(content.split("\n"), 1):
        shown = line.rstrip().rpartition("\r")[2].rpartition("\b")[2]
        if len(shown) <= LONGEST:
            found.append(
                (number, _STEERING.sub("", shown).strip() if "\x1b" in shown else shown.strip())
            )
    return found


def last_line(content: str) -> tuple[int, int]:
    """Return the number of the last line, and the character at which it starts."""
    return content.count("\n") + 1, content.rfind("\n") + 1
