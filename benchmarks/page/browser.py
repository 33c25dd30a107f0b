"""Opens pages in a headless browser, each with an empty profile, and takes their times."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")

# Each place is asked for, so that nothing off the screen may be left for later.
DRAWN = """
window.addEventListener("load", async () => {
  for (const element of document.querySelectorAll("*")) {
    if (getComputedStyle(element).contentVisibility === "auto") element.style.contentVisibility = "visible";
  }
  for (const chart of document.querySelectorAll("svg")) chart.getBoundingClientRect();
  const frame = () => new Promise(requestAnimationFrame);
  await frame(); await frame();
  window.drawnAfter = performance.now();
});
"""  # noqa: E501  # a script reads better unbroken
CLICKED = """async () => {
  const box = document.querySelector("input[type=checkbox]");
  if (!box) return 0;
  const frame = () => new Promise(requestAnimationFrame);
  const begun = performance.now();
  box.click();
  document.body.getBoundingClientRect();
  await frame(); await frame();
  return performance.now() - begun;
}"""


class Times(NamedTuple):
    """What a page took, in milliseconds."""

    ready: float
    """Until it was parsed (DOMContentLoaded)."""
    drawn: float
    """Until every chart was laid out and painted."""
    click: float
    """From a click on the first filter until the next frame; 0 without filters."""


@contextmanager
def started() -> Iterator[Browser]:
    """Start the browser of this machine."""
    from playwright.sync_api import sync_playwright

    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(OPTIONS))
        try:
            yield browser
        finally:
            browser.close()


def times(browser: Browser, page: Path) -> Times:
    """Open a page from its file, as somebody does who was sent it, and take its times."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    try:
        tab = context.new_page()
        tab.add_init_script(DRAWN)
        tab.goto(page.as_uri())
        tab.wait_for_function("window.drawnAfter")
        ready, drawn = tab.evaluate(
            "[performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd,"
            " window.drawnAfter]"
        )
        return Times(ready, drawn, tab.evaluate(CLICKED))
    finally:
        context.close()
