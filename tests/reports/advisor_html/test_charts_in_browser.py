"""Charts in use: read, brought near, put on another scale, smoothed, and never changed unasked."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from advisor.report import Report, RunEntry
from advisor.report.enclosed import taken_out
from tests.reports.advisor_html.opened import Opener
from tests.sample_report import hostile_report, large_report, sample_report

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser


def figure(page: Page) -> Locator:
    """The first chart with controls."""
    return page.locator("figure[data-chart]").first


def ticks(of: Locator, which: str) -> list[float]:
    """The numbers along an edge of a chart."""
    texts = of.locator(f".{which} text:not(.ax)").all_text_contents()
    return [float(text.replace(",", "")) for text in texts]


def heights(of: Locator) -> list[float]:
    """Where the lines behind a chart lie, in pixels."""
    lines = of.locator(".gr line").all()
    return [float(str(line.get_attribute("y1"))) for line in lines]


def drawn(of: Locator) -> str:
    """The paths of a chart's lines."""
    return str(of.locator("svg.ch path.ln").first.get_attribute("d"))


def test_drawing_anew_changes_nothing_that_a_reader_sees(visit: Opener) -> None:
    done = visit(sample_report())
    page = done.page
    seen = "e => [...e.querySelectorAll('svg.ch text')].map((t) => t.textContent).sort()"
    for chart in page.locator("figure[data-chart]").all():
        before = chart.evaluate(seen)
        chart.get_by_role("button", name="Log scale").click()
        chart.get_by_role("button", name="Log scale").click()
        assert chart.evaluate(seen) == before
    assert done.trouble == []


def test_on_the_log_scale_equal_ratios_are_equally_far_apart(visit: Opener) -> None:
    chart = figure(visit(sample_report()).page)
    steps = ticks(chart, "gx")
    chart.get_by_role("button", name="Log scale").click()
    assert chart.get_by_role("button", name="Log scale").get_attribute("aria-pressed") == "true"
    (a, b, c), (at_a, at_b, at_c) = ticks(chart, "gr"), heights(chart)
    expected = math.log(b / a) / math.log(c / a)
    assert (at_a - at_b) / (at_a - at_c) == pytest.approx(expected, abs=0.01)
    assert ticks(chart, "gx") == steps


def test_from_near_shows_the_evidence_and_a_little_around_it(visit: Opener) -> None:
    page = visit(sample_report()).page
    chart = figure(page)
    first, last = json.loads(str(chart.get_attribute("data-chart")))["stretch"]
    whole = ticks(chart, "gx")
    chart.get_by_role("button", name="From near").click()
    near = ticks(chart, "gx")
    assert near[-1] - near[0] < whole[-1] - whole[0]
    assert near[0] > whole[0]
    assert near[0] <= first + (last - first) / 2


def test_smoothing_flattens_the_line_and_leaves_the_band(visit: Opener) -> None:
    chart = figure(visit(sample_report()).page)
    line, band = drawn(chart), chart.locator("path.bd").first.get_attribute("d")
    chart.get_by_label("Smooth").fill("90")
    smooth = drawn(chart)
    chart.get_by_label("Smooth").fill("0")
    assert smooth not in (line, drawn(chart))
    assert band is not None
    assert chart.get_by_label("Smooth").get_attribute("aria-valuetext") == "0%"


def test_values_are_read_with_the_keyboard_and_said(visit: Opener) -> None:
    report = sample_report()
    chart = figure(visit(report).page)
    slider = chart.get_by_label("Read values")
    slider.focus()
    slider.press("End")
    said = chart.locator("output").inner_text()
    assert said == slider.get_attribute("aria-valuetext")
    assert re.match(r"step 12,000: train/loss 7\.\d+", said)
    assert "inside the evidence" in said
    slider.press("Home")
    assert "inside the evidence" not in chart.locator("output").inner_text()


