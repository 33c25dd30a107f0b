"""The Markdown comment: its parts, their order, and what is left out when room is short."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from advisor.presentation import entries
from advisor.renderer import Renderer
from advisor.report import Report
from advisor_markdown import register_renderers
from advisor_markdown.budget import filled, fitting
from advisor_markdown.dialect import COMMENT
from advisor_markdown.renderer import MarkdownRenderer
from tests.reports.advisor_markdown.reading import cells, foreign_html, rows, tokens
from tests.sample_report import (
    hostile_report,
    large_report,
    quiet_report,
    sample_report,
    twice_the_same_consequence,
)


def render(report: Report) -> str:
    return MarkdownRenderer().render(report)


def test_a_format_is_declared_for_each_dialect() -> None:
    renderers = register_renderers()
    assert all(isinstance(renderer, Renderer) for renderer in renderers)
    assert [(renderer.name, renderer.suffix) for renderer in renderers] == [
        ("markdown", ".md"),
        ("step-summary", ".step-summary.md"),
        ("gitlab", ".gitlab.md"),
        ("bitbucket", ".bitbucket.md"),
    ]


def test_the_first_line_is_the_hidden_marker() -> None:
    assert render(sample_report()).splitlines()[0] == "<!-- advisor-report -->"


def test_what_matters_comes_first() -> None:
    text = render(sample_report())
    parts = ("## ", "> [!CAUTION]", "Do these first", "| Run |", "| # |", "<details>", "Passed")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_what_follows_in_several_runs_alike_is_said_once() -> None:
    assert render(twice_the_same_consequence()) == render(sample_report())


def test_every_entry_has_a_row_and_a_folded_part() -> None:
    text = render(sample_report())
    for entry in entries(sample_report()):
        title = entry.finding.advice.title.text
        assert title in cells(text)
        assert f"<b>{entry.number}. {title}</b>" in text


def test_every_finding_is_named() -> None:
    text = render(sample_report())
    for finding in sample_report().findings:
        assert finding.advice.title.text in text


def test_a_joined_entry_says_what_was_seen_on_each_run() -> None:
    text = render(sample_report())
    assert "- `sweep/batch-32`: Loss fell by 0.28 in a line" in text
    assert "- `sweep/batch-64`: Loss fell by 0.3 in a line" in text


def test_the_runs_are_listed_with_the_worst_first() -> None:
    named = [cell for cell in cells(render(sample_report())) if cell in RUNS]
    assert named[:2] == ["lr-0.001", "resnet/no-augmentation"]
    assert set(named) == RUNS


RUNS = {run.name for run in sample_report().runs}


def test_the_change_is_a_diff() -> None:
    fences = [t for t in tokens(render(sample_report())) if t.type == "fence"]
    assert fences[0].info == "diff"
    assert fences[0].content == "- optimizer.lr: 1e-3\n+ optimizer.lr: 3e-4\n"


@pytest.mark.parametrize(
    "said",
    [
        "add `log('grad_norm', norm)` to each step",
        "old/events.out.tfevents.17",
        "the file is empty",
        "ZeroDivisionError: division by zero",
        "a dropout of 0.8 is what the paper used",
        "6 values of `train/loss` are NaN, the first at step 5,000.",
        "only 3 epochs are logged",
        "advisor 0.1.0",
    ],
)
def test_nothing_is_left_out_of_a_small_report(said: str) -> None:
    assert said in render(sample_report())


def test_the_next_experiment_is_a_diff_with_its_check() -> None:
    text = render(sample_report())
    assert "**Next experiment.** A lower rate" in text
    fence = next(t for t in tokens(text) if t.type == "fence")
    assert fence.content == "- optimizer.lr: 1e-3\n+ optimizer.lr: 3e-4\n"
    assert text.index("Next experiment") < text.index("| Run |")


def test_only_the_sources_are_links() -> None:
    links = [t.attrGet("href") for t in tokens(render(sample_report())) if t.type == "link_open"]
    assert set(links) == {"https://github.com/google-research/tuning_playbook"}


def test_a_quiet_report_says_so_and_what_was_judged() -> None:
    text = render(quiet_report())
    assert "no findings" in text
    assert "[!TIP]" in text
    assert "10 checks" in text
    assert "2 checks" in text
    assert "Do this" not in text
    assert "| # |" not in text


def test_a_report_on_no_run_is_written() -> None:
    text = render(quiet_report().model_copy(update={"runs": (), "statuses": ()}))
    assert rows(text) == []


@pytest.mark.parametrize("count", [41, 1_000])
def test_a_large_report_fits_and_counts_what_it_leaves_out(count: int) -> None:
    text = render(large_report(count))
    assert len(text) <= COMMENT.limit
    assert f"{count - 40:,} more" in text
    assert f"of {count:,} entries fit here" in text
    assert set(rows(text)) == {4, 5}


def test_no_entry_is_cut_in_half() -> None:
    text = render(large_report(1_000))
    assert text.count("<details>") == text.count("</details>") > 10
    opened = text.count("```diff\n") + text.count("```mermaid\n")
    assert opened == text.count("\n```\n")
    assert foreign_html(text) == []


@pytest.mark.parametrize("limit", [9_000, 12_000, 15_500, 20_000, 60_000])
def test_any_limit_with_room_for_the_tables_is_kept(limit: int) -> None:
    assert len(MarkdownRenderer(limit=limit).render(large_report(200))) <= limit


def test_a_hostile_report_fits() -> None:
    assert len(render(hostile_report())) <= COMMENT.limit


@pytest.mark.parametrize("make", [sample_report, hostile_report, quiet_report])
def test_the_same_report_gives_the_same_comment(make: Callable[[], Report]) -> None:
    assert render(make()) == render(make())


def test_lines_are_taken_until_the_first_that_does_not_fit() -> None:
    assert fitting(["aaaa", "bbbbbbbb", "c"], 10) == ["aaaa"]


def test_lines_are_taken_until_there_are_enough() -> None:
    assert fitting(["a", "b", "c"], 100, 2) == ["a", "b"]


def test_a_shorter_form_is_taken_where_the_longer_does_not_fit() -> None:
    assert filled([("a" * 10, "a"), ("b" * 10, "b"), ("c" * 10, "cccccc")], 17) == ["a" * 10, "b"]
