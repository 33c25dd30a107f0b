"""Reads what trainings print: nanoGPT, llm.c, torchtune, and any lines of keys and numbers.

``pairs`` finds numbers and their names in a line, a module of ``dialects`` says what the lines of
one trainer mean, ``parts`` tells runs and restarts apart, and ``content`` makes series.
"""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.reader import Reader
from advisor.wording.catalogues import Translations
from advisor_textlog.reader import TextLogReader


@hookimpl
def register_readers() -> tuple[Reader, ...]:
    """Return the one reader of this plugin."""
    return (TextLogReader(),)


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