def test_values_are_read_with_a_pointer_until_it_leaves(visit: Opener) -> None:
    page = visit(sample_report()).page
    chart = figure(page)
    chart.scroll_into_view_if_needed()
    box = chart.locator("svg.ch").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 50)
    assert chart.locator("output").inner_text().startswith("step 6,0")
    page.mouse.move(2, 2)
    assert chart.locator("output").inner_text() == ""


def test_a_dragged_stretch_is_shown_and_two_clicks_show_all_again(visit: Opener) -> None:
    page = visit(sample_report()).page
    chart = figure(page)
    chart.scroll_into_view_if_needed()
    whole = ticks(chart, "gx")
    box = chart.locator("svg.ch").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 60)
    page.mouse.up()
    part = ticks(chart, "gx")
    assert part[-1] < 5_000
    page.mouse.dblclick(box["x"] + box["width"] * 0.5, box["y"] + 50)
    assert ticks(chart, "gx") == whole


@pytest.mark.parametrize("report", [hostile_report(), large_report(12)])
def test_every_chart_of_any_report_can_be_used(visit: Opener, report: Report) -> None:
    done = visit(report, bypass_csp=True)
    for chart in done.page.locator("figure[data-chart]").all():
        for button in chart.locator(".ctl button").all():
            button.click()
            path = drawn(chart) if chart.locator("path.ln").count() else ""
            assert "NaN" not in path
            assert "Infinity" not in path
        chart.get_by_label("Read values").fill("100")
    assert done.trouble == []
    assert done.page.locator("img").count() == 0


@pytest.mark.parametrize("report", [sample_report(), hostile_report(), large_report(70)])
def test_the_report_saved_from_the_page_is_the_one_that_python_takes_out(
    visit: Opener, tmp_path: Path, report: Report
) -> None:
    done = visit(report, accept_downloads=True)
    done.page.get_by_text("How this report was made").click()
    with done.page.expect_download() as expected:
        done.page.get_by_role("button", name="Save the JSON").click()
    saved = tmp_path / "saved.json"
    expected.value.save_as(saved)
    page = (tmp_path / "report.html").read_bytes()
    assert Report.from_json(saved.read_bytes()) == Report.from_json(taken_out(page))
    assert expected.value.suggested_filename == "advisor-report.json"
    assert done.trouble == []


def test_a_browser_that_cannot_unpack_the_report_says_so(visit: Opener) -> None:
    done = visit(sample_report())
    done.page.evaluate("delete globalThis.DecompressionStream")
    done.page.get_by_text("How this report was made").click()
    done.page.get_by_role("button", name="Save the JSON").click()
    done.page.get_by_text("This browser cannot unpack it").wait_for()
    assert done.trouble == []


def test_a_finding_can_be_copied_as_markdown(visit: Opener) -> None:
    page = visit(sample_report(), permissions=["clipboard-read", "clipboard-write"]).page
    page.get_by_role("button", name="Copy as Markdown: finding 1").click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("### 1. Lower the peak learning rate to 3e-4\n\nError\n\n")
    assert "```diff\n- optimizer.lr: 1e-3\n+ optimizer.lr: 3e-4\n```" in copied


def spiked(run: RunEntry) -> RunEntry:
    """A run whose curves begin a million times higher: a straight scale would flatten them."""
    curves = (
        curve.model_copy(update={"mean": (1e6 * (curve.mean[0] or 1.0), *curve.mean[1:])})
        for curve in run.curves
    )
    return run.model_copy(update={"curves": tuple(curves), "windows": ()})


@pytest.mark.parametrize("powers", [True, False])
def test_the_caption_speaks_of_the_scale_that_is_shown(visit: Opener, powers: bool) -> None:
    report = sample_report()
    runs = tuple(map(spiked, report.runs)) if powers else report.runs
    chart = figure(visit(report.model_copy(update={"runs": runs})).page)
    caption, button = chart.locator("figcaption"), chart.get_by_role("button", name="Log scale")
    at_first = caption.inner_text()
    assert ("powers of ten" in at_first) == powers
    for _ in range(2):
        button.click()
        assert ("powers of ten" in caption.inner_text()) != powers
        button.click()
        assert caption.inner_text() == at_first
