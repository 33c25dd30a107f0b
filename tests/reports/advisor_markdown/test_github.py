"""Whatever a log holds, the comment shows it as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from advisor.finding import Severity
from advisor.presentation import shown_name
from advisor.text import Message, clean
from advisor_markdown import github as gh
from advisor_markdown.renderer import MarkdownRenderer
from tests.reports.advisor_markdown.reading import cells, foreign_html, plain, rows, tokens
from tests.sample_report import HOSTILE, hostile_report

MARKS = r"| \| \ ` `` ``` <!-- --> <b> </details> @me a@b.io #1 gh-1 www.a.io http://a.io :+1: $1$"
MARKS += " [a](b) ![a](b) ** __ ~~ - 1. > # &lt; &#64;x é 宽 \0"
TRICKS = st.sampled_from((*HOSTILE, *MARKS.split(), "\n\n", "\u2028", "    "))
TEXT = st.lists(TRICKS | st.text(max_size=8), max_size=6).map("".join)
SHOWN = {"text", "code_inline", "softbreak", "paragraph_open", "paragraph_close", "inline"}
TABLE = {
    f"{part}_{end}"
    for part in ("table", "thead", "tbody", "tr", "th", "td")
    for end in ("open", "close")
}


def read(markdown: str) -> str:
    """Return what a reader sees of a paragraph, without the breaks that nobody sees."""
    text = "".join(t.content for t in tokens(markdown) if t.type in ("text", "code_inline"))
    return text.replace("\u200b", "")


def test_no_tag_of_a_hostile_report_is_ours() -> None:
    assert foreign_html(MarkdownRenderer().render(hostile_report())) == []


def test_a_hostile_report_makes_no_link_picture_or_emphasis_of_a_name() -> None:
    parsed = tokens(MarkdownRenderer().render(hostile_report()))
    hrefs = {t.attrGet("href") for t in parsed if t.type == "link_open"}
    assert hrefs == {"https://github.com/google-research/tuning_playbook"}
    assert not {"image", "s_open", "code_block", "hr"} & {t.type for t in parsed}
    assert {t.tag for t in parsed if t.type == "heading_open"} == {"h2"}


def test_the_tables_of_a_hostile_report_are_whole() -> None:
    assert set(rows(MarkdownRenderer().render(hostile_report()))) == {4, 5}


def test_a_hostile_report_mentions_nobody_and_sets_no_formula() -> None:
    source = MarkdownRenderer().render(hostile_report())
    assert re.findall(r"[@#]\w|:\w+:|://|\bwww\.", plain(source)) == []
    outside = re.sub(r"^```diff\n.*?^```\n|`[^`\n]*`", "", source, flags=re.DOTALL | re.MULTILINE)
    assert re.findall(r"(?<!\\)\$", outside) == []


def test_a_script_is_shown() -> None:
    assert "<script>alert(1)</script>" in cells(MarkdownRenderer().render(hostile_report()))


@given(TEXT)
@example("1. a")
@example("1)")
@example("a\\|b")
@example("@\\|")
def test_a_name_is_shown_as_it_is(name: str) -> None:
    assert read(gh.name(name)) == shown_name(name).replace("\u200b", "")


@given(TEXT)
@example("- a")
@example("0.1.0")
@example("+ a")
def test_plain_text_is_one_paragraph_of_text(text: str) -> None:
    line = clean(text)
    parsed = tokens(gh.escape(line))
    assert {t.type for t in parsed} <= SHOWN
    assert read(gh.escape(line)) == line


@given(TEXT)
@example("``    <script>alert(1)</script>")
@example("` ` - x")
@example("1`. x|`")
@example("`a``b`")
def test_a_sentence_is_one_paragraph_of_text_and_code(text: str) -> None:
    parsed = tokens(gh.sentence(text))
    assert {t.type for t in parsed} <= SHOWN
    assert re.findall(r"[@#]\w|:\w+:|://|\bwww\.", plain(gh.sentence(text))) == []


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_a_table_keeps_its_columns(texts: list[tuple[str, str]]) -> None:
    lines = [gh.row((gh.name(name), gh.sentence(text), "end")) for name, text in texts]
    table = "\n".join((gh.table_head(("a", "b", "c")), *lines))
    # The parser drops cells that are too many and adds those that are missing: look at the last.
    assert cells(table)[2::3] == ["end"] * len(texts)
    assert {t.type for t in tokens(table)} <= SHOWN | TABLE


@given(TEXT)
def test_a_summary_holds_no_tag_of_its_text(text: str) -> None:
    folded = gh.fold(gh.in_tag(text), "body")
    assert foreign_html(folded) == []
    assert [t.type for t in tokens(folded)].count("html_block") == 2


@given(TEXT)
def test_a_diff_is_not_left_early(text: str) -> None:
    (fence,) = tokens(gh.diff((f"- {clean(text)}", f"+ {clean(text)}")))
    assert fence.content == f"- {clean(text)}\n+ {clean(text)}\n"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "https://a.io/>x", "https://a.io/ b", "//a.io", ""],
)
def test_an_address_that_is_not_safe_is_left_out(url: str) -> None:
    assert gh.link("Source", url) == "Source"


def test_a_safe_address_is_a_link() -> None:
    url = "https://doi.org/10.1007/3-540-49430-8_3?a=b&c=d#e"
    (opened,) = (t for t in tokens(gh.link("A [1]", url)) if t.type == "link_open")
    assert opened.attrGet("href") == url


@pytest.mark.parametrize("severity", [*Severity, None])
def test_an_alert_is_a_quotation(severity: Severity | None) -> None:
    said = gh.sentence(Message(id="m", text="> - # a\n\nb"))
    parsed = tokens(gh.alert(severity, said))
    blocks = [t.type for t in parsed if t.block and t.nesting == 1]
    assert blocks == ["blockquote_open", "paragraph_open"]
