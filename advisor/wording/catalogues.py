"""Catalogues as files: ``translations/LANGUAGE/*.toml`` in the folder of a package.

A file holds tables, each with English templates as keys and their translations as values, one a
line, as ``python -m advisor.templates`` writes them from the code. Only this form is read: a
parser of all TOML takes longer to load than ``advisor --help`` may take.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping

from advisor.language import ENGLISH, Catalogue, Section

TYPE_CHECKING = False  # as in ``advisor.language``
if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "translations"

Tables = dict[str, dict[str, str]]


class Translations:
    """What a package says in other languages: the files below its folder ``translations``."""

    def __init__(self, package: Path) -> None:
        self.package = package
        """The folder of the package."""

    @property
    def name(self) -> str:
        """The package's name."""
        return self.package.name

    def folder(self, language: str) -> Path:
        """Return where the files of a language lie; a package need not have all languages."""
        return self.package / FOLDER / language

    def read(self, language: str) -> dict[str, Tables]:
        """Return the tables of each file, by its name. Raises ``ValueError`` on a broken file."""
        return _read(os.fspath(self.folder(language)))


def load_catalogue(language: str, translations: Iterable[Translations] = ()) -> Catalogue:
    """Join what advisor itself and several packages say; of equal keys the first one counts."""
    if language == ENGLISH:
        return Catalogue()
    own = os.path.join(os.path.dirname(os.path.dirname(__file__)), FOLDER, language)
    sections: Tables = {}
    for files in (_read(own), *(translation.read(language) for translation in translations)):
        for tables in files.values():
            for name, table in tables.items():
                section = sections.setdefault(name, {})
                section.update({e: own for e, own in table.items() if own and e not in section})
    return Catalogue(language, sections)


def _read(folder: str) -> dict[str, Tables]:
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    files = (name for name in names if name.endswith(".toml"))
    return {name.removesuffix(".toml"): _tables(os.path.join(folder, name)) for name in files}


def _tables(file: str) -> Tables:
    """Read the tables of a file. Raises ``ValueError`` with the line that is broken."""
    tables: Tables = {}
    table: dict[str, str] = {}
    with open(file, encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            try:
                if line.startswith("["):
                    table = tables.setdefault(json.loads(line)[0], {})
                elif line.strip():
                    english, own = _pair(line)
                    table[english] = own
            except (ValueError, TypeError) as error:
                raise ValueError(f"{file}, line {number}: {error}") from error
    return tables


_DECODER = json.JSONDecoder()
_EQUALS = " = "


def _pair(line: str) -> tuple[str, str]:
    """Take ``"key" = "value"`` apart; the escapes of such strings are those of JSON."""
    # Not `json.loads`, which takes twice as long: `advisor --help` reads hundreds of lines.
    english, equals = _DECODER.raw_decode(line)
    own, end = _DECODER.raw_decode(line, equals + len(_EQUALS))
    if line[equals : equals + len(_EQUALS)] != _EQUALS or line[end:].strip():
        raise ValueError('"TEXT" = "TRANSLATION" is wanted')
    if not (isinstance(english, str) and isinstance(own, str)):
        raise TypeError("texts are wanted")
    return english, own


def written(tables: Mapping[str, Section]) -> str:
    """Write the tables of one file as TOML, in the given order."""
    return "\n".join(_table(name, table) for name, table in tables.items())


def _table(name: str, table: Section) -> str:
    lines = (f"{_quoted(english)} = {_quoted(own)}\n" for english, own in table.items())
    return f"[{_quoted(name)}]\n{''.join(lines)}"


def _quoted(text: str) -> str:
    """Write a basic string of TOML; its escapes are those of JSON, but for one more character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
