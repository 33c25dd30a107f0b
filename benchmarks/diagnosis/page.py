"""The page that says how often advisor was right, from the figures alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.diagnosis.score import LEVELS
from benchmarks.diagnosis.tables import shown, table

COMMAND = "make bench-diagnosis"
Figures = dict[str, Any]


def page(result: Figures) -> str:
    """Return the page as Markdown, with a final newline."""
    parts = [
        f"<!-- Written by `{COMMAND}`: change benchmarks/diagnosis. -->",
        "# How often the advice is right",
        _method(result),
        "## Trainings",
        _states(result),
        "## Rules",
        _rules(result["rules"]),
        "## Faults",
        _faults(result["faults"]),
        "## False alarms",
        _list(result["false_alarms"]),
        "## Missed faults",
        _list(result["missed"]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _method(result: Figures) -> str:
    return (
        f"{result['trainings']:,} small networks were trained, with and without planted faults, "
        "on data sets and architectures of the "
        f"{result['split']} split, three seeds each, and logged by step and by epoch. A fault "
        "counts where the training ends worse than its twin by more than the seeds vary, or "
        "takes half as many steps again to come as far; otherwise it is harmless. A way to train "
        "counts as healthy where neither twice the epochs, nor a third or three times the rate, "
        "nor an earlier epoch is better than its end by more than the seeds vary; otherwise it is "
        "left out as unclear. The "
        "copies of a training count as one: a false alarm in any copy is one, and what is found "
        "counts by the share of the copies. In brackets: Wilson's 95 % interval; fewer than 20 "
        "trainings are given as counts."
    )


def _states(result: Figures) -> str:
    rows = [(state, f"{count:,}") for state, count in result["states"].items()]
    alarms = (
        f"A warning or an error on {shown(result['alarmed'])} healthy or harmless trainings, "
        f"{shown(result['alarmed_healthy'])} of the healthy ones."
    )
    return f"{table(('state', 'trainings'), rows)}\n\n{alarms}"


def _rules(rules: Figures) -> str:
    head = ("rule", "trainings", "right", "condition held", "false alarms", "needless notes",
            *(f"recall, {level}" for level in LEVELS))  # fmt: skip
    rows = [
        (
            rule,
            str(f["n"]),
            shown(f["precision"]),
            shown(f["conditions"]),
            shown(f["alarms"]),
            shown(f["notes"]),
            *(shown(f["recall"][level]) for level in LEVELS),
        )
        for rule, f in rules.items()
    ]
    return table(head, rows)


def _faults(faults: Figures) -> str:
    head = ("fault", "level", "named in a finding", "in a warning or an error",
            "in the first diagnosis", "first of all")  # fmt: skip
    return table(head, _fault_rows(faults))


def _fault_rows(faults: Figures) -> Iterator[tuple[str, ...]]:
    for fault, levels in faults.items():
        for level, figures in levels.items():
            if figures["found"]["of"]:
                yield (fault, level, *(shown(figure) for figure in figures.values()))


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line.replace('|', '/')}" for line in lines) or "None."
