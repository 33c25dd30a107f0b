"""Opens pages in a real browser: from a file, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from advisor.report import Report
from advisor_html import HtmlRenderer
from tests.conftest import chromium
from tests.reports.advisor_html.opened import Opener, Scheme, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

READY = "html[data-unpacked], body[data-curves='']"
"""True once charts can be drawn anew."""
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(OPTIONS))
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    contexts = []

    def opened(
        report: Report, scheme: Scheme = "light", width: int = 1280, link: str = "", **more: Any
    ) -> Visit:
        path = tmp_path / "report.html"
        path.write_text(HtmlRenderer().render(report), encoding="utf-8")
        viewport: ViewportSize = {"width": width, "height": 900}
        context = browser.new_context(color_scheme=scheme, viewport=viewport, offline=True, **more)
        contexts.append(context)
        made = Visit(context.new_page())
        made.page.goto(path.as_uri() + link)
        if more.get("java_script_enabled", True):
            made.page.mouse.move(1, 1)
            made.page.locator(READY).first.wait_for(state="attached")
        return made

    yield opened
    for context in contexts:
        context.close()
