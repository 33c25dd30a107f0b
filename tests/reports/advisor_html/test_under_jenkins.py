"""The page as Jenkins serves it by default: without styles and scripts, and still a report.

The policy is ``hudson.model.DirectoryBrowserSupport.CSP``, with which Jenkins sends every file of
a build (https://www.jenkins.io/doc/book/security/configuring-content-security-policy/).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from advisor.report import Report
from advisor_html import HtmlRenderer
from tests.reports.advisor_html.opened import Visit
from tests.sample_report import hostile_report, quiet_report, sample_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';"
ADDRESS = "http://jenkins.test/job/train/1/artifact/advisor-report.html"


def served(browser: Browser, report: Report) -> Visit:
    """The page, opened from a server that sends the policy."""
    done = Visit(browser.new_page())
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": POLICY}
    page = HtmlRenderer().render(report)
    done.page.route(ADDRESS, lambda route: route.fulfill(body=page, headers=headers))
    done.page.goto(ADDRESS)
    return done


def test_every_sentence_can_be_read_and_the_charts_are_drawn(browser: Browser) -> None:
    page = served(browser, sample_report()).page
    assert page.get_by_role("heading", level=1).inner_text().startswith("1 of 7 runs")
    assert page.get_by_text("Lower the peak learning rate to 3e-4").first.is_visible()
    line = page.locator("svg.ch path.ln").first
    assert line.is_visible()
    assert line.evaluate("line => getComputedStyle(line).fill") == "none"
    assert all(band.get_attribute("fill-opacity") for band in page.locator("path.bd").all())


def test_it_says_what_is_missing_and_offers_nothing_that_does_not_work(browser: Browser) -> None:
    page = served(browser, sample_report()).page
    assert page.get_by_text("Styles and scripts are blocked where you read this").is_visible()
    for control in ("button", "checkbox", "combobox", "slider"):
        assert page.get_by_role(control).count() == 0


@pytest.mark.parametrize("report", [sample_report(), quiet_report(), hostile_report()])
def test_nothing_is_asked_for_and_nothing_fails_but_what_is_blocked(
    browser: Browser, report: Report
) -> None:
    done = served(browser, report)
    assert done.requests == [ADDRESS]
    refused = ("Content Security Policy", "sandboxed")
    assert [said for said in done.trouble if not any(word in said for word in refused)] == []


def test_where_styles_work_nobody_is_told_of_blocked_ones(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(HtmlRenderer().render(sample_report()))
    assert not page.get_by_text("Styles and scripts are blocked where you read this").is_visible()
    assert page.get_by_role("button", name="Log scale").first.is_visible()
