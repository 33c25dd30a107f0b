"""The report as one self-contained web page."""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.renderer import Renderer
from advisor.wording.catalogues import Translations
from advisor_html.renderer import HtmlRenderer

__all__ = ["HtmlRenderer"]


@hookimpl
def register_renderers() -> list[Renderer]:
    """Return the page's renderer."""
    return [HtmlRenderer()]


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
