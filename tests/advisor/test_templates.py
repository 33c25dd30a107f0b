"""The catalogues are complete, and say of every template what it says."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from advisor.language import ENGLISH, LANGUAGES
from advisor.manager import Plugins, load_plugins
from advisor.templates import CORE, Tables, missing, templates, translated, update
from advisor.text import fields, spans
from advisor.wording.catalogues import Translations

ROOT = Path(__file__).parents[2]

CURE = "translate them in the files that `python -m advisor.templates` writes anew"

PACKAGES = sorted(path.parent.name for path in ROOT.glob("[apr]*/**/translations"))


@cache
def plugins() -> Plugins:
    """Load the plugins once."""
    return load_plugins(())


@cache
def said(name: str) -> tuple[Translations, Tables]:
    """Return what a package says."""
    found = {translations.name: translations for translations in translated(plugins())}
    return found[name], templates(found[name], plugins().rules.values())


def others() -> tuple[str, ...]:
    return tuple(language for language in LANGUAGES if language != ENGLISH)


def test_every_package_with_a_catalogue_declares_it() -> None:
    assert sorted(translations.name for translations in translated(plugins())) == PACKAGES


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.parametrize("language", others())
def test_everything_that_is_said_is_translated(language: str, name: str) -> None:
    translations, found = said(name)
    lacking = missing(translations, language, found)
    assert not lacking, f"{len(lacking)} templates of {name}, such as {lacking[0]!r}: {CURE}"


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.parametrize("language", others())
def test_nothing_is_translated_that_is_no_longer_said(language: str, name: str) -> None:
    translations, found = said(name)
    keys = {
        (file, section, template)
        for file, sections in translations.read(language).items()
        for section, table in sections.items()
        for template in table
    }
    known = {(f, s, t) for f, sections in found.items() for s, ts in sections.items() for t in ts}
    assert not keys - known, CURE


@pytest.mark.parametrize("name", PACKAGES)
@pytest.mark.parametrize("language", others())
def test_a_translation_has_the_fields_and_the_code_of_its_template(
    language: str, name: str
) -> None:
    for sections in said(name)[0].read(language).values():
        for table in sections.values():
            for english, own in table.items():
                assert fields(own) == fields(english), english
                code = [sorted(span.text for span in spans(t) if span.code) for t in (english, own)]
                assert code[0] == code[1], english


def test_the_templates_of_a_rule_are_in_the_section_of_its_messages() -> None:
    _, found = said("advisor_rules")
    rule = plugins().rules["overfitting"]
    section = found["fit"]["overfitting"]
    assert {*rule.texts.values(), rule.basis, *rule.symptoms, *rule.separated_by} <= {*section}


def test_the_core_says_its_notes_and_its_verdicts() -> None:
    _, found = said(CORE.name)
    assert "No run could be read." in found["words"]["verdict"]
    assert "The log is still being written." in found["words"]["note"]
    assert "epoch" in found["words"][CORE.name]


def test_an_update_keeps_what_is_translated_and_drops_what_is_stale(tmp_path: Path) -> None:
    mine = Translations(tmp_path / "mine")
    update(mine, "zh", {"words": {"a": ["old", "kept"]}, "gone": {"b": ["x"]}})
    file = mine.folder("zh") / "words.toml"
    file.write_text(file.read_text().replace('"kept" = ""', '"kept" = "保留"'))
    now: Tables = {"words": {"a": ["kept", "new"], "c": ["kept"]}}
    update(mine, "zh", now)
    assert mine.read("zh") == {"words": {"a": {"kept": "保留", "new": ""}, "c": {"kept": "保留"}}}
    assert missing(mine, "zh", now) == ["new"]
