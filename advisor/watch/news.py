"""What changed between two looks: findings that are new, that are gone, and the runs' own state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from advisor.finding import Finding, Severity
from advisor.language import shown, tell, term
from advisor.notes import NoteKind
from advisor.presentation import place, shown_name
from advisor.report import Report, RunEntry
from advisor.text import clean, spans

Key = tuple[str, tuple[str, ...]]
"""What makes two findings of two looks the same: the rule, and its runs. Evidence moves on."""

LONGEST = 400
"""Characters of a line."""


@dataclass(frozen=True, slots=True)
class News:
    """One line: in a word what happened, and to what."""

    word: str
    """``error``, ``warning``, ``note``: a new finding; else ``gone``, ``run``, ``ended`` …"""
    text: str


def keyed(report: Report, level: Severity = Severity.NOTE) -> dict[Key, Finding]:
    """Return the gravest finding of each key, at ``level`` or above; the gravest keys first.

    Those of a rule across runs are one whatever the runs: each new run would make another.
    """
    across = {rule.name for rule in report.rules if rule.across}
    grave = [finding for finding in report.findings if finding.severity.rank <= level.rank]
    found: dict[Key, Finding] = {}
    for finding in sorted(grave, key=lambda finding: finding.severity.rank):
        found.setdefault((finding.rule, () if finding.rule in across else finding.runs), finding)
    return found


def news(before: Report, now: Report) -> Iterator[News]:
    """Yield what changed. What is only about the log, and weakens nothing, is no news."""
    old, new = keyed(before), keyed(now)
    quiet = _asides(before) | _asides(now)
    for key, finding in new.items():
        if key not in old and finding.id not in quiet:
            yield News(finding.severity.value, _new(finding))
        elif key in old and old[key].severity is not finding.severity:
            text = "{now:sentence}, before: {severity:text}"
            text = tell(text, now=_new(finding), severity=old[key].severity.value)
            yield News(finding.severity.value, text)
    runs = {run.name: run for run in now.runs}
    for key, finding in old.items():
        if key not in new and finding.id not in quiet:
            yield News(term("gone"), _gone(finding, runs))
    yield from _of_runs({run.name: run for run in before.runs}, runs)


def _asides(report: Report) -> set[str]:
    """Return the ids of findings about the log, be they for themselves or part of others."""
    asides = {
        identifier
        for diagnosis in report.diagnoses
        if diagnosis.aside
        for identifier in (*(h.finding for h in diagnosis.hypotheses), *diagnosis.consequences)
    }
    return asides.union(caveat for finding in report.findings for caveat in finding.caveats)


def _of_runs(before: Mapping[str, RunEntry], now: Mapping[str, RunEntry]) -> Iterator[News]:
    for name, run in now.items():
        growing = _growing(run)
        if name not in before:
            text = "{where:sentence}, growing" if growing else "{where:sentence}, no longer written"
            yield News(term("new run"), tell(text, where=_where(run)))
        elif growing and not _growing(before[name]):
            yield News(term("goes on"), _where(run))
        elif _growing(before[name]) and not growing:
            yield News(term("ended"), _end(run))
    for name in before:
        if name not in now:
            text = "{run:sentence} is there no more"
            yield News(term("no run"), tell(text, run=shown_name(name)))


def _growing(run: RunEntry) -> bool:
    return any(note.id == f"note.{NoteKind.GROWING.value}" for note in run.notes)


def _where(run: RunEntry) -> str:
    text = "{run:sentence}: up to {place:sentence}"
    return tell(text, run=shown_name(run.name), place=place(run, run.last_step))


def _end(run: RunEntry) -> str:
    """Say how a run ended: a logger may mark the end, and then its absence tells of a kill."""
    killed = any(note.id == f"note.{NoteKind.UNFINISHED.value}" for note in run.notes)
    text = "{where:sentence}, {state:sentence}"
    if killed:
        text = "{where:sentence}, without an end mark: {state:sentence}"
    return tell(text, where=_where(run), state=plain(shown(run.state)))


def _new(finding: Finding) -> str:
    return tell(
        "{runs:sentence}: {what:sentence}. {title:sentence} ({rule:given})",
        runs=_runs(finding),
        what=plain(shown(finding.advice.observed)),
        title=plain(shown(finding.advice.title)),
        rule=finding.rule,
    )


def _gone(finding: Finding, runs: Mapping[str, RunEntry]) -> str:
    state = [plain(shown(runs[name].state)) for name in finding.runs[:1] if name in runs]
    text = "{runs:sentence}: {what:sentence}"
    if state:
        text = "{runs:sentence}: {what:sentence}; now: {state:sentence}"
    what = plain(shown(finding.advice.observed))
    return tell(text, runs=_runs(finding), what=what, state="".join(state))


def _runs(finding: Finding) -> str:
    more = len(finding.runs) - 1
    name = shown_name(finding.runs[0])
    return tell("{listed:sentence} and {more:step} more", listed=name, more=more) if more else name


def plain(text: str) -> str:
    """Return a sentence as a terminal shows it: without backticks, and nothing that steers it."""
    return clean("".join(span.text for span in spans(text)), LONGEST)
