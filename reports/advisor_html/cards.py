"""What the template shows of an entry: everything looked up, nothing left to decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from advisor.drawing.drawn import Curve
from advisor.finding import Finding
from advisor.language import word
from advisor.presentation import (
    Beneath,
    Entry,
    alternatives,
    beneath,
    caveats,
    chance,
    change_lines,
    curve_of,
    run_entry,
)
from advisor.report import Report, RunEntry, Settled
from advisor.text import clean, number
from advisor_html.figures import Figure, figures
from advisor_html.store import Store, whole
from advisor_html.strips import main_curves, tiny

FULL = 60
"""Entries with a card; the rest are rows of a table."""
ROWS = 10
"""Rows of a curve's values in a table."""
CASES = 8
"""Runs of one joined entry that are listed; the rest are folded."""
SKETCHES = 60
"""Runs of one joined entry that get a small curve each."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Another hypothesis about an entry's symptom."""

    chance: float | None
    """How sure it is by itself, from 0 to 1; ``None`` of an option."""
    finding: Finding
    settled: Settled | None


@dataclass(frozen=True, slots=True)
class Case:
    """One of several runs that an entry was joined from."""

    finding: Finding
    sketch: str
    leads: bool
    """True for the one whose sentences stand for all."""


@dataclass(frozen=True, slots=True)
class Table:
    """The values of one curve, thinned."""

    series: str
    axis: str
    spread: bool
    """Whether a row has a range: false where each holds one value."""
    rows: tuple[tuple[str, ...], ...]
    """Step and mean, and with a range the lowest and highest value."""


@dataclass(frozen=True, slots=True)
class Card:
    """An entry in full."""

    entry: Entry
    figures: tuple[Figure, ...]
    chance: float | None
    """How sure the leading explanation is by itself, from 0 to 1; ``None`` of an option."""
    others: tuple[Explanation, ...]
    caveats: tuple[Finding, ...]
    beneath: tuple[Beneath, ...]
    cases: tuple[Case, ...]
    """One for each run of a joined entry; empty where there is one diagnosis only."""
    diff: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in one line."""

    entry: Entry
    sketch: str


def card(report: Report, entry: Entry, store: Store) -> Card:
    """Look up all that a card shows."""
    finding = entry.finding
    return Card(
        entry=entry,
        figures=figures(report, finding, store),
        chance=chance(report, entry.diagnosis.hypotheses[0]),
        others=tuple(
            Explanation(chance(report, h), report.finding(h.finding), h.settled)
            for h in alternatives(entry)
        ),
        caveats=caveats(report, entry),
        beneath=tuple(beneath(report, entry)),
        cases=tuple(_cases(report, entry, store)) if len(entry.diagnoses) > 1 else (),
        diff=change_lines(entry.diagnosis.next.changes or finding.changes),
        tables=tuple(_tables(report, finding, store)),
    )


def row(report: Report, entry: Entry, store: Store) -> Row:
    """Look up what a line shows."""
    return Row(entry, _sketch(report, entry.finding, store))


def _cases(report: Report, entry: Entry, store: Store) -> Iterator[Case]:
    for index, diagnosis in enumerate(entry.diagnoses):
        finding = report.finding(diagnosis.leading)
        sketch = _sketch(report, finding, store) if index < SKETCHES else ""
        yield Case(finding, sketch, leads=index == 0)


def _sketch(report: Report, finding: Finding, store: Store) -> str:
    run = run_entry(report, finding.runs[0]) if finding.runs else None
    if run is None:
        return ""
    own = curve_of(run, finding.evidence[0].series) if finding.evidence else None
    main = main_curves(run)
    return tiny(run, own or (main[0] if main else None), store)


def _tables(report: Report, finding: Finding, store: Store) -> Iterator[Table]:
    run = run_entry(report, finding.runs[0]) if finding.runs else None
    names = dict.fromkeys(evidence.series for evidence in finding.evidence)
    for curve in _curves(run, tuple(names)):
        store.keep(whole(finding.runs[0], curve.series))
        every = -(-len(curve.steps) // ROWS)
        picked = sorted({*range(0, len(curve.steps), every), len(curve.steps) - 1})
        rows = tuple(tuple(_values(curve, index)) for index in picked)
        yield Table(clean(curve.series), curve.axis.value, curve.low is not None, rows)


def _curves(run: RunEntry | None, names: tuple[str, ...]) -> Iterator[Curve]:
    for name in names if run else ():
        if run and (curve := curve_of(run, name)) and curve.steps:
            yield curve


def _values(curve: Curve, index: int) -> Iterator[str]:
    yield f"{curve.steps[index]:,}"
    for column in (curve.mean, curve.low, curve.high):
        if column is not None:
            yield _written(column[index])


def _written(value: float | None) -> str:
    return word("none") if value is None else number(value, 4)
