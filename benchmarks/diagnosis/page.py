"""The page that says how often advisor was right, from the figures alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import getitem
from typing import Any

from benchmarks.diagnosis.heldout import DRAW, STUDIED, Look
from benchmarks.diagnosis.page_text import (
    ALSO_HELD_OUT,
    FOUND,
    HELD_OUT,
    LIMITS,
    METHOD,
    RIGHT,
    SINCE,
    STUDIED_SINCE,
    SWEEPS,
    TRUTH,
)
from benchmarks.diagnosis.peers.section import section
from benchmarks.diagnosis.score import LEVELS
from benchmarks.diagnosis.tables import shown, table

COMMAND = "make bench-diagnosis"
Figures = dict[str, Any]

OVERVIEW = (
    ("healthy runs with a wrong warning or error", "healthy_alarmed", "≤ 2 %"),
    ("healthy and harmless runs with one", "fine_alarmed", ""),
    ("healthy runs with any finding on the training, notes and options too", "healthy_advised", ""),
    ("warnings and errors that are right", "precision", "≥ 95 %"),
    ("findings of any severity that are right", "precision_with_notes", ""),
    ("the same, without options and what a log lacks", "precision_of_faults", ""),
    ("blatant faults named in a finding", "recall.blatant", "≥ 95 %"),
    ("clear faults named in a finding", "recall.clear", "≥ 85 %"),
    ("blatant and clear faults named: in the first diagnosis", "among_first_of_found", "≥ 95 %"),
    ("the same: first of all", "first_of_found", "≥ 85 %"),
)
"""What comes first on the page: in words, the figure's name below ``all``, and what is wanted."""
BY_LEVEL = (
    ("named in a finding", "recall"),
    ("the same, inputs out of scale among them", "recall_of_all"),
    ("named, on logs with settings and learning rate", "recall_recorded"),
    ("named by more than an option", "recall_without_options"),
    ("named, or a symptom of them", "noticed"),
    ("named in a warning or error", "recall_loud"),
    ("in the first diagnosis", "among_first"),
    ("in the first diagnosis, or in what it says it may be else", "among_or_also"),
    ("first of all", "first"),
)
"""What is told of faults by how plain they are: in words, and the figure's name below ``all``."""


