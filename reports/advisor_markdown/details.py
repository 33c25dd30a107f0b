"""One folded part for each entry: whether to believe it, what to change, how to check it."""

from __future__ import annotations

from collections.abc import Iterator

from advisor.finding import Change, Citation, Finding
from advisor.presentation import (
    Entry,
    alternatives,
    beneath,
    beneath_label,
    caveats,
    change_lines,
    confidence_phrase,
    evidence_sparkline,
    next_label,
    place,
    run_entry,
    runs_phrase,
)
from advisor.report import Report
from advisor.text import percent
from advisor_markdown import github as gh
from advisor_markdown.dialect import Dialect
from advisor_markdown.head import MARKS

OTHER_RUNS = 8
"""Runs of a joined entry that are listed with what was seen on each."""


def forms(report: Report, entry: Entry, dialect: Dialect, chart: str | None) -> tuple[str, ...]:
    """Return an entry in full, without its chart, and without its reasons: the room decides."""
    evidence = _evidence(report, entry)
    action = [*_caveats(report, entry), *_others(report, entry), *_action(entry)]
    reasons = [*_reasons(entry.finding), *_related(report, entry), _sources(entry)]
    bodies = [(evidence, *action, *reasons), (evidence, *action)]
    if chart:
        bodies.insert(0, (_said(entry), chart, *action, *reasons))
    return tuple(_part(entry, dialect, "\n\n".join(body)) for body in bodies)


def _part(entry: Entry, dialect: Dialect, body: str) -> str:
    severity, title = entry.diagnosis.severity, entry.finding.advice.title
    sure, runs = confidence_phrase(entry.finding.confidence).lower(), runs_phrase(entry.runs, 1)
    return dialect.fold(
        f"{MARKS[severity]} <b>{entry.number}. {gh.in_tag(title)}</b> · {severity.value}, "
        f"{gh.in_tag(runs)}, {sure}",
        f"{MARKS[severity]} {entry.number}. {gh.sentence(title)} · {severity.value}, "
        f"{gh.sentence(runs)}, {sure}",
        body,
    )


def _said(entry: Entry) -> str:
    return f"**Evidence.** {gh.sentence(entry.finding.advice.evidence)}"


def _evidence(report: Report, entry: Entry) -> str:
    finding = entry.finding
    said = _said(entry)
    if (drawn := evidence_sparkline(report, finding)) is None:
        return said
    run = run_entry(report, finding.runs[0]) if finding.runs else None
    series, blocks = drawn
    where = f"{place(run, finding.first_step)} to {finding.last_step:,}"
    return f"{said}\n\n{gh.code(blocks)} {gh.name(series)}; in brackets: {where}"


def _caveats(report: Report, entry: Entry) -> Iterator[str]:
    for caveat in caveats(report, entry):
        yield f"**Less sure, because of the log.** {gh.sentence(caveat.advice.evidence)}"


def _others(report: Report, entry: Entry) -> Iterator[str]:
    others = [report.finding(diagnosis.leading) for diagnosis in entry.diagnoses[1:]]
    lines = [f"- {_names(other)}: {gh.sentence(other.advice.observed)}" for other in others]
    if more := len(lines) - OTHER_RUNS:
        lines[OTHER_RUNS:] = [f"- and {more:,} more"] if more > 0 else []
    if lines:
        yield "\n".join(("**The same on**", "", *lines))


def _names(finding: Finding) -> str:
    return ", ".join(gh.name(run) for run in finding.runs)


def _action(entry: Entry) -> Iterator[str]:
    finding, step = entry.finding, entry.diagnosis.next
    if finding.cost:
        yield f"**Measured cost.** {gh.sentence(finding.cost.message)}"
    yield f"**{next_label(entry)}.** {gh.sentence(step.message)}"
    yield from _diff(step.changes)
    if step.kind != "change":
        yield f"**Then.** {gh.sentence(finding.advice.do)}"
    if step.changes != finding.changes:
        yield from _diff(finding.changes)


def _diff(changes: tuple[Change, ...]) -> Iterator[str]:
    if changes:
        yield gh.diff(change_lines(changes))


def _reasons(finding: Finding) -> Iterator[str]:
    advice = finding.advice
    yield f"**Why.** {gh.sentence(advice.why)}"
    yield f"**Check that it worked.** {gh.sentence(advice.check)}"
    yield f"**Skip this if** {gh.sentence(advice.unless)}"
    basis = gh.sentence(finding.basis).rstrip(".")
    unproven = f" {gh.sentence(finding.unproven)}" if finding.unproven else ""
    yield f"**How sure.** {confidence_phrase(finding.confidence)}: {basis}.{unproven}"


def _related(report: Report, entry: Entry) -> Iterator[str]:
    others = [
        f"- {percent(h.probability)}: {_brief(report.finding(h.finding))}"
        for h in alternatives(entry)
    ]
    if others:
        yield "\n".join(("**Other explanations**", "", *others))
    if found := beneath(report, entry):
        lines = (f"- {_brief(other)}" for other in found)
        yield "\n".join((f"**{beneath_label(entry)}**", "", *lines))


def _brief(finding: Finding) -> str:
    advice = finding.advice
    return f"{gh.sentence(advice.title)}. {gh.sentence(advice.observed)} ({gh.name(finding.rule)})"


def _sources(entry: Entry) -> str:
    rule = f"**Rule** {gh.name(entry.rule.name)}"
    if not (cited := [f"- {_source(citation)}" for citation in entry.rule.citations]):
        return rule
    return "\n".join((f"{rule}, drawn from", "", *cited))


def _source(citation: Citation) -> str:
    return f"{gh.link(citation.source, citation.url)} – {gh.sentence(citation.supports)}"
