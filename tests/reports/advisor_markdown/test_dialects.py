"""The same report where comments fold and where they do not, and within each place's limits."""

from __future__ import annotations

import pytest

from advisor_markdown.dialect import BITBUCKET, COMMENT, DIALECTS, GITLAB, STEP_SUMMARY, Dialect
from advisor_markdown.renderer import MarkdownRenderer
from tests.reports.advisor_markdown.reading import tokens
from tests.sample_report import hostile_report, large_report, sample_report


def charts(text: str) -> list[str]:
    """The Mermaid charts of a document."""
    return [part.split("```")[0] for part in text.split("```mermaid\n")[1:]]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("count", [12, 200, 1_000])
def test_no_limit_of_a_place_is_passed(dialect: Dialect, count: int) -> None:
    text = MarkdownRenderer(dialect).render(large_report(count))
    assert len(text) <= dialect.limit
    assert len(charts(text)) <= dialect.charts
    assert sum(map(len, charts(text))) <= dialect.chart_room


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_every_dialect_says_every_sentence_of_what_comes_first(dialect: Dialect) -> None:
    text = MarkdownRenderer(dialect).render(sample_report())
    assert "**1 of 7 runs diverged and 1 overfitted; 3 learn too slowly.**" in text
    assert "1. **Lower the peak learning rate to 3e-4.**" in text
    assert "**Check that it worked.**" in text


def test_a_comment_on_github_has_three_charts_at_most_and_the_most_important_first() -> None:
    text = MarkdownRenderer(COMMENT).render(large_report(12))
    assert len(charts(text)) == 3
    assert text.index("```mermaid") < text.index("<b>2. ")


def test_a_step_summary_is_well_below_a_mebibyte() -> None:
    text = MarkdownRenderer(STEP_SUMMARY).render(large_report(1_000))
    assert 100_000 < len(text.encode()) < 2**20


def test_gitlab_draws_what_it_draws_without_being_asked() -> None:
    assert sum(map(len, charts(MarkdownRenderer(GITLAB).render(large_report(12))))) < 2_000


def test_bitbucket_gets_headings_where_nothing_folds() -> None:
    text = MarkdownRenderer(BITBUCKET).render(sample_report())
    assert "<details>" not in text
    assert "[!" not in text
    assert "```mermaid" not in text
    headings = [t for t in tokens(text) if t.type == "heading_open" and t.tag == "h4"]
    assert len(headings) > 4


def test_a_hostile_report_brings_no_heading_of_its_own_to_bitbucket() -> None:
    parsed = tokens(MarkdownRenderer(BITBUCKET).render(hostile_report()))
    assert {t.tag for t in parsed if t.type == "heading_open"} == {"h2", "h4"}
    assert not {"image", "html_inline"} & {t.type for t in parsed}
