"""The report for machines that check changes: test results, annotations, alerts, a comment."""

from __future__ import annotations

from pathlib import Path

from advisor.hookspecs import hookimpl
from advisor.renderer import Renderer
from advisor.wording.catalogues import Translations
from advisor_ci.annotations import GitHubRenderer
from advisor_ci.codequality import CodeQualityRenderer
from advisor_ci.junit import JUnitRenderer
from advisor_ci.sarif import SarifRenderer


@hookimpl
def register_renderers() -> tuple[Renderer, ...]:
    """Declare the formats."""
    return (JUnitRenderer(), GitHubRenderer(), SarifRenderer(), CodeQualityRenderer())


@hookimpl
def register_translations() -> tuple[Translations, ...]:
    """Say where the catalogues of other languages lie."""
    return (Translations(Path(__file__).parent),)