def page(result: Figures, held_out: Look | None) -> str:
    """Return the page as Markdown, with a final newline."""
    parts = [
        f"<!-- Written by `{COMMAND}`: change benchmarks/diagnosis. -->",
        "# How often the advice is right",
        _overview(result, held_out),
        "## How many faults are found",
        FOUND,
        _by_level(result, held_out),
        "## What was measured",
        METHOD.format_map(result),
        TRUTH,
        _right(result["also_trained"], held_out),
        _states(result["states"]),
        "## Each rule",
        _rules({rule: f for rule, f in result["rules"].items() if not f.get("sweeps")}),
        "## Each fault",
        _faults(result["faults"]),
        "## What a log shows",
        _by_log(result["recall_by_log"], held_out),
        "## What a log keeps back",
        _damages(result["damages"]),
        *_sweeps(result, held_out),
        section(result["peers"]) if result.get("peers") else "",
        "## What this cannot say",
        LIMITS,
        "## False alarms",
        _list(result["false_alarms"]),
        "## Missed faults",
        _list(result["missed"]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _overview(result: Figures, held_out: Look | None) -> str:
    rows = [
        (title, shown(_nested(result["all"], name)), _seen(held_out, f"all.{name}"), wanted)
        for title, name, wanted in OVERVIEW
    ]
    head = ("", f"{result['split']} split", "held-out split", "wanted")
    said = "Nobody has looked at the held-out split yet."
    if held_out:
        since = STUDIED_SINCE if STUDIED else ""
        if held_out.draw < DRAW:
            since = SINCE.format(drawn=DRAW)
        said = HELD_OUT.format_map(held_out._asdict() | {"since": since})
    return f"{table(head, rows)}\n\n{said}"


def _by_level(result: Figures, held_out: Look | None) -> str:
    rows = [
        (
            title,
            *(_seen(held_out, f"all.{name}.{level}") for level in LEVELS),
            *(shown(result["all"][name][level]) for level in LEVELS),
        )
        for title, name in BY_LEVEL
    ]
    head = ("planted faults", *(f"held-out split, {level}" for level in LEVELS),
            *(f"{result['split']} split, {level}" for level in LEVELS))  # fmt: skip
    return table(head, rows)


def _nested(figures: Figures, name: str) -> Figures:
    """Return a figure by its name, ``recall.clear``."""
    return reduce(getitem, name.split("."), figures)


def _right(also: Figures, held_out: Look | None) -> str:
    seen = {kind: held_out.rates.get(f"also_trained.{kind}") for kind in also} if held_out else {}
    known = {kind: _of(counts) for kind, counts in seen.items() if counts}
    said = ALSO_HELD_OUT.format_map(known) if len(known) == len(also) else ""
    return RIGHT.format(**{kind: _of(counts) for kind, counts in also.items()}, held_out=said)


def _of(counts: Figures) -> str:
    return f"{counts['part']:g} of {counts['of']}"


def _seen(held_out: Look | None, name: str) -> str:
    """Return a figure of the held-out split; nothing where that look did not have it yet."""
    return shown(held_out.rates.get(name, {"of": 0})) if held_out else ""


def _states(states: dict[str, int]) -> str:
    return table(("state", "trainings"), [(k, f"{count:,}") for k, count in states.items()])


def _rules(rules: Figures) -> str:
    head = ("rule", "judged", "fired", "right", "wrong on healthy or harmless runs",
            *(f"recall, {level}" for level in LEVELS))  # fmt: skip
    rows = [
        (
            f"`{rule}`",
            f"{f['judged']:,}",
            f"{f['fired']:,}",
            shown(f["right"]),
            shown(f["alarms"]),
            *(shown(f["recall"][level]) for level in LEVELS),
        )
        for rule, f in rules.items()
    ]
    return (
        "Judged and fired count trainings. A recall is that of the fault which the rule is "
        "there for, on the logs that the rule could judge; what another rule found instead is "
        "in the next table. An option has none. Rules across runs are measured on sweeps, below."
        f"\n\n{table(head, rows)}"
    )


def _faults(faults: Figures) -> str:
    head = ("fault", "level", "named, or a symptom of it", "named", "in a warning or an error",
            "in the first diagnosis", "first of all")  # fmt: skip
    return table(head, _fault_rows(faults))


def _fault_rows(faults: Figures) -> Iterator[tuple[str, ...]]:
    for fault, levels in faults.items():
        for level, figures in levels.items():
            if figures["found"]["of"]:
                yield (fault, level, *(shown(figure) for figure in figures.values()))


def _by_log(found: Figures, held_out: Look | None) -> str:
    head = ("the log is written", *(f"faults named, {level}" for level in LEVELS),
            *(f"held-out split, {level}" for level in LEVELS))  # fmt: skip
    rows = [
        (
            kind,
            *(shown(rates[level]) for level in LEVELS),
            *(_seen(held_out, f"recall_by_log.{kind}.{level}") for level in LEVELS),
        )
        for kind, rates in found.items()
    ]
    return table(head, rows)


def _sweeps(result: Figures, held_out: Look | None) -> Iterator[str]:
    """Yield how the rules across runs fared; nothing where no sweep was composed."""
    if not result["sweeps"]:
        return
    kinds = ", ".join(f"{kind} ({count})" for kind, count in sorted(result["sweep_kinds"].items()))
    seen = held_out.counts.get("sweeps", 0) if held_out else 0
    said = f"The held-out split has {seen:,}. " if seen else ""
    yield "## Sweeps"
    yield SWEEPS.format(sweeps=result["sweeps"], kinds=kinds, held_out=said)
    three = ("right", "alarms", "recall.clear")
    head = ("rule", "fired", "right", "said where it does not hold", "said where it holds",
            *(f"held-out split: {name}" for name in ("right", "said where it does not hold",
                                                     "said where it holds")))  # fmt: skip
    rows = [
        (
            f"`{rule}`",
            f"{figures['fired']:,}",
            *(shown(_nested(figures, name)) for name in three),
            *(_seen(held_out, f"rules.{rule}.{name}") for name in three),
        )
        for rule, figures in result["rules"].items()
        if figures.get("sweeps")
    ]
    yield table(head, rows)


def _damages(damages: Figures) -> str:
    rows = [(name.removeprefix("log-"), shown(found)) for name, found in damages.items()]
    return table(("the log is", "said, where the log alone shows it"), rows)


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line.replace('|', '/')}" for line in lines) or "None."
