"""The report as a Markdown comment for a pull request, in GitHub's dialect."""

from __future__ import annotations

from advisor.hookspecs import hookimpl
from advisor.renderer import Renderer
from advisor_markdown.renderer import MarkdownRenderer


@hookimpl
def register_renderers() -> tuple[Renderer, ...]:
    """Declare the format."""
    return (MarkdownRenderer(),)
