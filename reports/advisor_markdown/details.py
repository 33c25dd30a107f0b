"""One folded part for each entry: whether to believe it, what to change, how to check it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from advisor.finding import Change, Citation, Finding
from advisor.language import tell, word
from advisor.presentation import (
    ALSO,
    Entry,
    also_phrase,
    alternatives,
    asks_more,
    beneath,
    caveats,
    chance,
    change_lines,
    heading_phrase,
    measured,
    next_label,
    run_entry,
    runs_phrase,
    stretch_on,
    sure_phrase,
)
from advisor.presentation.sparklines import evidence_sparkline
from advisor.report import Hypothesis, Report
from advisor.run import Axis
from advisor_markdown import github as gh
from advisor_markdown.dialect import Dialect
from advisor_markdown.head import MARKS

OTHER_RUNS = 8
"""Runs of a joined entry that are listed with what was seen on each."""


def forms(report: Report, entry: Entry, dialect: Dialect, chart: str | None) -> tuple[str, ...]:
    """Return an entry in full, without its chart, and without its reasons: the room decides."""
    evidence = _evidence(report, entry)
    action = [*_caveats(report, entry), *_others(report, entry), *_action(entry)]
    action += _measured(report, entry)
    reasons = [*_reasons(entry), *_related(report, entry), _sources(entry)]
    bodies = [(evidence, *action, *reasons), (evidence, *action)]
    if chart:
        bodies.insert(0, (_said(entry), chart, *action, *reasons))
    return tuple(_part(entry, dialect, "\n\n".join(body)) for body in bodies)


def _part(entry: Entry, dialect: Dialect, body: str) -> str:
    severity, title = entry.diagnosis.severity, entry.title
    sure, runs = heading_phrase(entry).lower(), runs_phrase(entry.runs, 1)
    text = "{severity:text}, {runs:sentence}, {sure:sentence}"
    in_tag = tell(text, severity=severity.value, runs=gh.in_tag(runs), sure=sure)
    said = tell(text, severity=severity.value, runs=gh.sentence(runs), sure=sure)
    return dialect.fold(
        f"{MARKS[severity]} <b>{entry.number}. {gh.in_tag(title)}</b> · {in_tag}",
        f"{MARKS[severity]} {entry.number}. {gh.sentence(title)} · {said}",
        body,
    )


def _said(entry: Entry) -> str:
    return gh.headed(word("Evidence"), entry.finding.advice.evidence)


def _evidence(report: Report, entry: Entry) -> str:
    finding = entry.finding
    said = _said(entry)
    if (drawn := evidence_sparkline(report, finding)) is None:
        return said
    run = run_entry(report, finding.runs[0]) if finding.runs else None
    series, blocks = drawn
    axis = run.axis if run else Axis.STEP
    where = stretch_on(axis, finding.first_step, finding.last_step)
    text = "{blocks:sentence} {series:sentence}; in brackets: {where:sentence}"
    below = tell(text, blocks=gh.code(blocks), series=gh.name(series), where=where)
    return f"{said}\n\n{below}"


def _caveats(report: Report, entry: Entry) -> Iterator[str]:
    if probed := entry.diagnosis.hypotheses[0].settled:
        yield gh.headed(word("Probed"), probed.message)
    for caveat in caveats(report, entry):
        yield gh.headed(word("Less sure, because of the log"), caveat.advice.evidence)


def _others(report: Report, entry: Entry) -> Iterator[str]:
    others = [report.finding(diagnosis.leading) for diagnosis in entry.diagnoses[1:]]
    lines = [_case(other) for other in others]
    if more := len(lines) - OTHER_RUNS:
        lines[OTHER_RUNS:] = [tell("- and {more:step} more", more=more)] if more > 0 else []
    if lines:
        yield _list(word("The same on"), lines)
    if entry.of_first:
        yield gh.sentence(entry.of_first)


def _list(title: str, lines: Iterable[str]) -> str:
    return "\n".join((f"**{title}**", "", *lines))


def _case(finding: Finding) -> str:
    runs = ", ".join(gh.name(run) for run in finding.runs)
    observed = gh.sentence(finding.advice.observed)
    return tell("- {runs:sentence}: {observed:sentence}", runs=runs, observed=observed)


def _action(entry: Entry) -> Iterator[str]:
    finding, step = entry.finding, entry.diagnosis.next
    if finding.cost:
        yield gh.headed(word("Measured cost"), finding.cost.message)
    yield gh.headed(next_label(entry), step.message)
    yield from _diff(step.changes)
    if step.kind != "change":
        yield gh.headed(word("Then"), finding.advice.do)
    if step.changes != finding.changes:
        yield from _diff(finding.changes)


def _measured(report: Report, entry: Entry) -> Iterator[str]:
    if said := measured(report, entry):
        yield _list(word("Measured."), (f"- {gh.sentence(one)}" for one in said))


def _diff(changes: tuple[Change, ...]) -> Iterator[str]:
    if changes:
        yield gh.diff(change_lines(changes))


def _reasons(entry: Entry) -> Iterator[str]:
    finding = entry.finding
    advice = finding.advice
    yield gh.headed(word("Why"), advice.why)
    yield gh.headed(word("Check that it worked"), advice.check)
    yield tell("**Skip this if** {when:sentence}", when=gh.sentence(advice.unless))
    if entry.offered:
        yield tell("**How sure.** {sure:sentence}.", sure=sure_phrase(entry))
        return
    basis = gh.sentence(finding.basis).rstrip(".。")
    unproven = f" {gh.sentence(finding.unproven)}" if finding.unproven else ""
    text = "**How sure.** {sure:sentence}: {basis:sentence}."
    yield tell(text, sure=sure_phrase(entry), basis=basis) + unproven


def _related(report: Report, entry: Entry) -> Iterator[str]:
    if others := [_explanation(report, h) for h in alternatives(entry)]:
        yield _list(word("Other explanations, each with how sure it is by itself"), others)
    if said := also_phrase(entry):
        yield tell("**{heading:sentence}** {said:sentence}.", heading=word(ALSO), said=said)
    for heading, found in beneath(report, entry):
        lines = (f"- {(_brief if asks_more(entry, f) else _seen)(f)}" for f in found)
        # Runs that share an entry often share what follows from it.
        yield _list(heading, dict.fromkeys(lines))


def _explanation(report: Report, hypothesis: Hypothesis) -> str:
    said = f"{_brief(report.finding(hypothesis.finding))}{_settled(hypothesis)}"
    if (sure := chance(report, hypothesis)) is None:
        return tell("- an option: {said:sentence}", said=said)
    return tell("- {chance:percent}: {said:sentence}", chance=sure, said=said)


def _settled(hypothesis: Hypothesis) -> str:
    return f" {gh.sentence(hypothesis.settled.message)}" if hypothesis.settled else ""


def _brief(finding: Finding) -> str:
    advice = finding.advice
    return tell(
        "{title:sentence}. {observed:sentence} ({rule:sentence})",
        title=gh.sentence(advice.title),
        observed=gh.sentence(advice.observed),
        rule=gh.name(finding.rule),
    )


def _seen(finding: Finding) -> str:
    return tell(
        "{observed:sentence} ({rule:sentence})",
        observed=gh.sentence(finding.advice.observed),
        rule=gh.name(finding.rule),
    )


def _sources(entry: Entry) -> str:
    rule = gh.name(entry.rule.name)
    if not (cited := [f"- {_source(citation)}" for citation in entry.rule.citations]):
        return tell("**Rule** {rule:sentence}", rule=rule)
    return "\n".join((tell("**Rule** {rule:sentence}, drawn from", rule=rule), "", *cited))


def _source(citation: Citation) -> str:
    return f"{gh.link(citation.source, citation.url)} – {gh.sentence(citation.supports)}"
