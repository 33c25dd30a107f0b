"""The served page in a real browser: it shows what is new by itself, where its reader was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from advisor.report import Report
from advisor.watch import Address, Site, served
from advisor_html import HtmlRenderer
from tests.conftest import chromium
from tests.reports.advisor_html.opened import Visit
from tests.sample_report import hostile_report, large_report, quiet_report, sample_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator

pytestmark = pytest.mark.browser
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(OPTIONS))
        yield started
        started.close()


class Shown:
    """A site in a browser."""

    def __init__(self, browser: Browser, site: Site, url: str) -> None:
        self.site, self.url = site, url
        self.visit = Visit(browser.new_page())
        self.visit.page.goto(url)

    @property
    def inside(self) -> FrameLocator:
        return self.visit.page.frame_locator("iframe")

    def titled(self, report: Report) -> None:
        """Wait until the page shows a report."""
        heading = self.inside.get_by_role("heading", level=1)
        heading.filter(has_text=report.verdict.message.text.split("`")[0]).wait_for()


@pytest.fixture
def shown(browser: Browser) -> Iterator[Shown]:
    site = Site(HtmlRenderer())
    with served(site, Address("127.0.0.1", 0)) as url:
        made = Shown(browser, site, url)
        yield made
        made.visit.page.close()


def test_the_page_comes_with_the_first_report_and_changes_with_the_next(shown: Shown) -> None:
    page = shown.visit.page
    assert page.get_by_role("status").is_visible()
    shown.site.show(quiet_report())
    shown.titled(quiet_report())
    page.get_by_role("status").wait_for(state="hidden")
    shown.site.show(sample_report())
    shown.titled(sample_report())
    page.wait_for_function("document.title !== 'advisor watch'")
    assert shown.visit.trouble == []
    assert all(url.startswith((shown.url, "data:")) for url in shown.visit.requests)


def test_a_new_report_leaves_the_reader_where_he_was(shown: Shown) -> None:
    report = large_report(70)
    shown.site.show(report)
    shown.titled(report)
    body, folds = shown.inside.locator("body"), shown.inside.locator("details")
    opened = folds.evaluate_all("all => all.map((fold, at) => fold.open = at % 2 === 0)")
    assert len(set(opened)) == 2
    body.evaluate("() => scrollTo({ top: 700, behavior: 'instant' })")
    shown.visit.page.wait_for_timeout(500)
    before = body.evaluate("() => scrollY")
    assert before > 0
    shown.site.show(report.model_copy(update={"title": "another title"}))
    shown.inside.locator("body", has_text="another title").wait_for()
    shown.visit.page.wait_for_timeout(500)
    assert folds.evaluate_all("all => all.map(fold => fold.open)") == opened
    assert abs(body.evaluate("() => scrollY") - before) < 5


def test_nothing_of_a_hostile_report_runs_or_leaves_the_frame(shown: Shown) -> None:
    shown.site.show(hostile_report())
    shown.inside.get_by_role("heading", level=1).wait_for()
    shown.visit.page.wait_for_timeout(200)
    assert shown.visit.trouble == []
    assert "\x1b" not in shown.visit.page.title()


def test_other_sites_open_in_a_tab_of_their_own(shown: Shown) -> None:
    shown.site.show(sample_report())
    shown.titled(sample_report())
    link = shown.inside.locator("a[rel=noreferrer]").first
    assert link.get_attribute("target") == "_blank"


def test_no_other_site_can_show_it_in_a_frame(shown: Shown, browser: Browser) -> None:
    shown.site.show(sample_report())
    page = browser.new_page()
    page.set_content(f"<iframe src='{shown.url}'></iframe>")
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").get_by_role("heading").count() == 0
    page.close()


def test_the_page_says_when_the_watch_has_ended(browser: Browser) -> None:
    site = Site(HtmlRenderer())
    with served(site, Address("127.0.0.1", 0)) as url:
        site.show(sample_report())
        shown = Shown(browser, site, url)
        shown.titled(sample_report())
    shown.visit.page.get_by_text("advisor watch has ended").wait_for()
    shown.titled(sample_report())
    shown.visit.page.close()
