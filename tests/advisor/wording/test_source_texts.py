"""What source files say is found without running them."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.wording.source_texts import said_in


def found(folder: Path, code: str) -> list[tuple[str, str]]:
    """Return what one module says."""
    (folder / "module.py").write_text(code, encoding="utf-8")
    return list(said_in(folder))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('tell("a", n=1)', ("", "a")),
        ('language.word("a")', ("", "a")),
        ('{"k": term("a")}', ("", "a")),
        ('raise NotApplicable("a {n:step}", n=1)', ("not-applicable", "a {n:step}")),
        ('message("verdict.fine", "a")', ("verdict", "a")),
        ('message(f"sweep.{x}", "a")', ("sweep", "a")),
        ('_ID = "next.look"\nmessage(_ID, "a")', ("next", "a")),
        ('def f():\n    text = (\n        "a "\n        "b"\n    )\n    tell(text)', ("", "a b")),
        ('Evidence(series=s, measured="a")', ("", "a")),
        ('def cite(curve, measured, value): ...\ncite(c, "a", 1)', ("", "a")),
        ('def cite(curve, first, measured): ...\ncite(c, *both, "a")', ("", "a")),
        (
            'class Sign(NamedTuple):\n    at: int\n    measured: str\nSign(1, "a")',
            ("", "a"),
        ),
        ('note(NoteKind.SAMPLED, why="a")', ("", "a")),
    ],
)
def test_a_text_is_found_where_it_is_said(tmp_path: Path, code: str, said: tuple[str, str]) -> None:
    assert found(tmp_path, code) == [said]


@pytest.mark.parametrize(
    "code",
    [
        'tell("a" if x else "b")',
        '_TEXTS = {"x": "a", "y": "b"}\ntell(_TEXTS[x])',
        'def f():\n    if x:\n        text = "a"\n    else:\n        text = "b"\n    tell(text)',
        'one, other = "a", "b"\ntell(one if x else other)',
    ],
)
def test_all_that_a_text_can_be_is_found(tmp_path: Path, code: str) -> None:
    assert found(tmp_path, code) == [("", "a"), ("", "b")]


@pytest.mark.parametrize(
    "code",
    [
        "tell(text)",
        "word(axis.value)",
        'print("a")',
        'Evidence("a", 1)',
        'def f():\n    text = "a"\ndef g(text):\n    tell(text)',
    ],
)
def test_what_is_not_said_or_not_known_is_not_found(tmp_path: Path, code: str) -> None:
    assert found(tmp_path, code) == []


def test_page_templates_say_with_and_without_parameters(tmp_path: Path) -> None:
    page = '<p>{{ word("a") }} {{ tell("{n:step} b", n=1) }} {{ word(x) }} {{ other("c") }}</p>'
    (tmp_path / "page.html.j2").write_text(page)
    assert list(said_in(tmp_path)) == [("", "a"), ("", "{n:step} b")]
