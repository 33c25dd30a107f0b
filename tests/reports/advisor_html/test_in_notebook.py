"""The page in the frame that a notebook shows: its links and filters work, and stay in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from advisor.composing.notebook import framed
from tests.sample_report import sample_report

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def notebook(browser: Browser, tmp_path: Path) -> Iterator[tuple[Page, list[str]]]:
    """A page with a report in a frame, and what went wrong on it."""
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><h1>Notes</h1>{framed(sample_report())}", encoding="utf-8")
    context = browser.new_context(viewport={"width": 1000, "height": 900}, offline=True)
    page, trouble = context.new_page(), list[str]()
    page.on("console", lambda said: trouble.append(said.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(path.as_uri())
    yield page, trouble
    context.close()


def test_a_link_inside_the_report_scrolls_the_frame_and_loads_nothing(
    notebook: tuple[Page, list[str]],
) -> None:
    page, trouble = notebook
    report = page.frame_locator("iframe")
    report.locator(".first a").first.click()
    card = report.locator("article.card").first
    card.wait_for()
    assert card.evaluate("e => e.matches(':target') && scrollY > 0")
    assert page.url.endswith("notebook.html")
    assert trouble == []


def test_filters_and_charts_work_in_the_frame(notebook: tuple[Page, list[str]]) -> None:
    page, trouble = notebook
    report = page.frame_locator("iframe")
    report.locator("input[name=severity]").first.check()
    assert "entries are shown" in report.locator(".said").inner_text()
    report.get_by_role("button", name="Log scale").first.click()
    report.locator("g.cur").first.wait_for(state="attached")
    assert trouble == []
