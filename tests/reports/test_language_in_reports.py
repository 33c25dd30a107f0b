"""Reports in Chinese hold no English but names, code and the titles of sources."""

from __future__ import annotations

import html
import re
from functools import cache

import pytest

from advisor.api import analyze
from advisor.language import Catalogue, speak, speaking
from advisor.manager import load_plugins
from advisor.report import Report
from advisor.wording.catalogues import load_catalogue
from tests.reports.advisor_markdown.reading import tokens
from tests.support import ROOT

RECORDED = ROOT / "examples" / "recorded"

SENTENCE = re.compile(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b")
"""Three words in a row: names and code hardly have them."""
NOT_SAID = re.compile(
    r"<script.*?</script>|<style.*?</style>|```.*?```|`[^`]*`|<code>.*?</code>|<[^>]*>", re.DOTALL
)
COMMAND = re.compile(r"advisor (run|explain) [\w-]+")


@cache
def recorded() -> Report:
    """Judge what is recorded once, with a file that is no log among it."""
    return analyze([RECORDED / name for name in ("digits-mlp-overfit", "digits-mlp-lr-too-low",
                    "diabetes-linear-nan", "wine-no-validation", "iris-four-rows",
                    "digits-vit-healthy", "manifest.csv")])  # fmt: skip


@pytest.mark.parametrize("name", ["terminal", "html", "markdown", "gitlab", "bitbucket", "github"])
def test_a_report_in_chinese_holds_no_english_sentence(name: str) -> None:
    report, plugins = recorded(), load_plugins()
    speak(load_catalogue("zh", plugins.translations.values()))
    try:
        text = plugins.renderers[name].render(report)
    finally:
        speak(Catalogue())
    assert re.search("[\u4e00-\u9fff]", text)
    said = COMMAND.sub("", html.unescape(NOT_SAID.sub(" ", text)))
    for source in {citation.source for rule in report.rules for citation in rule.citations}:
        said = said.replace(source, "")
    lines = [line for line in said.splitlines() if SENTENCE.search(line)]
    assert not lines, lines[:5]


@pytest.mark.parametrize("name", ["markdown", "step-summary", "gitlab", "bitbucket"])
def test_emphasis_in_chinese_is_read_as_emphasis(name: str) -> None:
    report, plugins = recorded(), load_plugins()
    with speaking(load_catalogue("zh", plugins.translations.values())):
        text = plugins.renderers[name].render(report)
    # Behind a full-width stop, a closing mark must be followed by a space.
    left = [token.content for token in tokens(text) if token.type == "text"]
    assert not [said for said in left if "**" in said or said.startswith(("_（", "）_"))]
