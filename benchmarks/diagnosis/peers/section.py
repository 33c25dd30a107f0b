"""The part of the accuracy page that sets other tools beside advisor, from the figures alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.diagnosis.peers.ask import BASES
from benchmarks.diagnosis.peers.bar import bar
from benchmarks.diagnosis.tables import shown, table

Figures = dict[str, Any]
FIGURES = {"recall": "recall", "precision": "precision", "false alarms": "alarms"}
COUNTED = {"warnings": "warnings and errors", "all": "all findings, notes too"}


def section(peers: Figures) -> str:
    """Return the part as Markdown, without a final newline."""
    return "\n\n".join(
        [
            "## Beside other tools",
            _METHOD.format(bases=BASES),
            "### What was wanted, and what is met",
            bar(peers),
            "### On the logs that a tool can read, and the faults that it claims",
            *(_part(peers, level, "claimed") for level in COUNTED),
            "### On all logs and all faults",
            "What a tool cannot read counts as silence here.",
            *(_part(peers, level, "everything") for level in COUNTED),
            "### What they could read",
            _read(peers),
        ]
    )


_METHOD = (
    "Each tool was asked about the logs of the first {bases} data sets and models, and advisor is "
    "held against it on the same logs; beside that, it was given the same values as clean arrays "
    "under its own names. `benchmarks/diagnosis/peers/mapping.py` says which "
    "faults each of its findings names, read generously, and which faults its documentation "
    "claims; it was committed before anything was scored. A finding is right where it names the "
    "planted fault, or states what is true of the training: a symptom of the fault, or, measured, "
    "that it overfits, blew up or was not done. Else it is wrong. What only states a fact, such "
    "as a rate without warm-up, an option, or what a log lacks, is neither, for the tools as for "
    "advisor; nor is what nobody knows. An option of advisor is wrong where its condition does not "
    "hold. On the faults that a tool claims, only findings count that name one of them or state a "
    "symptom of one, for both: so a note about another fault is no false alarm there, and no find. "
    "Most of those runs are healthy or harmless: that is why precision is lower here than among "
    "all findings above, where options and what a log lacks count too. A tool that takes long was "
    "asked about a sample that is always the same, drawn from "
    "every way to train and every fault, and advisor is judged on the same sample beside it. "
    "Copies of a training count as one. In brackets: Wilson's 95 % interval; that of a "
    "difference, advisor less the tool, is from a bootstrap over trainings."
)


def _part(peers: Figures, level: str, scope: str) -> str:
    both = ["recall", "precision"] if level == "all" else ["recall", "precision", "false alarms"]
    compared = (cell for name in both for cell in (name, "advisor's", "difference"))
    head = ("tool", "given", *compared, "F1", "advisor's")
    rows = [
        (tool, given, *_cells(figures[scope][level], [FIGURES[name] for name in both]))
        for tool, given, figures in _each(peers)
        if figures["read"]
    ]
    return f"Counting {COUNTED[level]}:\n\n{table(head, rows)}"


def _each(peers: Figures) -> Iterator[tuple[str, str, Figures]]:
    for tool, inputs in peers.items():
        for given, figures in inputs.items():
            yield tool, given, figures


def _cells(figures: Figures, names: list[str]) -> Iterator[str]:
    for name in names:
        both = figures[name]
        yield from (shown(both["theirs"]), shown(both["ours"]), _difference(both["difference"]))
    yield from (f"{f1:.2f}" for f1 in figures["f1"].values())


def _difference(gap: Figures) -> str:
    if not gap:
        return ""
    low, high = gap["interval"]
    return f"{gap['mean']:+.1%} ({low:+.1%} to {high:+.1%})"


def _read(peers: Figures) -> str:
    head = ("tool", "given", "trainings", "logs", "read", "failed", "seconds a log", "held to")
    rows = [
        (
            tool,
            given,
            f"{figures['trainings']:,}",
            f"{figures['logs']:,}",
            f"{figures['read']:,}",
            f"{sum(figures['crashes'].values()):,}",
            f"{figures['seconds']:.3f}",
            ", ".join(figures["claimed"]["all"]["faults"]),
        )
        for tool, given, figures in _each(peers)
    ]
    return table(head, rows)
