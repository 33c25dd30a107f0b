"""The report for a terminal: one screen that a person can act on."""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.renderer import Renderer
from advisor.wording.catalogues import Translations
from advisor_terminal.renderer import TerminalRenderer


@hookimpl
def register_renderers() -> tuple[Renderer, ...]:
    """Declare the format: plain text, 100 columns wide."""
    return (TerminalRenderer(),)


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
