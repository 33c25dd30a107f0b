"""``advisor explain RULE``: a rule's documentation page, in the terminal."""

from __future__ import annotations

import argparse
import sys

from advisor.cli import OK, common
from advisor.docs import rule_page
from advisor.errors import UsageError, nearest


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    plugins = common.plugins(common.settings(options))
    rule = plugins.rules.get(options.rule)
    if rule is None:
        hint = nearest(options.rule, plugins.rules) or "; `advisor rules` lists them"
        raise UsageError(f"no rule is named {options.rule!r}{hint}")
    sys.stdout.write(rule_page(rule, plugins.measurements.get(rule.name)))
    return OK
