"""The page that says how often advisor was right, from the figures alone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import getitem
from typing import Any

from benchmarks.diagnosis.heldout import Look
from benchmarks.diagnosis.peers.section import section
from benchmarks.diagnosis.score import LEVELS
from benchmarks.diagnosis.tables import shown, table

COMMAND = "make bench-diagnosis"
Figures = dict[str, Any]

METHOD = """\
{trainings:,} small networks were trained, with and without planted faults, three seeds each: \
perceptrons, convolutional and recurrent networks and transformers, on tables, pictures, \
sequences and text. Each was written as loggers write it, as TensorBoard events or as CSV, by \
step and by epoch, under names that turn, with and without settings, learning rate and metric: \
{logs:,} logs. advisor judged each log alone and knew nothing else. This page shows the \
{split} split: the thresholds of the rules were chosen while looking at it. The held-out split, \
on data sets and architectures of its own, is in `benchmarks/diagnosis/heldout.csv`."""

TRUTH = """\
Whether something was the matter is settled by trainings, not by curves:

- A training is **healthy** where it ends no worse than its checks: the same model on the same \
data trained plainly, twice as long, and at a third and three times the rate; and where no \
earlier epoch was better. "Worse" means beyond what the seeds vary, and by at least 2 % of what \
was learned beyond the best constant prediction.
- A fault counts as **planted** where its training ends worse than its twin (the same training \
without the fault, the same seeds), or takes half as many steps again to come as far. It is \
*blatant* where more than half of what the twin learned is lost, *clear* above a tenth, and \
*subtle* below.
- A fault that did no harm is **harmless**: a warning on it is a false alarm.
- What is neither is **unclear**, and counts for nothing.

A finding is right where its rule names the planted fault, or is true of runs with that fault \
(`answers.py` lists both), or where what it says was measured over the seeds (`facts.py`), or, \
for an opportunity that is nobody's mistake, where its condition held (`conditions.py`). All \
logs of one training count as one. In brackets: Wilson's 95 % interval; fewer than 20 trainings \
are given as counts.

A fault counts as named where a finding explains it or asks for what would undo it. A finding \
that is only true of such runs ("the loss still falls", where the learning rate is too low) \
counts as a symptom."""

LIMITS = """\
- The networks are small and train for seconds. What holds for them need not hold for yours.
- Faults were planted one at a time; real runs have several.
- Some faults cannot be told from a log: a rate a third of the best one leaves a smooth curve \
that ends a little higher. They are counted as missed all the same.
- Reinforcement learning and adversarial training are not among the trainings.
- A rule that judged few trainings, or never fired, is as good as unmeasured: see its row."""


OVERVIEW = (
    ("healthy runs with a wrong warning or error", "healthy_alarmed", "≤ 2 %"),
    ("healthy and harmless runs with one", "fine_alarmed", ""),
    ("warnings and errors that are right", "precision", "≥ 95 %"),
    ("findings of any severity that are right", "precision_with_notes", ""),
    ("faults named in a finding, blatant", "recall.blatant", "≥ 95 %"),
    ("faults named in a finding, clear", "recall.clear", "≥ 85 %"),
    ("faults named in a finding, subtle", "recall.subtle", ""),
    ("faults named, or a symptom of them, blatant", "noticed.blatant", ""),
    ("faults named, or a symptom of them, clear", "noticed.clear", ""),
    ("faults named, or a symptom of them, subtle", "noticed.subtle", ""),
    ("faults named in a warning or error, blatant", "recall_loud.blatant", ""),
    ("faults named in a warning or error, clear", "recall_loud.clear", ""),
    ("faults named in a warning or error, subtle", "recall_loud.subtle", ""),
    ("fault in the first diagnosis, blatant", "among_first.blatant", "≥ 95 %"),
    ("fault in the first diagnosis, clear", "among_first.clear", "≥ 95 %"),
    ("fault in the first diagnosis, subtle", "among_first.subtle", ""),
    ("fault first of all, blatant", "first.blatant", "≥ 85 %"),
    ("fault first of all, clear", "first.clear", "≥ 85 %"),
    ("fault first of all, subtle", "first.subtle", ""),
    (
        "where a blatant or clear fault is named: in the first diagnosis",
        "among_first_of_found",
        "",
    ),
    ("the same: first of all", "first_of_found", ""),
)
"""What comes first on the page: in words, the figure's name below ``all``, and what is wanted."""


def page(result: Figures, held_out: Look | None) -> str:
    """Return the page as Markdown, with a final newline."""
    parts = [
        f"<!-- Written by `{COMMAND}`: change benchmarks/diagnosis. -->",
        "# How often the advice is right",
        _overview(result, held_out),
        "## What was measured",
        METHOD.format_map(result),
        TRUTH,
        _states(result["states"]),
        "## Each rule",
        _rules(result["rules"]),
        "## Each fault",
        _faults(result["faults"]),
        "## What a log shows",
        _by_log(result["recall_by_log"]),
        "## What a log keeps back",
        _damages(result["damages"]),
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
        (title, shown(_nested(result["all"], name)), _seen(held_out, name), wanted)
        for title, name, wanted in OVERVIEW
    ]
    head = ("", f"{result['split']} split", "held-out split", "wanted")
    said = "Nobody has looked at the held-out split yet."
    if held_out:
        said = (
            f"The held-out split is data and models that no threshold was chosen on: look "
            f"{held_out.number}, {held_out.date}, at commit {held_out.commit}."
        )
    return f"{table(head, rows)}\n\n{said}"


def _nested(figures: Figures, name: str) -> Figures:
    """Return a figure by its name, ``recall.clear``."""
    return reduce(getitem, name.split("."), figures)


def _seen(held_out: Look | None, name: str) -> str:
    return shown(held_out.rates[f"all.{name}"]) if held_out else ""


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
        f"in the next table.\n\n{table(head, rows)}"
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


def _by_log(found: Figures) -> str:
    head = ("the log is written", *(f"faults named, {level}" for level in LEVELS))
    return table(
        head, [(k, *(shown(rates[level]) for level in LEVELS)) for k, rates in found.items()]
    )


def _damages(damages: Figures) -> str:
    rows = [(name.removeprefix("log-"), shown(found)) for name, found in damages.items()]
    return table(("the log is", "said, where the log alone shows it"), rows)


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line.replace('|', '/')}" for line in lines) or "None."
