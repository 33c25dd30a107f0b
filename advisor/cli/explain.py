"""``advisor explain RULE``: a rule's documentation page, in the terminal."""

from __future__ import annotations

import argparse
import sys

from advisor.cli import OK, common
from advisor.docs import rule_page
from advisor.errors import UsageError, nearest
from advisor.language import ENGLISH, spoken, tell, word
from advisor.page import page


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    plugins = common.plugins(common.settings(options))
    rule = plugins.rules.get(options.rule)
    if rule is None:
        hint = nearest(options.rule, plugins.rules) or word("; `advisor rules` lists them")
        text = "no rule is named '{name:given}'{hint:sentence}"
        raise UsageError(text, name=options.rule, hint=hint)
    if spoken() != ENGLISH:
        text = "{name:given}: {summary:sentence} The page below is in English."
        sys.stdout.write(f"{tell(text, name=rule.name, summary=word(page(rule).summary))}\n\n")
    sys.stdout.write(rule_page(rule, plugins.measurements.get(rule.name)))
    return OK
