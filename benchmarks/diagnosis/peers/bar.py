"""Which parts of what was wanted beside other tools are met, from the figures alone."""

from __future__ import annotations

from typing import Any

from benchmarks.diagnosis.tables import table

Figures = dict[str, Any]
TIMES = 2.0
"""How many times the F1 of the best tool is wanted."""
LEVELS = {"warnings": "warnings and errors", "all": "with notes"}

_WANTED = (
    "On the logs that a tool can read and the faults that it claims, advisor's recall should be "
    "higher, and its precision not lower: **met** or **not met**, with what the interval of the "
    "paired difference says. The last column says of which findings both hold at once."
)
BOTH = "both of the same findings"


def bar(peers: Figures) -> str:
    """Return a table of what is met for each tool and input that was read, and the best F1."""
    cells = [(level, name) for level in LEVELS for name in ("recall", "precision")]
    head = ("tool", "given", *(f"{name}, {LEVELS[level]}" for level, name in cells), BOTH)
    rows = [
        (
            tool,
            given,
            *(_shown(figures["claimed"][level], name) for level, name in cells),
            _both(figures["claimed"]),
        )
        for tool, inputs in peers.items()
        for given, figures in inputs.items()
        if figures["read"]
    ]
    return f"{_WANTED}\n\n{table(head, rows)}\n\n{_f1(peers)}"


def _shown(figures: Figures, name: str) -> str:
    """Say whether what was wanted of a figure is met, and what the interval says."""
    said = _compared(figures, name)
    return f"{_said(_met(figures, name))}: {said}" if said else ""


def _met(figures: Figures, name: str) -> bool:
    """Tell whether recall is higher, or precision not lower, beyond what chance explains."""
    said = _compared(figures, name)
    return said == "higher" or (name == "precision" and said == "no clear difference")


def _compared(figures: Figures, name: str) -> str:
    """Say how advisor's figure is to the tool's; nothing where one of them has none."""
    gap = figures[name]["difference"]
    if not gap:
        return ""
    low, high = gap["interval"]
    return "higher" if low > 0 else "lower" if high < 0 else "no clear difference"


def _both(claimed: Figures) -> str:
    """Say of which findings recall is higher while precision is not lower."""
    met = [
        said
        for level, said in LEVELS.items()
        if _met(claimed[level], "recall") and _met(claimed[level], "precision")
    ]
    return f"{_said(bool(met))}{': ' if met else ''}{'; '.join(met)}"


def _f1(peers: Figures) -> str:
    """Say how advisor's F1 on all runs is to that of the best tool, all findings counted."""
    read = (
        (f"{tool}, given {given}", figures["everything"]["all"]["f1"])
        for tool, inputs in peers.items()
        for given, figures in inputs.items()
        if figures["read"]
    )
    tool, best = max(read, key=lambda found: found[1]["theirs"])
    if not best["theirs"]:
        return "On all runs no tool names a fault."
    times = best["ours"] / best["theirs"]
    return (
        f"On all runs, F1 should be at least {TIMES:g} times that of the best tool: "
        f"{_said(times >= TIMES)}. The best is {tool}, with {best['theirs']:.2f}; advisor has "
        f"{best['ours']:.2f} on the same runs, {times:.2f} times as much."
    )


def _said(met: bool) -> str:
    return "**met**" if met else "**not met**"
