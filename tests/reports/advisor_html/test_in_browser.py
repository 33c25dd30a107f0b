"""The page in a real browser: from a file, without a network, with and without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advisor.report import Report
from tests.reports.advisor_html.opened import Opener, Scheme
from tests.sample_report import hostile_report, large_report, quiet_report, sample_report

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[3] / ".env-browsers" / "node_modules" / "axe-core" / "axe.min.js"
MODES: list[tuple[Scheme, int]] = [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)]
REPORTS: dict[str, Callable[[], Report]] = {
    "sample": sample_report,
    "quiet": quiet_report,
    "hostile": hostile_report,
    "large": lambda: large_report(70),
}


@pytest.mark.parametrize("name", REPORTS)
def test_opening_the_file_asks_for_nothing_else_and_says_nothing(visit: Opener, name: str) -> None:
    done = visit(REPORTS[name]())
    assert [url.rsplit("/", 1)[1] for url in done.requests] == ["report.html"]
    assert done.trouble == []


def test_nothing_of_a_hostile_report_runs_even_without_the_policy(visit: Opener) -> None:
    done = visit(hostile_report(), bypass_csp=True)
    done.page.wait_for_timeout(200)
    assert done.trouble == []
    assert done.page.locator("img").count() == 0


@pytest.mark.parametrize(("scheme", "width"), MODES)
@pytest.mark.parametrize("name", ["sample", "quiet", "hostile"])
def test_axe_finds_no_violation(visit: Opener, name: str, scheme: Scheme, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `make browsers`")
    page = visit(REPORTS[name](), scheme, width).page
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    assert [(v["id"], v["nodes"][0]["html"], v["nodes"][0]["failureSummary"]) for v in found] == []


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_page_never_scrolls_sideways(visit: Opener, name: str, width: int) -> None:
    page = visit(REPORTS[name](), width=width).page
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_is_complete_without_script(visit: Opener) -> None:
    done = visit(sample_report(), java_script_enabled=False)
    assert done.page.get_by_role("heading", level=1).inner_text().startswith("1 of 7 runs")
    assert done.page.locator("svg.ch path.ln").first.is_visible()
    assert done.page.get_by_role("button").count() == 0
    done.page.get_by_text("2 checks passed").click()
    assert done.page.get_by_text("loss-not-finite").first.is_visible()


def test_the_button_changes_the_theme_and_the_choice_lasts(visit: Opener) -> None:
    page = visit(sample_report()).page
    color = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(color)
    page.get_by_role("button", name="Switch to the dark theme").click()
    dark = page.evaluate(color)
    page.reload()
    assert light != dark == page.evaluate(color)


def test_the_change_can_be_copied(visit: Opener) -> None:
    page = visit(sample_report(), permissions=["clipboard-read", "clipboard-write"]).page
    page.get_by_role("button", name="Copy the change of finding 1").click()
    page.get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "- optimizer.lr: 1e-3\n+ optimizer.lr: 3e-4"


def test_every_control_can_be_reached_and_used_with_the_keyboard(visit: Opener) -> None:
    page = visit(sample_report()).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_link_to_a_finding_leads_to_its_card(visit: Opener) -> None:
    report = sample_report()
    page = visit(report).page
    page.get_by_role("link", name="Raise the learning rate to 1e-3").first.click()
    assert page.url.endswith(f"#{report.findings[6].id}")


def test_labels_of_a_chart_stay_on_the_page_at_390_pixels(visit: Opener) -> None:
    page = visit(sample_report(), width=390).page
    outside = page.evaluate(
        "[...document.querySelectorAll('svg.ch text, svg.sp text')].map((t) => "
        "t.getBoundingClientRect()).filter((b) => b.left < 0 || b.right > 390).length"
    )
    assert outside == 0


def test_it_prints_in_dark_colours_on_white(visit: Opener) -> None:
    page = visit(sample_report(), "dark").page
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.pdf(format="A4").startswith(b"%PDF")
