"""The report as Markdown, for each place where such comments are shown."""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.renderer import Renderer
from advisor.wording.catalogues import Translations
from advisor_markdown.dialect import DIALECTS
from advisor_markdown.renderer import MarkdownRenderer


@hookimpl
def register_renderers() -> tuple[Renderer, ...]:
    """Declare one format for each dialect."""
    return tuple(MarkdownRenderer(dialect) for dialect in DIALECTS)


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
