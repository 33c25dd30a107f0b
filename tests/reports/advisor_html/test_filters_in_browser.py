"""Filtering the findings in a real browser, and links to what is filtered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reports.advisor_html.opened import Opener
from tests.sample_report import large_report, quiet_report, sample_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def shown(page: Page) -> list[str]:
    """The severities of the entries that can be seen, in their order."""
    entries = page.locator("[data-severity][data-stage]:visible").all()
    return [entry.get_attribute("data-severity") or "" for entry in entries]


def test_a_severity_leaves_only_its_own_entries_and_says_how_many(visit: Opener) -> None:
    done = visit(sample_report())
    done.page.get_by_role("checkbox", name="warning").check()
    assert shown(done.page) == ["warning"]
    assert done.page.locator(".filters [role=status]").inner_text() == "1 of 4 entries are shown"
    assert not done.page.get_by_role("heading", name="Errors").is_visible()
    assert done.trouble == []


def test_several_of_a_kind_add_up_and_kinds_narrow(visit: Opener) -> None:
    page = visit(sample_report()).page
    page.get_by_role("checkbox", name="warning").check()
    page.get_by_role("checkbox", name="error").check()
    assert set(shown(page)) == {"error", "warning"}
    page.get_by_role("checkbox", name="fit").check()
    assert len(shown(page)) == 1


def test_a_run_leaves_the_entries_that_name_it(visit: Opener) -> None:
    page = visit(sample_report()).page
    page.locator("select[name=run]").select_option(label="lr-0.001")
    assert len(shown(page)) == 1


def test_showing_all_again_clears_every_filter(visit: Opener) -> None:
    page = visit(sample_report()).page
    page.get_by_role("checkbox", name="note").check()
    page.get_by_role("button", name="Show all").click()
    assert len(shown(page)) == 4
    assert "#show" not in page.url
    assert page.evaluate("document.activeElement.type") == "checkbox"


def test_a_filtered_view_can_be_linked_to(visit: Opener) -> None:
    first = visit(sample_report()).page
    first.get_by_role("checkbox", name="note").check()
    first.locator("select[name=run]").select_option(index=1)
    link = "#" + first.url.split("#")[1]
    second = visit(sample_report(), link=link).page
    assert second.get_by_role("checkbox", name="note").is_checked()
    assert shown(second) == shown(first)


@pytest.mark.parametrize("link", ["#show?", "#show?severity=none", "#show?a=b&run=x", "#show?%"])
def test_a_strange_address_shows_everything(visit: Opener, link: str) -> None:
    done = visit(sample_report(), link=link)
    assert len(shown(done.page)) == 4
    assert done.trouble == []


def test_a_link_to_an_entry_that_is_filtered_out_shows_it(visit: Opener) -> None:
    report = sample_report()
    page = visit(report).page
    page.get_by_role("checkbox", name="error").check()
    page.get_by_role("link", name="Raise the learning rate to 1e-3").first.click()
    assert page.locator(f"[id='{report.findings[6].id}']").is_visible()
    assert len(shown(page)) == 4


def test_rows_are_filtered_as_cards_are(visit: Opener) -> None:
    page = visit(large_report(70)).page
    assert len(shown(page)) == 70
    page.locator("select[name=run]").select_option(index=2)
    left = page.locator("[data-severity][data-stage]:visible")
    assert 0 < left.count() < 70
    assert page.locator("tr[data-severity]:visible").count() < 10


def test_a_page_with_little_on_it_has_no_filters(visit: Opener) -> None:
    assert visit(quiet_report()).page.locator(".filters").count() == 0
