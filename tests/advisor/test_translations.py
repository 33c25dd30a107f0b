"""What the catalogues say reads as one hand wrote it: one word for a term, one punctuation."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from advisor.manager import load_plugins
from advisor.templates import translated

GLOSSARY = Path(__file__).parent / "glossary" / "zh.toml"

HAN = r"[\u4e00-\u9fff]"
LATIN = r"[A-Za-z0-9%]"
CLOSE = "[，。；：、）”！？]"

CODE = re.compile(r"`[^`]*`")
CALL = re.compile(r"\w+\([^)]*\)")
LATIN_FIELD = re.compile(r"\{\w+:(name|names|number|percent|step|rate)\}")
OTHER_FIELD = re.compile(r"\{\w+:[^}]*\}")


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """Return every template with its translation."""
    packages = translated(load_plugins(()))
    return tuple(
        (english, own)
        for package in packages
        for tables in package.read("zh").values()
        for table in tables.values()
        for english, own in table.items()
    )


def plain(own: str) -> str:
    """Put a letter in the place of code and of what is written in Latin, blanks of the rest."""
    return OTHER_FIELD.sub("\ue000", LATIN_FIELD.sub("x", CODE.sub("x", own)))


def prose(english: str) -> str:
    """Leave out fields, code and calls; a page of help is mostly commands."""
    return "" if "\n" in english else CALL.sub("", OTHER_FIELD.sub("", CODE.sub("", english)))


TERMS = tomllib.loads(GLOSSARY.read_text(encoding="utf-8"))


@pytest.mark.parametrize("term", TERMS)
def test_a_term_has_one_translation(term: str) -> None:
    entry = TERMS[term]
    asked = re.compile(rf"(?<![\w.-]){term}(?![\w-])", re.IGNORECASE)
    for english, own in pairs():
        for variant in entry["never"]:
            assert variant not in own, (variant, own)
        if "says" in entry and own and asked.search(prose(english)):
            assert entry["says"] in own, (english, own)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("no blank between a character and a letter", f"{HAN}{LATIN}|{LATIN}{HAN}"),
        ("half-width punctuation", f"{HAN}[,;:!?()]|[,;:!?()]{HAN}"),
        ("a blank at full-width punctuation", f"{CLOSE} | {CLOSE}|（ | （"),
        ("two blanks", "[^\n ]  +[^ ]"),
        ("straight quotes", f"{HAN}[\"']|[\"']{HAN}"),
    ],
)
def test_letters_and_punctuation_are_set_as_is_usual(what: str, pattern: str) -> None:
    wrong = [own for _, own in pairs() if "\n" not in own and re.search(pattern, plain(own))]
    assert not wrong, f"{what}: {wrong[0]}"


def test_what_is_said_alike_is_translated_alike() -> None:
    known: dict[str, str] = {}
    for english, own in pairs():
        assert known.setdefault(english, own) == own, english
