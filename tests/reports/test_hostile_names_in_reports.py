"""Whatever a run, a series or a study is called: no format lets a name do anything."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.manager import load_plugins
from advisor.report import Report
from tests.reports.advisor_html.page_reader import Page
from tests.sample_report import sample_report

PIECES = st.sampled_from(
    [
        *("<script>", "</script>", "<img src=x onerror=a>", "'\"", "&lt;", "]]>", "<!--"),
        *("|", "`", "@all", "#1", "$x$", "**", "[a](http://b.example)", "\n", "\r", "::error::"),
        *("\x1b[31m", "\x07", "\x9b", "\u202e", "\u2066", "\u200f", "\ud800", "\x00", "", "NaN"),
        *("%", "{x}", "{{ x }}", "a", "loss", "/", "x" * 300),
    ]
)
NAMES = st.lists(PIECES, max_size=6).map("".join)
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def named(name: str) -> Report:
    """The sample, with one name for its study, and as the beginning of that of every run."""
    plain = sample_report()
    runs = tuple(run.model_copy(update={"source": name}) for run in plain.runs)
    return plain.model_copy(update={"title": name, "runs": runs})


@pytest.mark.parametrize("form", sorted(load_plugins().renderers))
@given(name=NAMES)
@settings(max_examples=25)
def test_no_name_steers_a_terminal_or_turns_a_line(form: str, name: str) -> None:
    text = load_plugins().renderers[form].render(named(name))
    assert STEERING.findall(text) == []


@given(name=NAMES)
@settings(max_examples=25)
def test_no_name_adds_an_element_or_a_handler_to_the_page(name: str) -> None:
    html = load_plugins().renderers["html"]
    plain, found = (Page(html.render(named(one))) for one in ("study", name))
    kinds = {tag for tag, _ in plain.elements} | {"wbr"}
    assert {tag for tag, _ in found.elements} <= kinds
    assert not [key for _, has in found.elements for key in has if key.startswith("on")]
