"""Styled text for rich. Nothing from a log is read as markup, and nothing controls a terminal."""

from __future__ import annotations

from rich.text import Text

from advisor.finding import Severity
from advisor.language import shown
from advisor.presentation import shown_name
from advisor.text import Message, clean, spans

LONGEST_SENTENCE = 1_000
"""Characters of a sentence that are shown; those of the built-in rules stay far below."""

NAME = "cyan"
QUIET = "dim"
STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.NOTE: "bold blue",
    None: "green",
}


def sentence(said: Message | str, style: str = "") -> Text:
    """Write a finished sentence; its names are told apart by colour, where there is any."""
    text = clean(shown(said), LONGEST_SENTENCE)
    return Text.assemble(*((s.text, NAME if s.code else style) for s in spans(text)))


def name(text: str, longest: int = 60) -> Text:
    """Write a name from a log."""
    return Text(shown_name(text, longest), NAME)
