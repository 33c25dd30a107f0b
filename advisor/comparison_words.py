"""What every renderer says the same way of a comparison with a baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from advisor.comparison_report import GoneFinding, Outcome, ScoreChange
from advisor.drawn import Curve
from advisor.finding import Finding, Severity
from advisor.presentation import GAP, block, curve_of, run_entry
from advisor.report import Report
from advisor.text import Message, number

LARGEST = 1e300
"""Beyond, sums of values are no numbers any more: nothing is drawn."""

HEADING = "Compared with a baseline"

OUTCOMES: dict[Outcome, str] = {
    "worse": "▼ worse",
    "better": "▲ better",
    "within-noise": "≈ no difference",
    "same": "= the same",
    "unjudged": "? cannot tell",
}
"""A sign and a word for what became of a score: never a colour alone."""


@dataclass(frozen=True, slots=True)
class New:
    """What is new: one rule's finding on one run or on many."""

    finding: Finding
    """Of the first run; its sentences stand for all."""
    runs: tuple[str, ...]
    remark: Message | None


@dataclass(frozen=True, slots=True)
class Gone:
    """What the baseline had: one rule's finding on one run or on many."""

    finding: GoneFinding
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A series of a run now, and the same series of the baseline's run."""

    run: str
    place: int
    """Of the run among those of the report."""
    now: Curve
    before: Curve


def new_findings(report: Report) -> tuple[Finding, ...]:
    """Return the findings that the baseline does not have; without a baseline, all."""
    if report.comparison is None:
        return report.findings
    return tuple(report.finding(new.finding) for new in report.comparison.new)


def news(report: Report) -> tuple[New, ...]:
    """Join the new findings that say the same of different runs, the gravest first."""
    joined: dict[tuple[Severity, str, str], list[tuple[Finding, Message | None]]] = {}
    for new in report.comparison.new if report.comparison else ():
        finding, said = report.finding(new.finding), new.remark
        key = (finding.severity, finding.rule, said.text if said else "")
        joined.setdefault(key, []).append((finding, said))
    found = [
        New(group[0][0], _runs(finding.runs for finding, _ in group), group[0][1])
        for group in joined.values()
    ]
    return tuple(sorted(found, key=lambda new: new.finding.severity.rank))


def gone(report: Report, *, fixed: bool) -> tuple[Gone, ...]:
    """Join what the baseline had of the same on different runs: what is fixed, or what is not."""
    joined: dict[tuple[Severity, str, str], list[GoneFinding]] = {}
    for finding in report.comparison.gone if report.comparison else ():
        if finding.fixed is fixed:
            key = (finding.severity, finding.rule, finding.message.text)
            joined.setdefault(key, []).append(finding)
    found = [Gone(g[0], _runs(finding.runs for finding in g)) for g in joined.values()]
    return tuple(sorted(found, key=lambda gone: gone.finding.severity.rank))


def _runs(of: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(run for runs in of for run in runs))


def score_phrase(change: ScoreChange) -> str:
    """Write the values then and now: ``0.912 → 0.931``; empty where one is not known."""
    if change.was is None or change.now is None:
        return ""
    return f"{number(change.was, 4)} → {number(change.now, 4)}"


def overlays(report: Report, change: ScoreChange) -> Iterator[Overlay]:
    """Yield the series that are drawn over those of the baseline, the objective first."""
    run = run_entry(report, change.runs[0])
    for before in change.curves if run else ():
        now = curve_of(run, before.series) if run else None
        if run and now and _drawable(now) and _drawable(before):
            yield Overlay(run.name, report.runs.index(run), now, before)


def _drawable(curve: Curve) -> bool:
    known = [mean for mean in curve.mean if mean is not None]
    return bool(known) and max(map(abs, known)) < LARGEST


def sparklines(overlay: Overlay, width: int = 22) -> tuple[str, str]:
    """Draw both curves in block characters over the same steps and values: now, before."""
    curves = (overlay.now, overlay.before)
    first = min(curve.steps[0] for curve in curves)
    last = max(curve.steps[-1] for curve in curves)
    count = min(width, max(len(curve.steps) for curve in curves))
    now, before = (_means(curve, first, last, count) for curve in curves)
    known = [mean for mean in (*now, *before) if mean is not None]
    settled = [m for side in (now, before) for m in side[count // 8 :] if m is not None] or known
    # As in other sparklines, a tall start does not flatten the rest.
    low, high = min(known), max(settled)
    return _blocks(now, low, high), _blocks(before, low, high)


def _means(curve: Curve, first: int, last: int, count: int) -> list[float | None]:
    """Return the mean of each stretch of steps; one between two logged steps repeats the last."""
    bins: list[list[float]] = [[] for _ in range(count)]
    for step, mean in zip(curve.steps, curve.mean, strict=True):
        if mean is not None:
            bins[min((step - first) * count // max(last - first, 1), count - 1)].append(mean)
    end = max(place for place, values in enumerate(bins) if values)
    means: list[float | None] = []
    for place, values in enumerate(bins):
        kept = means[-1] if means and place < end else None
        means.append(sum(values) / len(values) if values else kept)
    return means


def _blocks(means: list[float | None], low: float, high: float) -> str:
    return "".join(GAP if mean is None else block(mean, low, high) for mean in means)
