"""A report inside a notebook: the page in a frame of its own, so that no style leaks."""

from __future__ import annotations

from html import escape

from advisor.manager import load_plugins
from advisor.report import Report

HEIGHT = 640
"""Pixels of the frame; the page scrolls inside it."""
ALLOWED = "allow-scripts allow-downloads allow-popups allow-popups-to-escape-sandbox"
"""To the page: its own script, saving its JSON, and opening a source in a tab of its own."""


def framed(report: Report) -> str:
    """Return the report's page as a sandboxed inline frame."""
    page = load_plugins().renderers["html"].render(report)
    return (
        f'<iframe sandbox="{ALLOWED}" title="advisor report" srcdoc="{escape(page)}" '
        f'style="width:100%;height:{HEIGHT}px;border:0"></iframe>'
    )
