"""``advisor explain RULE``: a rule's documentation page, in the terminal."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator

from advisor.cli import OK, common
from advisor.docs import rule_page
from advisor.errors import UsageError, nearest
from advisor.language import ENGLISH, spoken, tell, term, word
from advisor.page import page
from advisor.rule import BaseRule

_PARTS = {
    "do": term("Do this"),
    "why": term("Why"),
    "check": term("Check that it worked"),
    "unless": term("Skip this if…"),
}
"""Parts of a rule's advice that other languages have as well, each with its label."""
_COUNT = re.compile(r"\{\w+:count ([^{}|]*)[^{}]*\}")
_FIELD = re.compile(r"\{[^{}]*\}")


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    plugins = common.plugins(common.settings(options))
    rule = plugins.rules.get(options.rule)
    if rule is None:
        hint = nearest(options.rule, plugins.rules) or word("; `advisor rules` lists them")
        text = "no rule is named '{name:given}'{hint:sentence}"
        raise UsageError(text, name=options.rule, hint=hint)
    if spoken() != ENGLISH:
        sys.stdout.writelines(f"{line}\n" for line in _head(rule))
    sys.stdout.write(rule_page(rule, plugins.measurements.get(rule.name)))
    return OK


def _head(rule: type[BaseRule]) -> Iterator[str]:
    """Yield what the reader's language has of a rule, whose page is in English."""
    text = "{label:sentence}: {said:sentence}"
    yield tell(text, label=rule.name, said=word(page(rule).summary))
    yield ""
    yield tell(text, label=word("Severity"), said=word(rule.severity.value))
    yield tell(text, label=word("Stage"), said=word(rule.stage.value))
    for part, label in _PARTS.items():
        yield tell(text, label=word(label), said=_general(word(rule.texts[part])))
    yield ""
    yield word("Where … stands, a finding has a value or a name. The page below is in English.")
    yield ""


def _general(template: str) -> str:
    """Write a template without its values: ``Stop near … …`` has one place left open."""
    return re.sub(r"…(?:\s*…)+", "…", _FIELD.sub("…", _COUNT.sub(r"…\1", template)))
