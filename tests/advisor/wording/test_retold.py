"""Sentences that are kept as English text are found back by their templates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.language import TOLD, Catalogue, shown, speaking
from advisor.text import told
from advisor.wording.retold import retold

CATALOGUE = Catalogue(
    "zh",
    {
        TOLD: {
            "cannot be opened ({why:given})": "无法打开（{why:given}）",
            "{n:count run fails|runs fail}, as {names:names} say": (
                "{names:names}：{n:count 次失败}"
            ),
            "line {line:step} holds {name:name} and {name:name}": "第 {line:step} 行：{name:name}",
        },
        "words": {"permission denied": "权限不足"},
    },
)


@pytest.mark.parametrize(
    ("said", "shown_as"),
    [
        (
            told("cannot be opened ({why:given})", why="too many links"),
            "无法打开（too many links）",
        ),
        (told("cannot be opened ({why:given})", why="permission denied"), "无法打开（权限不足）"),
        (
            told(
                "{n:count run fails|runs fail}, as {names:names} say", n=1200, names=("a, b", "c")
            ),
            "`a, b`, `c`：1,200 次失败",
        ),
        (
            told("line {line:step} holds {name:name} and {name:name}", line=3, name="x"),
            "第 3 行：`x`",
        ),
    ],
)
def test_a_sentence_is_said_with_what_stood_in_its_fields(said: str, shown_as: str) -> None:
    with speaking(CATALOGUE):
        assert shown(said) == shown_as
    assert shown(said) == said


@pytest.mark.parametrize(
    "text",
    [
        "cannot be opened",
        "it cannot be opened (gone)",
        "line many holds `x` and `x`",
        "line 3 holds `x` and `y`",
        "2 run fails, as a say",
        "",
    ],
)
def test_what_no_template_gives_stays_as_it_is(text: str) -> None:
    with speaking(CATALOGUE):
        assert shown(text) == text


@given(st.text(), st.integers(0))
def test_whatever_stands_in_a_field_is_found_again(why: str, line: int) -> None:
    template = "line {line:step} is wrong ({why:given})"
    text = told(template, line=line, why=why)
    assert retold(template, template, text, lambda word: word) == text
