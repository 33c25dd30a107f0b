"""Puts the page together: one file that needs no network, no script and no style to be read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from advisor import presentation as words
from advisor.finding import Severity
from advisor.language import shown, spoken, tell, word
from advisor.presentation.comparison import HEADING, outcome_word, score_phrase, settings_phrases
from advisor.presentation.lacks import lack_phrase, lacks, waiting
from advisor.report import Report
from advisor.report.enclosed import enclosed
from advisor.text import Message, clean, number, percent, spans
from advisor_html import baseline, cards, filters, overview, safety
from advisor_html.compact import compact_code, compact_page
from advisor_html.phrases import phrases
from advisor_html.store import Store

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_STOPS = (".", "?", "!", "。", "？", "！")

SCRIPTS = ("page.js", "filters.js", "charts.js")


class HtmlRenderer:
    """Writes one self-contained page, with the report's JSON inside."""

    name = "html"
    suffix = ".html"
    summary = "one self-contained page with charts, to open in a browser or attach"

    def render(self, report: Report) -> str:
        """Write the page."""
        environment = _environment()
        return compact_page(environment.get_template("page.html.j2").render(_content(report)))


def _content(report: Report) -> dict[str, Any]:
    entries = words.entries(report)
    style, script, store = _asset("page.css"), _script(), Store()
    compared = baseline.compared(report, store)
    shown = tuple(cards.card(report, entry, store) for entry in entries[: cards.FULL])
    rows = tuple(cards.row(report, entry, store) for entry in entries[cards.FULL :])
    run_cards = overview.run_cards(report, entries, store)
    return {
        "report": report,
        "language": spoken(),
        "phrases": phrases(),
        "style": style,
        "script": script,
        "policy": safety.policy(style, script),
        "enclosed": enclosed(store.held(report)),
        "curves": store.places(report),
        "compared": compared,
        "entries": entries,
        "pressing": words.pressing(entries),
        "cards": shown,
        "rows": rows,
        "run_cards": run_cards,
        "more_runs": words.worst_first(report.runs)[overview.CARDS :],
        "anchors": overview.run_anchors(report),
        "outcomes": {
            outcome: overview.outcomes(report, outcome)
            for outcome in ("passed", "not-applicable", "error")
        },
        "lacks": lacks(report),
        "waiting": waiting(report),
        "need_probe": words.needing_probe(report),
        "facts": tuple(overview.facts(report)),
        "severities": tuple(Severity),
        "filters": filters.filters(report, entries),
    }


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("advisor_html", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_sentences(), name=clean, figure=number, percent=percent)
    environment.globals.update(word=word, tell=tell)
    environment.globals.update(
        heading=HEADING,
        outcome_word=outcome_word,
        score_phrase=score_phrase,
        settings_phrases=settings_phrases,
    )
    environment.globals.update(words=words, rule_count=overview.rule_count, CASES=cards.CASES)
    environment.globals.update(lack_phrase=lack_phrase)
    return environment


def _sentences() -> dict[str, Callable[..., Markup]]:
    from markupsafe import Markup, escape

    def say(said: Message | str) -> Markup:
        """Write a sentence; what stands between its backticks becomes code."""
        return Markup("").join(
            Markup("<code>{}</code>").format(span.text) if span.code else escape(span.text)
            for span in spans(safety.shown(shown(said)))
        )

    def stop(said: Message | str) -> Markup:
        """Write a sentence with a full stop."""
        text = shown(said)
        return say(text if text.endswith(_STOPS) else tell("{text:sentence}.", text=text))

    def full(said: Message | str) -> Markup:
        """Write a sentence that stands alone: with a capital, and with a full stop."""
        text = shown(said)
        return stop(text[:1].upper() + text[1:])

    def quoted(text: str) -> Markup:
        """Write JSON, which is full of double quotes, between single ones."""
        return Markup('"').join(map(escape, text.split('"')))

    def parted(said: Message | str) -> Markup:
        """Write a path that may be broken after each of its parts."""
        return Markup("/<wbr>").join(escape(part) for part in shown(said).split("/"))

    return {"parted": parted, "quoted": quoted, "say": say, "stop": stop, "full": full}


def _script() -> str:
    """Return the page's scripts as one, in which they see each other and nobody sees them."""
    parts = "\n".join(_asset(name) for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def _asset(name: str) -> str:
    return compact_code(files("advisor_html").joinpath(name).read_text(encoding="utf-8"))
