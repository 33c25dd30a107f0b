"""Catalogues as files."""

from __future__ import annotations

import tomllib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from advisor.wording.catalogues import Translations, load_catalogue, written

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def package(folder: Path, name: str, text: str) -> Translations:
    """Write one file of a package."""
    files = folder / name / "translations" / "zh"
    files.mkdir(parents=True)
    (files / "words.toml").write_text(text, encoding="utf-8")
    return Translations(folder / name)


@given(st.dictionaries(TEXTS, st.dictionaries(TEXTS, TEXTS)))
def test_what_is_written_is_read_as_it_was(tables: dict[str, dict[str, str]]) -> None:
    assert tomllib.loads(written(tables)) == tables


def test_of_several_packages_the_first_translation_counts(tmp_path: Path) -> None:
    one = package(tmp_path, "one", '["a"]\n"x" = "甲"\n')
    two = package(tmp_path, "two", '["a"]\n"x" = "乙"\n"y" = "丙"\n')
    assert load_catalogue("zh", (one, two)).sections["a"] == {"x": "甲", "y": "丙"}


def test_what_is_not_translated_yet_is_left_out(tmp_path: Path) -> None:
    one = package(tmp_path, "one", '["a"]\n"x" = ""\n')
    assert load_catalogue("zh", (one,)).word("x") == "x"


def test_a_package_need_not_have_a_language(tmp_path: Path) -> None:
    assert Translations(tmp_path / "none").read("zh") == {}


def test_english_needs_no_file(tmp_path: Path) -> None:
    broken = package(tmp_path, "one", "no TOML")
    assert load_catalogue("en", (broken,)).sections == {}
