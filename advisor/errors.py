"""The errors that end a command, each with its exit code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UsageError(Exception):
    """What the user asked for cannot be done; the message says why and what to do. Exit code 2."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` for the nearest known word, or nothing if none is near."""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {matches[0]!r}?" if matches else ""


def system_reason(error: OSError) -> str:
    """Return what the system says of a file that could not be used: ``permission denied``."""
    return (error.strerror or type(error).__name__).lower()
