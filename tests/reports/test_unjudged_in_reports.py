"""What could not be judged is praised nowhere: no green mark without a judgement behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from advisor.api import analyze
from advisor.renderer import Renderer
from advisor.report import Report
from advisor.testing import empty_report
from advisor_html import HtmlRenderer
from advisor_markdown.renderer import MarkdownRenderer
from advisor_terminal.renderer import TerminalRenderer

GREEN = ("#i-ok", "[!TIP]", "🟢", "✓", "\x1b[32m")
RENDERERS: tuple[Renderer, ...] = (
    HtmlRenderer(),
    MarkdownRenderer(),
    TerminalRenderer(color=True),
)


@pytest.fixture(scope="module")
def unjudged(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The report on a log that holds neither a loss nor a metric."""
    table = tmp_path_factory.mktemp("logs") / "memory.csv"
    table.write_text("step,memory\n1,2\n2,3\n", encoding="utf-8")
    return analyze(table)


def test_a_log_that_says_nothing_of_the_training_is_not_fine(unjudged: Report) -> None:
    assert unjudged.verdict.message.id == "verdict.unjudged-one"
    assert (unjudged.runs[0].state.id, unjudged.runs[0].useful) == ("state.unjudged", None)


def test_where_only_the_log_is_asked_about_that_is_what_is_judged(tmp_path: Path) -> None:
    table = tmp_path / "memory.csv"
    table.write_text("step,memory\n1,2\n2,3\n", encoding="utf-8")
    assert analyze(table, select=["telemetry-damaged"]).runs[0].state.id == "state.fine"


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda r: r.name)
def test_what_could_not_be_judged_or_read_has_no_green_mark(
    renderer: Renderer, unjudged: Report
) -> None:
    nothing = empty_report()
    for report in (unjudged, nothing.model_copy(update={"runs": ()})):
        text = renderer.render(report)
        assert not [mark for mark in GREEN if mark in text]


@pytest.mark.parametrize("renderer", RENDERERS, ids=lambda r: r.name)
def test_what_was_judged_and_has_no_fault_has_one(renderer: Renderer, tmp_path: Path) -> None:
    table = tmp_path / "log.csv"
    rows = (f"{step},{3 / (step + 3)},{3.1 / (step + 3)}\n" for step in range(60))
    table.write_text("epoch,train_loss,val_loss\n" + "".join(rows), encoding="utf-8")
    report = analyze(table, select=["loss-not-finite"])
    assert report.runs[0].state.id == "state.fine"
    assert [mark for mark in GREEN if mark in renderer.render(report)]
