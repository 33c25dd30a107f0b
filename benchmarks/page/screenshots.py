"""Pictures of the reports on the example runs: `python -m benchmarks.page.screenshots FOLDER`.

The comment is drawn by a Markdown parser and a style of its own, which is near to GitHub's.
"""

from __future__ import annotations

import base64
import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from markdown_it import MarkdownIt
from rich.console import Console
from rich.text import Text

from advisor.manager import load_plugins
from advisor.report import Report
from advisor_terminal.renderer import TerminalRenderer
from benchmarks.page.browser import started
from benchmarks.page.reports import recorded

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MERMAID = Path(__file__).parents[2] / ".env-browsers/node_modules/mermaid-11/dist/mermaid.min.js"
DRAWN = """async () => {
  mermaid.initialize({ startOnLoad: false });
  await mermaid.run({ querySelector: ".language-mermaid" });
}"""
LARGEST = 80_000
"""Bytes of a picture."""
COLUMNS = 90
DRAWN_BY_GITHUB = {
    "[!CAUTION]": "<b style='color:#d1242f'>Caution</b><br>",
    "🔴": "<span style='color:#d1242f'>●</span>",
    "🟠": "<span style='color:#bc4c00'>●</span>",
    "🔵": "<span style='color:#0969da'>●</span>",
    "🟢": "<span style='color:#1a7f37'>●</span>",
}
"""What the fonts of a server, or plain Markdown, lack."""
COMMENT = """<!doctype html><meta charset="utf-8"><style>
body{font:15px/1.5 system-ui,sans-serif;color:#1f2328;max-width:860px;margin:24px auto;padding:0 24px}
h2{border-bottom:1px solid #d1d9e0;padding-bottom:6px}table{border-collapse:collapse;font-size:14px}
th,td{border:1px solid #d1d9e0;padding:5px 11px}code{background:#818b981f;border-radius:5px;padding:2px 5px}
pre{background:#f6f8fa;padding:12px}pre code{background:none;padding:0}
blockquote{border-left:4px solid #d1242f;margin:0;padding:0 14px}</style>"""  # noqa: E501  # a style


class Picture(NamedTuple):
    """What is photographed of a page."""

    name: str
    page: str
    """``html``, ``terminal`` or ``comment``."""
    width: int
    height: int
    options: dict[str, Any] = {}
    """Of the browser: scheme, media, a phone's touch."""
    start: str = ""
    """What the picture begins with; empty for the top."""


PICTURES = (
    Picture("light", "html", 1200, 900),
    Picture("dark", "html", 1200, 900, {"color_scheme": "dark"}),
    Picture("finding", "html", 1200, 760, start="article.card"),
    Picture("what-to-log", "html", 1200, 640, start="#lacks"),
    Picture("phone", "html", 390, 1300, {"has_touch": True}),
    Picture("print", "html", 794, 1123, {"media": "print"}),
    Picture("terminal", "terminal", 900, 720),
    Picture("comment", "comment", 908, 1200),
)


def main(folder: Path) -> None:
    """Write all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = _pages(recorded())
    with started() as browser:
        for picture in PICTURES:
            with _opened(browser, picture, pages[picture.page]) as page:
                (folder / f"{picture.name}.webp").write_bytes(_taken(page, picture))


def _pages(report: Report) -> dict[str, str]:
    renderers = load_plugins().renderers
    comment = MarkdownIt("gfm-like", {"linkify": False}).render(
        renderers["markdown"].render(report)
    )
    for mark, drawn in DRAWN_BY_GITHUB.items():
        comment = comment.replace(mark, drawn)
    return {
        "html": renderers["html"].render(report),
        "terminal": _screen(TerminalRenderer(COLUMNS, color=True).render(report)),
        "comment": COMMENT + comment,
    }


def _screen(said: str) -> str:
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor")
    console.print(Text.from_ansi(said))
    return console.export_html()


@contextmanager
def _opened(browser: Browser, picture: Picture, source: str) -> Iterator[Page]:
    options = {name: value for name, value in picture.options.items() if name != "media"}
    size = {"width": picture.width, "height": picture.height}
    context = browser.new_context(viewport=size, offline=True, **options)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.html")
        path.write_text(source, encoding="utf-8")
        page = context.new_page()
        page.goto(path.as_uri())
        page.emulate_media(media=picture.options.get("media"))
        if picture.page == "comment" and MERMAID.exists():
            page.add_script_tag(path=MERMAID)
            page.evaluate(DRAWN)
        yield page
    context.close()


def _taken(page: Page, picture: Picture) -> bytes:
    """Return the picture as WebP, which is a third of a PNG."""
    top = page.locator(picture.start).first.bounding_box() if picture.start else None
    y = max(top["y"] - 16, 0) if top else 0
    clip = {"x": 0, "y": y, "width": picture.width, "height": picture.height, "scale": 1}
    wanted = {"format": "webp", "quality": 62, "clip": clip, "captureBeyondViewport": True}
    made = page.context.new_cdp_session(page).send("Page.captureScreenshot", wanted)
    taken = base64.b64decode(made["data"])
    if len(taken) > LARGEST:
        raise SystemExit(
            f"{picture.name} has {len(taken):,} bytes: make it smaller than {LARGEST:,}"
        )
    return taken


if __name__ == "__main__":
    main(Path(sys.argv[1]))
