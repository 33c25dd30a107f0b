"""The page that says how often advisor was right, from the figures alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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


def page(result: Figures) -> str:
    """Return the page as Markdown, with a final newline."""
    parts = [
        f"<!-- Written by `{COMMAND}`: change benchmarks/diagnosis. -->",
        "# How often the advice is right",
        _overview(result),
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


def _overview(result: Figures) -> str:
    found = result["all"]
    rows = [
        ("healthy runs with a wrong warning or error", shown(found["healthy_alarmed"]), "≤ 2 %"),
        ("healthy and harmless runs with one", shown(found["fine_alarmed"]), ""),
        ("warnings and errors that are right", shown(found["precision"]), "≥ 95 %"),
        ("findings of any severity that are right", shown(found["precision_with_notes"]), ""),
        *_by_level("faults named in a finding", found["recall"], ("≥ 95 %", "≥ 85 %", "")),
        *_by_level("faults named, or a symptom of them", found["noticed"], ("", "", "")),
        *_by_level("faults named in a warning or error", found["recall_loud"], ("", "", "")),
        *_by_level("fault in the first diagnosis", found["among_first"], ("≥ 95 %",) * 2 + ("",)),
        *_by_level("fault first of all", found["first"], ("≥ 85 %",) * 2 + ("",)),
        (
            "where a blatant or clear fault is named: in the first diagnosis",
            shown(found["among_first_of_found"]),
            "",
        ),
        ("the same: first of all", shown(found["first_of_found"]), ""),
    ]
    return table(("", "measured", "wanted"), rows)


def _by_level(
    title: str, rates: Figures, wanted: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    for level, asked in zip(LEVELS, wanted, strict=True):
        yield f"{title}, {level}", shown(rates[level]), asked


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
