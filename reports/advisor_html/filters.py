"""What the findings of a page can be filtered by: severity, stage and run."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from advisor.language import term
from advisor.presentation import Entry
from advisor.report import Report
from advisor_html.overview import run_anchors

FEW = 3
"""Entries up to which nobody needs a filter."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value, and the entries that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One kind of filter, and the values that can be ticked."""

    name: str
    """Of the ``data-`` attribute on each entry."""
    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class RunOption:
    """A run with findings; links name it by its anchor, which survives a rerun."""

    name: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Filters:
    """All filters of a page."""

    choices: tuple[Choice, ...]
    runs: tuple[RunOption, ...]
    """Empty where a choice of run would tell nothing apart."""
    numbers: dict[str, int]
    """The place of each among ``runs``, by name."""
    entries: int

    @property
    def worthwhile(self) -> bool:
        """True where filtering saves a reader anything."""
        return self.entries > FEW and bool(self.choices or self.runs)

    def places(self, entry: Entry) -> tuple[int, ...]:
        """Return the places of an entry's runs among ``runs``."""
        return tuple(self.numbers[name] for name in entry.runs if name in self.numbers)


def filters(report: Report, entries: tuple[Entry, ...]) -> Filters:
    """Return the filters of a page; a kind with one value only is left out."""
    severities = Counter(entry.diagnosis.severity.value for entry in entries)
    stages = Counter(entry.rule.stage for entry in entries)
    kinds = (("severity", term("Severity"), severities), ("stage", term("Stage"), stages))
    choices = (
        Choice(name, title, tuple(Option(value, count) for value, count in found.items()))
        for name, title, found in kinds
        if len(found) > 1
    )
    runs = _runs(report, entries)
    numbers = {run.name: place for place, run in enumerate(runs)}
    return Filters(tuple(choices), runs, numbers, len(entries))


def _runs(report: Report, entries: tuple[Entry, ...]) -> tuple[RunOption, ...]:
    anchors = run_anchors(report)
    found = {name for entry in entries for name in entry.runs}
    named = tuple(RunOption(r.name, anchors[r.name]) for r in report.runs if r.name in found)
    return named if len(named) > 1 else ()
