"""Writes what the product knows of its own accuracy, from the committed figures.

python -m benchmarks.diagnosis.publish
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from advisor.accuracy import ConfidenceBin, Measurement, Rate
from advisor.manager import load_plugins
from advisor.rule import BaseRule, Stage
from advisor_rules.measured import FILE, Accuracy
from benchmarks.diagnosis.calibrate import Judged, calibrated, drawn_to
from benchmarks.diagnosis.leading import also

RESULTS = Path(__file__).with_name("results") / "development.json"
PLUGIN = "rules"
"""The plugin whose rules were measured."""

Figures = Mapping[str, Any]


def accuracy(result: Figures) -> Accuracy:
    """Return what the figures of the development split say of each rule."""
    plugins = load_plugins()
    rules = [r for n, r in plugins.rules.items() if plugins.origin[f"rule {n}"] == PLUGIN]
    judged = {rule.name: list(_judged(rule.name, result["rules"])) for rule in rules}
    return Accuracy(
        split=result["split"],
        trainings=result["trainings"],
        rules=tuple(
            _measurement(
                rule, rules, judged, result["rules"][rule.name], result["led"].get(rule.name, {})
            )
            for rule in sorted(rules, key=lambda rule: rule.name)
            if rule.name in result["rules"]
        ),
    )


def text(result: Figures) -> str:
    """Return the file's content."""
    data = accuracy(result).model_dump(exclude_defaults=True)
    return json.dumps(data, indent=1) + "\n"


def write(result: Figures) -> None:
    """Write the file."""
    FILE.write_text(text(result), encoding="utf-8")


def _judged(rule: str, figures: Figures) -> Iterator[Judged]:
    for estimate, right, training in figures.get(rule, {}).get("confidence", ()):
        yield Judged(estimate, bool(right), f"{rule} {training}")


def _measurement(
    rule: type[BaseRule],
    rules: Iterable[type[BaseRule]],
    judged: Mapping[str, list[Judged]],
    found: Figures,
    led: Mapping[str, int],
) -> Measurement:
    group, bins = _bins(rule, rules, judged)
    own = _rate(found["right"])
    if group:
        bins = drawn_to(bins, own)
    # A rule across runs is asked about lone runs as well, where it has nothing to compare.
    alone = rule.subject == "sweep" and not found.get("sweeps")
    alarms = Rate(part=found["alarms_loud"]["part"], of=found["fine_judged"])
    return Measurement(
        name=rule.name,
        also=also(rule.name, led),
        alarms=Rate() if alone else alarms,
        right=own,
        recall={level: _rate(rate) for level, rate in found["recall"].items() if rate["of"]},
        group=group,
        bins=bins,
    )


def _bins(
    rule: type[BaseRule], rules: Iterable[type[BaseRule]], judged: Mapping[str, list[Judged]]
) -> tuple[str, tuple[ConfidenceBin, ...]]:
    """Return the bins of the smallest group of rules with findings enough, and its name.

    The groups are the rule itself, those of its stage, and those of its nature. Rules across
    runs, and rules on the log, whose findings are mostly plain facts, stand for no others.
    """
    like = [r for r in rules if _sort(r) == _sort(rule)]
    groups = {
        "": [rule],
        f"all rules of the stage {rule.stage.value}": [r for r in like if r.stage is rule.stage],
        f"all rules on {rule.nature.value}s": [r for r in like if r.nature is rule.nature],
    }
    for group, members in groups.items():
        bins = calibrated([finding for member in members for finding in judged[member.name]])
        if bins:
            return group, bins
    return "", ()


def _sort(rule: type[BaseRule]) -> tuple[bool, bool]:
    return rule.subject == "sweep", rule.stage is Stage.TELEMETRY


def _rate(figure: Figures) -> Rate:
    return Rate(part=figure["part"], of=figure["of"])


if __name__ == "__main__":
    write(json.loads(RESULTS.read_text(encoding="utf-8")))
