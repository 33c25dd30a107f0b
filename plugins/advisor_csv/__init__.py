"""The CSV reader: tables with one row per step, whoever wrote them.

``advisor.formats.tables`` makes a table of text cells of bytes, and numbers of cells;
a dialect says whose table it is, and ``axis`` what its steps are.
"""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.wording.catalogues import Translations
from advisor_csv.reader import CsvReader


@hookimpl
def register_readers() -> tuple[CsvReader, ...]:
    """Return the one reader of this plugin."""
    return (CsvReader(),)


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
