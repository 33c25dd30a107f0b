"""``advisor rules``: list the rules, for people or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from rich.cells import cell_len

from advisor.accuracy import Measurement, Rate, allowed, why_quieter
from advisor.cli import OK, common
from advisor.language import tell, word
from advisor.manager import Plugins
from advisor.page import options, page
from advisor.presentation.accuracy import FEWEST, brief
from advisor.rule import BaseRule, Rule
from advisor.wording.cells import padded

Data = dict[str, Any]


def execute(options: argparse.Namespace) -> int:
    """Carry out the command and return the exit code."""
    plugins = common.plugins(common.settings(options))
    rules = sorted(plugins.rules.values(), key=lambda rule: (rule.stage.rank, rule.name))
    if options.format == "json":
        listed = [_as_data(rule, plugins) for rule in rules]
        sys.stdout.write(json.dumps(listed, indent=1, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in _lines(rules, plugins.measurements))
    return OK


def _lines(rules: Iterable[type[BaseRule]], measured: dict[str, Measurement]) -> Iterator[str]:
    rows = [(rule, brief(measured.get(rule.name))) for rule in rules]
    width = max((len(rule.name) for rule, _ in rows), default=0)
    wide = max((cell_len(accuracy) for _, accuracy in rows), default=0)
    stage = ""
    for rule, accuracy in rows:
        if rule.stage.value != stage:
            stage = rule.stage.value
            yield f"\n{word(stage)}"
        severity = padded(word(allowed(rule.severity, measured.get(rule.name))), 7)
        summary = word(page(rule).summary)
        yield f"  {rule.name:{width}}  {severity}  {padded(accuracy, wide)}  {summary}"
    yield f"\n{tell('{n:count rule|rules}; `advisor explain RULE` says more of one', n=len(rows))}"
    if measured:
        yield word(
            "right: of the benchmark's trainings on which a rule spoke; alarms: warnings and "
            "errors on its healthy runs"
        )


def _as_data(rule: type[BaseRule], plugins: Plugins) -> Data:
    measurement = plugins.measurements.get(rule.name)
    unproven = why_quieter(rule.severity, measurement)
    return {
        "name": rule.name,
        "summary": page(rule).summary,
        "stage": rule.stage.value,
        "kind": rule.subject,
        "nature": rule.nature.value,
        "severity": allowed(rule.severity, measurement).value,
        "meant": rule.severity.value,
        "unproven": unproven.text if unproven else None,
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
        "documents": sorted({citation.key for citation in rule.citations if citation.key}),
        "citations": [citation.model_dump() for citation in rule.citations],
        "accuracy": _accuracy(measurement) if measurement else None,
    }


def _accuracy(measurement: Measurement) -> Data:
    return {
        "right": _rate(measurement.right),
        "false_alarms": _rate(measurement.alarms),
        "recall": {level: _rate(found) for level, found in measurement.recall.items()},
        "also": [cause.model_dump() for cause in measurement.also],
        "confidence": {
            "of": measurement.group or measurement.name,
            "bins": [
                {"up_to": b.up_to, "confidence": b.confidence, "right": _rate(b.right)}
                for b in measurement.bins
            ],
        },
    }


def _rate(rate: Rate) -> Data:
    """Give the interval only where there is enough to speak of a rate."""
    interval = [round(bound, 4) for bound in rate.interval] if rate.of >= FEWEST else None
    return {"part": rate.part, "of": rate.of, "interval": interval}
