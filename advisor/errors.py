"""The errors that end a command, each with its exit code."""

from __future__ import annotations

from collections.abc import Iterable

TYPE_CHECKING = False  # as in ``advisor``
if TYPE_CHECKING:
    from typing import Any

    from advisor.text import Message


class UsageError(Exception):
    """What the user asked for cannot be done; the message says why and what to do. Exit code 2.

    Made of an English template and what its fields hold, it is said in the language that is
    spoken where it is shown.
    """

    def __init__(self, template: str, **params: Any) -> None:
        super().__init__(template)
        self.params = params

    def __str__(self) -> str:
        """Return the message."""
        # What writes a template takes longer to import than `--help` may take.
        from advisor.language import tell

        return tell(self.args[0], **self.params)


def nearest(word: str, known: Iterable[str]) -> Message | str:
    """Return ``; did you mean 'x'?`` for the nearest known word, or nothing if none is near."""
    import difflib

    from advisor.text import message

    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return message("hint", "; did you mean '{word:given}'?", word=matches[0]) if matches else ""


def known_names(names: Iterable[str]) -> Message:
    """Return ``; known: x, y``, for where no known word is near."""
    from advisor.text import message

    return message("hint", "; known: {names:given}", names=", ".join(names))


def system_reason(error: OSError) -> str:
    """Return what the system says of a file that could not be used: ``permission denied``."""
    return (error.strerror or type(error).__name__).lower()
