"""What every renderer says the same way of a comparison with a baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from advisor.drawing.drawn import Curve
from advisor.finding import Finding, Severity
from advisor.language import tell, term, word
from advisor.model import Value
from advisor.presentation import curve_of, run_entry, setting_text
from advisor.presentation.sparklines import GAP, block
from advisor.report import Report
from advisor.report.comparison import Outcome, ScoreChange
from advisor.text import Message, clean, number

SETTINGS, NAME = 8, 60
"""Settings of a run that are listed, and characters of the name and of a value of one."""
LARGEST = 1e300
"""Beyond, sums of values are no numbers any more: nothing is drawn."""

HEADING = term("Compared with a baseline")

_OUTCOMES: dict[Outcome, str] = {
    "worse": term("▼ worse"),
    "better": term("▲ better"),
    "within-noise": term("≈ no difference"),
    "same": term("= the same"),
    "unjudged": term("? cannot tell"),
}
"""A sign and a word for what became of a score: never a colour alone."""

What = Literal["new", "fixed", "gone"]

_WHAT: dict[What, str] = {
    "new": term("new"),
    "fixed": term("fixed"),
    "gone": term("not judged again"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """What is new or gone: one rule's finding on one run or on many."""

    what: What
    finding: str
    """The id of the first, in the report if it is new, else in the baseline."""
    rule: str
    severity: Severity
    observed: Message
    runs: tuple[str, ...]
    remark: Message | None
    """Why it is new or gone, where that needs saying."""

    @property
    def label(self) -> str:
        """What became of it, in a word or three."""
        return word(_WHAT[self.what])


@dataclass(frozen=True, slots=True)
class Overlay:
    """A series of a run now, and the same series of the baseline's run."""

    run: str
    now: Curve
    before: Curve


def new_findings(report: Report) -> tuple[Finding, ...]:
    """Return the findings that the baseline does not have; without a baseline, all."""
    if report.comparison is None:
        return report.findings
    return tuple(report.finding(new.finding) for new in report.comparison.new)


def items(report: Report) -> tuple[Item, ...]:
    """Return what is new, then what is fixed, then what was not judged again; the gravest first.

    What is the same on several runs is one item.
    """
    joined: dict[tuple[What, Severity, str, str], list[Item]] = {}
    for item in (*_new(report), *_gone(report, "fixed"), *_gone(report, "gone")):
        said = item.remark.text if item.remark else ""
        joined.setdefault((item.what, item.severity, item.rule, said), []).append(item)
    found = [
        replace(same[0], runs=tuple(dict.fromkeys(run for item in same for run in item.runs)))
        for same in joined.values()
    ]
    order = tuple(_WHAT)
    return tuple(sorted(found, key=lambda item: (order.index(item.what), item.severity.rank)))


def _new(report: Report) -> Iterator[Item]:
    for new in report.comparison.new if report.comparison else ():
        found = report.finding(new.finding)
        seen = found.advice.observed
        yield Item("new", found.id, found.rule, found.severity, seen, found.runs, new.remark)


def _gone(report: Report, what: What) -> Iterator[Item]:
    for old in report.comparison.gone if report.comparison else ():
        if old.fixed is (what == "fixed"):
            said = None if old.fixed else old.message
            yield Item(what, old.finding, old.rule, old.severity, old.observed, old.runs, said)


def outcome_word(change: ScoreChange) -> str:
    """Say in a word what became of a score, after a sign for it."""
    return word(_OUTCOMES[change.outcome])


def score_phrase(change: ScoreChange) -> str:
    """Write the values then and now: ``0.912 → 0.931``; empty where one is not known."""
    if change.was is None or change.now is None:
        return ""
    return f"{number(change.was, 4)} → {number(change.now, 4)}"


def settings_phrases(change: ScoreChange) -> Iterator[str]:
    """Yield the settings that differ, with their values then and now, and how many more do."""
    for differs in change.settings[:SETTINGS]:
        was, now = (_setting(differs.setting, value) for value in (differs.was, differs.now))
        yield f"{clean(differs.setting, NAME)}: {was} → {now}"
    if (more := len(change.settings) - SETTINGS) > 0:
        yield tell("and {more:step} more", more=more)


def _setting(name: str, value: Value | None) -> str:
    return word("not recorded") if value is None else clean(setting_text(name, value), NAME)


def overlays(report: Report, change: ScoreChange) -> Iterator[Overlay]:
    """Yield the series that are drawn over those of the baseline, the objective first."""
    run = run_entry(report, change.runs[0])
    for before in change.curves if run else ():
        now = curve_of(run, before.series) if run else None
        if run and now and _drawable(now) and _drawable(before):
            yield Overlay(run.name, now, before)


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
