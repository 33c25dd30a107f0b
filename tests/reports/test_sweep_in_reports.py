"""The comparison of runs, as each report shows it."""

from __future__ import annotations

import pytest

from advisor.renderer import Renderer
from advisor.report import Report
from advisor.report.redact import redact
from advisor.sweep.table import sweep_of
from advisor.testing import empty_report, make_study
from advisor_html.renderer import HtmlRenderer
from advisor_markdown.renderer import MarkdownRenderer
from advisor_terminal.renderer import TerminalRenderer
from tests.sweeps import along, tried

RENDERERS: tuple[Renderer, ...] = (HtmlRenderer(), MarkdownRenderer(), TerminalRenderer())


def report(*scores: float, path: str = "optimizer.lr") -> Report:
    runs = along(path, {10.0**-i: score for i, score in enumerate(scores)})
    return empty_report().model_copy(update={"sweep": sweep_of(make_study(*runs))})


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda r: r.name)
def test_every_report_names_the_objective_the_setting_and_the_next_range(
    renderer: Renderer,
) -> None:
    text = renderer.render(report(0.5, 0.8, 0.6))
    for wanted in ("val/accuracy", "optimizer.lr", "Cannot tell", "0.01 to 1"):
        assert wanted in text


def test_on_the_terminal_the_next_range_is_a_sentence_of_its_own() -> None:
    shown = TerminalRenderer(width=200).render(report(0.5, 0.8, 0.6))
    assert "too few. Search 0.01 to 1." in shown


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda r: r.name)
def test_without_a_comparison_nothing_is_said_of_one(renderer: Renderer) -> None:
    assert "Runs compared" not in renderer.render(empty_report())


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda r: r.name)
def test_hundreds_of_runs_stay_readable(renderer: Renderer) -> None:
    runs = [tried(f"run-{i:03}", i / 500, lr=0.99**i, points=8) for i in range(400)]
    sweep = sweep_of(make_study(*runs))
    text = renderer.render(empty_report().model_copy(update={"sweep": sweep}))
    assert "run-399" in text
    assert "run-000" not in text


def test_the_terminal_has_a_few_lines_for_it() -> None:
    text = TerminalRenderer().render(report(0.5, 0.8, 0.6))
    part = text[text.index("Runs compared") :].split("\n\n")[0]
    assert 3 <= len(part.splitlines()) <= 7


def test_what_a_report_hides_is_hidden_here_too() -> None:
    runs = [
        tried(f"/home/someone/run-{i}", i / 10, data_mix=f"/home/someone/{i}") for i in range(3)
    ]
    shown = redact(empty_report().model_copy(update={"sweep": sweep_of(make_study(*runs))}))
    assert shown.sweep is not None
    assert "someone" not in shown.to_json()
    assert len({row.run for row in shown.sweep.rows}) == 3
