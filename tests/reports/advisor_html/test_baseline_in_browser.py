"""A run over that of the baseline, drawn in a real browser and used there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from advisor.comparison import compare
from advisor.report import Report
from tests.comparisons import report, run
from tests.reports.advisor_html.opened import Opener
from tests.support import make_finding

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def compared() -> Report:
    """A run that got worse, and that is half as long drawn as the baseline's."""
    now, before = run("resnet", 0.9), run("resnet", 0.5)
    halves = tuple(
        curve.model_copy(
            update={
                name: values[: len(curve.steps) // 2]
                for name in ("steps", "mean", "low", "high")
                if (values := getattr(curve, name)) is not None
            }
        )
        for curve in now.curves
    )
    now = now.model_copy(update={"curves": halves})
    return compare(report([now], [make_finding("overfitting", "resnet")]), report([before]))


def chart(page: Page) -> Locator:
    """The objective's chart."""
    return page.locator("section[aria-labelledby=baseline] figure[data-chart]").first


def ends(of: Locator) -> list[float]:
    """Where each line ends across the frame, in its own units: now, then the baseline."""
    end = "line => line.getBBox().x + line.getBBox().width"
    return sorted(float(line.evaluate(end)) for line in of.locator("path.ln:not(.dot)").all())


def test_both_lines_share_the_axes_and_the_shorter_one_ends_early(
    visit: Opener, compared: Report
) -> None:
    done = visit(compared)
    assert ends(chart(done.page)) == pytest.approx([500, 1000], abs=5)
    labels = chart(done.page).locator(".lb text").all_text_contents()
    assert sorted(labels) == ["baseline", "now"]
    assert done.trouble == []


def test_drawn_anew_on_another_scale_both_lines_are_still_there(
    visit: Opener, compared: Report
) -> None:
    done = visit(compared)
    drawn = chart(done.page)
    before = ends(drawn)
    drawn.get_by_role("button", name="Log scale").click()
    assert ends(drawn) == pytest.approx(before, abs=2)
    drawn.get_by_label("Smooth").fill("60")
    assert ends(drawn) == pytest.approx(before, abs=2)
    assert drawn.get_by_role("button", name="From near").count() == 0
    assert drawn.locator(".ev rect").count() == 0
    assert done.trouble == []


def test_values_of_both_are_read_at_one_step(visit: Opener, compared: Report) -> None:
    drawn = chart(visit(compared).page)
    slider = drawn.get_by_label("Read values")
    slider.focus()
    slider.press("End")
    said = drawn.locator("output").inner_text()
    assert re.match(r"step [\d,]+: .*no value here", said)
    slider.press("Home")
    said = drawn.locator("output").inner_text()
    assert re.match(r"step \d+: now ([\d.]+) .*, baseline \1 ", said)
    assert "inside the evidence" not in said


def test_what_is_new_is_said_in_words_without_a_script(visit: Opener, compared: Report) -> None:
    page = visit(compared, java_script_enabled=False).page
    section = page.locator("section[aria-labelledby=baseline]")
    assert "1 new finding, 0 fixed" in section.inner_text()
    assert "cannot tell" in section.inner_text()
    assert section.locator("svg.ch path.ln").count() >= 4
