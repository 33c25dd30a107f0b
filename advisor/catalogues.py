"""Catalogues as files: ``translations/LANGUAGE/*.toml`` in the folder of a package.

A file holds tables, each with English templates as keys and their translations as values.
``python -m advisor.templates`` writes the keys anew from the code.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from advisor.language import ENGLISH, Catalogue, Section

FOLDER = "translations"


@dataclass(frozen=True, slots=True)
class Translations:
    """What a package says in other languages: the files below its folder ``translations``."""

    package: Path
    """The folder of the package."""

    @property
    def name(self) -> str:
        """The package's name."""
        return self.package.name

    def folder(self, language: str) -> Path:
        """Return where the files of a language lie; a package need not have all languages."""
        return self.package / FOLDER / language

    def read(self, language: str) -> dict[str, dict[str, Section]]:
        """Return the tables of each file, by its name. Raises ``ValueError`` on a broken file."""
        files = sorted(self.folder(language).glob("*.toml"))
        return {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}


CORE = Translations(Path(__file__).parent)
"""What advisor itself says, whatever plugins there are."""


def load_catalogue(language: str, translations: Iterable[Translations]) -> Catalogue:
    """Join what several packages say in a language; of equal keys the first one counts."""
    sections: dict[str, dict[str, str]] = {}
    for translation in (CORE, *translations) if language != ENGLISH else ():
        for tables in translation.read(language).values():
            for name, table in tables.items():
                section = sections.setdefault(name, {})
                section.update({e: own for e, own in table.items() if own and e not in section})
    return Catalogue(language, sections)


def written(tables: Mapping[str, Section]) -> str:
    """Write the tables of one file as TOML, in the given order."""
    return "\n".join(_table(name, table) for name, table in tables.items())


def _table(name: str, table: Section) -> str:
    lines = (f"{_quoted(english)} = {_quoted(own)}\n" for english, own in table.items())
    return f"[{_quoted(name)}]\n{''.join(lines)}"


def _quoted(text: str) -> str:
    """Write a basic string of TOML; its escapes are those of JSON, but for one more character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
