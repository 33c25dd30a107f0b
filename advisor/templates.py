"""The English templates of a package, found in its code: the keys of its catalogues.

``python -m advisor.templates`` writes them into the catalogues of every language, keeps what
is translated, leaves what is new empty and drops what is no longer said. ``PACKAGE ...`` names
the packages of other people's plugins to do the same for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import get_args

from advisor.finding import Severity
from advisor.language import ENGLISH, LANGUAGES, Section
from advisor.manager import Plugins, load_plugins
from advisor.notes import NoteKind
from advisor.page import page
from advisor.roles import Direction, Task
from advisor.rule import BaseRule, Nature, Stage
from advisor.run import Axis
from advisor.text import AND_MORE
from advisor.wording.catalogues import Translations, written
from advisor.wording.source_texts import said_in

CORE = Translations(Path(__file__).parent)
"""What advisor itself says, whatever plugins there are."""

WORDS = "words"
"""The file of what belongs to no rule."""

Tables = dict[str, dict[str, list[str]]]
"""By file, and then by section: the English templates, in the order of the code."""


def templates(translations: Translations, rules: Iterable[type[BaseRule]]) -> Tables:
    """Return what a package says in English, where ``rules`` are those of all plugins."""
    found: Tables = {}
    mine = [rule for rule in rules if rule.__module__.partition(".")[0] == translations.name]
    for rule in sorted(mine, key=lambda rule: (rule.stage.rank, rule.name)):
        found.setdefault(rule.stage.value, {})[rule.name] = list(_of_rule(rule))
    if translations.package == CORE.package:
        _add(found, CORE.name, _vocabulary())
        _add(found, "note", (kind.sentence for kind in NoteKind))
    for section, template in said_in(translations.package):
        _add(found, section or translations.name, (template,))
    return found


def _add(found: Tables, section: str, templates: Iterable[str]) -> None:
    listed = found.setdefault(WORDS, {}).setdefault(section, [])
    listed.extend(one for one in templates if one not in listed)


def _of_rule(rule: type[BaseRule]) -> Iterator[str]:
    yield from dict.fromkeys(
        (
            *rule.texts.values(),
            rule.basis,
            page(rule).summary,
            *rule.symptoms,
            *rule.separated_by,
            *(citation.supports for citation in rule.citations),
        )
    )


def _vocabulary() -> Iterator[str]:
    """Yield the words that are names of things in the report's data."""
    yield AND_MORE
    for names in (Severity, Stage, Axis, Task):
        yield from (member.value for member in names)
    yield from (f"{one.value}s" for one in (*Axis, *Severity))
    yield from get_args(Direction)
    yield from (f"all rules of the stage {stage.value}" for stage in Stage)
    yield from (f"all rules on {nature.value}s" for nature in Nature)


def missing(translations: Translations, language: str, found: Tables) -> list[str]:
    """Return the templates that a package's catalogue lacks."""
    known = translations.read(language)
    return [
        template
        for file, sections in found.items()
        for section, listed in sections.items()
        for template in listed
        if not known.get(file, {}).get(section, {}).get(template)
    ]


def _tables(files: Mapping[str, Mapping[str, Section]]) -> Iterator[Section]:
    return (table for file in files.values() for table in file.values())


def update(translations: Translations, language: str, found: Tables) -> None:
    """Write the catalogue anew with just these templates, translated as far as they were."""
    known = translations.read(language)
    everywhere = {e: own for table in _tables(known) for e, own in table.items() if own}
    folder = translations.folder(language)
    folder.mkdir(parents=True, exist_ok=True)
    for file, sections in found.items():
        made: dict[str, Section] = {
            section: {
                one: known.get(file, {}).get(section, {}).get(one) or everywhere.get(one, "")
                for one in listed
            }
            for section, listed in sections.items()
        }
        (folder / f"{file}.toml").write_text(written(made), encoding="utf-8")
    for file in known.keys() - found.keys():
        (folder / f"{file}.toml").unlink()


def translated(plugins: Plugins) -> tuple[Translations, ...]:
    """Return what is translated: advisor itself, and every plugin that says so."""
    return CORE, *plugins.translations.values()


def main(packages: Sequence[str]) -> int:
    """Update the catalogues of some packages, by default of all that advisor brings."""
    plugins = load_plugins(())
    own = Path(CORE.package).parent
    for translations in translated(plugins):
        if not packages and not translations.package.is_relative_to(own):
            continue
        if packages and translations.name not in packages:
            continue
        found = templates(translations, plugins.rules.values())
        for language in (language for language in LANGUAGES if language != ENGLISH):
            update(translations, language, found)
            lacking = len(missing(translations, language, found))
            sys.stdout.write(f"{translations.name} {language}: {lacking} to translate\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
