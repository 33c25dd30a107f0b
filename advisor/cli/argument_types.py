"""The kinds of values that several commands take. Imports nothing heavy, as ``arguments`` does."""

from __future__ import annotations

import argparse


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
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)
