"""The comparison with a baseline, as each format shows it."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from advisor.comparison import compare
from advisor.finding import Severity
from advisor.presentation.comparison import HEADING
from advisor.renderer import Renderer
from advisor.report import Report
from advisor.report.redact import redact
from advisor_ci import junit
from advisor_html.renderer import HtmlRenderer
from advisor_json import JsonRenderer
from advisor_markdown.dialect import BITBUCKET, DIALECTS, GITLAB
from advisor_markdown.renderer import MarkdownRenderer
from advisor_terminal.renderer import TerminalRenderer
from tests.comparisons import report, run
from tests.support import make_finding

MARKDOWN = tuple(MarkdownRenderer(dialect) for dialect in DIALECTS)
SHOWING: tuple[Renderer, ...] = (HtmlRenderer(), *MARKDOWN, TerminalRenderer(width=200))


def seeds(level: float) -> Report:
    """Three seeds, one of which has findings of its own."""
    names = ("s0", "s1", "s2")
    later = level > 0.5
    found = [
        make_finding("overfitting", "s0"),
        make_finding("diverged", "s1", severity=Severity.ERROR) if later else
        make_finding("past-best", "s2"),
    ]  # fmt: skip
    runs = [run(name, level) for name in names]
    return report(runs, found, seeds=(names,), seed_sd=0.01)


@pytest.fixture(scope="module")
def compared() -> Report:
    return compare(seeds(0.6), seeds(0.5))


@pytest.mark.parametrize("renderer", SHOWING, ids=lambda r: r.name)
def test_every_format_says_what_is_new_fixed_and_worse(
    renderer: Renderer, compared: Report
) -> None:
    text = renderer.render(compared)
    part = text[text.index(HEADING) :]
    for wanted in ("1 new finding, 1 fixed, 1 unchanged", "observed of diverged",
                   "observed of past-best", "0.5 → 0.6", "▼ worse", "worse by 0.1"):  # fmt: skip
        assert wanted in part, wanted


@pytest.mark.parametrize("renderer", SHOWING, ids=lambda r: r.name)
def test_without_a_baseline_nothing_is_said_of_one(renderer: Renderer) -> None:
    text = renderer.render(seeds(0.6))
    assert HEADING not in text
    assert "▼ worse" not in text


@pytest.mark.parametrize("renderer", SHOWING, ids=lambda r: r.name)
def test_hundreds_of_changes_are_counted_and_stay_readable(renderer: Renderer) -> None:
    names = [f"run-{place:03}" for place in range(300)]
    rules = [f"rule-{place:03}" for place in range(300)]
    found = [make_finding(rule, name) for rule, name in zip(rules, names, strict=True)]
    runs = [run(name, 0.6).model_copy(update={"curves": ()}) for name in names]
    now = report(runs, found, rules=rules[:5])
    before = report([r.model_copy(update={"objective_level": 0.5}) for r in runs], rules=rules[:5])
    text = renderer.render(compare(now, before))
    part = text[text.index(HEADING) :]
    assert "300 new findings" in part
    assert "more" in part


def test_the_page_draws_both_runs_in_one_frame(compared: Report) -> None:
    page = HtmlRenderer().render(compared)
    part = page[page.index('id="baseline"') : page.index('id="runs"')]
    assert part.count("<figure") == 2  # the objective and the training loss
    for figure in part.split("<figure")[1:]:
        assert len(re.findall(r'class="ln c[01]"', figure)) == 2
        assert ">now</text>" in figure
        assert ">baseline</text>" in figure
        assert "From near" not in figure


def test_a_comment_draws_both_runs_and_counts_the_chart(compared: Report) -> None:
    for renderer in MARKDOWN:
        text = renderer.render(compared)
        blocks = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
        assert len(blocks) <= renderer.dialect.charts
        if renderer.dialect.charts:
            assert blocks[0].count("  line [") == 2
            assert "  bar [" not in blocks[0]
        if renderer.dialect is GITLAB:
            assert sum(map(len, blocks)) <= GITLAB.chart_room


def test_where_nothing_is_drawn_two_sparklines_stand_beside_each_other(compared: Report) -> None:
    text = MarkdownRenderer(BITBUCKET).render(compared)
    assert re.search(r"`[▁-█·]{4,}` / `[▁-█·]{4,}`", text)


def test_junit_marks_what_is_new_and_nothing_else(compared: Report) -> None:
    root = ET.fromstring(junit.JUnitRenderer().render(compared).encode())  # noqa: S314  # our own
    (failure,) = root.iter("failure")
    assert failure.get("type") == "new error"
    assert (failure.text or "").startswith("new error: ")
    said = [element.text or "" for element in root.iter("system-out")]
    assert [text.startswith("warning: ") for text in said] == [True]
    alone = ET.fromstring(junit.JUnitRenderer().render(seeds(0.6)).encode())  # noqa: S314  # our own
    assert [found.get("type") for found in alone.iter("failure")] == ["error"]


def test_the_comparison_survives_a_trip_through_json(compared: Report) -> None:
    text = JsonRenderer().render(compared)
    assert Report.from_json(text) == compared


def test_names_are_hidden_in_a_comparison_as_everywhere() -> None:
    def secret(whole: Report) -> Report:
        return whole.model_copy(update={"title": "/home/alice/runs"})

    home = "/home/alice/s9"
    now = report([run(home, 0.6), "b"], [make_finding("overfitting", home)])
    before = report([run(home, 0.5), "c"])
    shown = redact(compare(secret(now), secret(before)))
    assert "alice" not in shown.to_json()
    assert shown.comparison is not None
    assert shown.comparison.scores[0].runs == (shown.runs[0].name,)


def test_the_seeds_of_a_configuration_are_called_as_their_runs_are() -> None:
    names = ("/home/alice/s0", "/home/bob/s0")
    shown = redact(report([run(name) for name in names], seeds=(names,), seed_sd=0.1))
    assert shown.sweep is not None
    assert shown.sweep.seeds == (tuple(entry.name for entry in shown.runs),)
    assert len(set(shown.sweep.seeds[0])) == 2
