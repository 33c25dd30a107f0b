"""``advisor rules``: list the rules, for people or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from advisor.cli import OK, common
from advisor.manager import Plugins
from advisor.page import options, page
from advisor.rule import BaseRule, Rule


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    plugins = common.plugins(common.settings(options))
    rules = sorted(plugins.rules.values(), key=lambda rule: (rule.stage.rank, rule.name))
    if options.format == "json":
        listed = [_as_data(rule, plugins) for rule in rules]
        sys.stdout.write(json.dumps(listed, indent=1, ensure_ascii=False) + "\n")
        return OK
    width = max((len(rule.name) for rule in rules), default=0)
    stage = ""
    for rule in rules:
        if rule.stage.value != stage:
            stage = rule.stage.value
            sys.stdout.write(f"\n{stage}\n")
        severity = rule.severity.value
        sys.stdout.write(f"  {rule.name:{width}}  {severity:7}  {page(rule).summary}\n")
    sys.stdout.write(f"\n{len(rules)} rules; `advisor explain RULE` says more of one\n")
    return OK


def _as_data(rule: type[BaseRule], plugins: Plugins) -> dict[str, Any]:
    return {
        "name": rule.name,
        "summary": page(rule).summary,
        "stage": rule.stage.value,
        "kind": "run" if issubclass(rule, Rule) else "sweep",
        "nature": rule.nature.value,
        "severity": rule.severity.value,
        "symptoms": list(rule.symptoms),
        "requires": list(rule.requires) if issubclass(rule, Rule) else [],
        "plugin": plugins.origin[f"rule {rule.name}"],
        "options": {
            option.name: {
                "default": option.default,
                "meaning": option.meaning,
                "source": option.source,
            }
            for option in options(rule)
        },
        "citations": [citation.model_dump() for citation in rule.citations],
    }
