"""Parsers in the reader's language, and the kinds of values that several commands take.

Imports nothing heavy, as ``arguments`` does.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable

from advisor.language import kept, tell, word

TYPE_CHECKING = False  # as in ``advisor``
if TYPE_CHECKING:
    from typing import Any, NoReturn

ARGPARSE_SAYS = (
    kept("the following arguments are required: {names:given}"),
    kept("unrecognized arguments: {names:given}"),
    kept("argument {name:given}: expected one argument"),
    kept("argument {name:given}: invalid choice: {value:given} (choose from {known:given})"),
    kept("argument {name:given}: invalid int value: {value:given}"),
    kept("argument {name:given}: {what:given}"),
)
"""What argparse finds wrong, as far as it is translated; of several that fit the first holds."""

_WORDS = r"(?:[!-~]+ ?|.)[，。；：、）”]*"
"""What stays on one line: a word of letters, or one Chinese character, and what closes it."""


class Help(argparse.RawDescriptionHelpFormatter):
    """Help whose lines are broken where they are wide, whatever the script."""

    def __init__(self, prog: str) -> None:
        # What argparse would ask for the width takes a tenth of the time for help to import.
        super().__init__(prog, width=_columns() - 2)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Add the usage."""
        super().add_usage(usage, actions, groups, word("usage: ") if prefix is None else prefix)

    def _split_lines(self, text: str, width: int) -> list[str]:
        if text.isascii():
            return super()._split_lines(text, width)
        lines = [""]
        for piece in re.findall(_WORDS, text):
            if _cells(lines[-1] + piece.rstrip()) > width:
                lines.append("")
            lines[-1] += piece
        return lines


def _columns() -> int:
    """Return how wide the terminal is, as ``shutil.get_terminal_size`` does."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _cells(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    import unicodedata

    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the language that is spoken when it is made."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": Help, **options}, add_help=False)
        self._positionals.title = word("positional arguments")
        self._optionals.title = word("options")
        self.add_argument(
            "-h",
            "--help",
            action="help",
            default=argparse.SUPPRESS,
            help=word("show this help message and exit"),
        )

    def error(self, message: str) -> NoReturn:
        """Say how the command is used and what is wrong, and end with exit code 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {word('error: ')}{word(message)}\n")


def listed(
    group: argparse._ArgumentGroup | argparse.ArgumentParser, flag: str, metavar: str, what: str
) -> None:
    """Add an option that takes several values, with commas or again and again."""
    group.add_argument(
        flag, action="extend", type=_comma_separated, metavar=metavar, help=what, default=None
    )


def _comma_separated(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def positive(text: str) -> int:
    """Read a whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        said = tell("'{text:given}' is no whole number above 0", text=text)
        raise argparse.ArgumentTypeError(said)
    return int(text)
