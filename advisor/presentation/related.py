"""What stands beside an entry: other explanations, what weakens it, and what is beneath it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from advisor.finding import Finding
from advisor.language import tell, term, word
from advisor.presentation.entries import Entry
from advisor.report import Hypothesis, Report
from advisor.rule import Nature, Stage

ALSO = term("It may also be")
"""Heads what ``also_phrase`` says."""
_FOLLOWS = term("What follows from it")
_ON_LOG = term("More about the log")


class Beneath(NamedTuple):
    """Findings beneath an entry that stand under one heading."""

    heading: str
    findings: tuple[Finding, ...]


def alternatives(entry: Entry) -> tuple[Hypothesis, ...]:
    """Return the other explanations of an entry's symptom, the likeliest first."""
    return entry.diagnosis.hypotheses[1:]


def also_phrase(entry: Entry) -> str:
    """Say what else an entry may be, of which no finding speaks; empty if nothing is known.

    ``too low a learning rate 17%, ... (shares of 95 faulty trainings ...)``.
    """
    if not (also := entry.diagnosis.also):
        return ""
    named = word(", ").join(
        tell("{cause:text} {share:percent}", cause=cause.text, share=cause.share) for cause in also
    )
    text = (
        "{causes:sentence} (shares of {of:count faulty training|faulty trainings} of the benchmark "
        "where this came first)"
    )
    return tell(text, causes=named, of=also[0].of)


def chance(report: Report, hypothesis: Hypothesis) -> float | None:
    """Return how sure an explanation is by itself, from 0 to 1, whatever others there are.

    Once a probe has settled it, what the probe says; else what its finding says, as the heading of
    its entry does: ``None`` of an option, of which it is only known that it applies.
    """
    settled = hypothesis.settled
    if settled is not None and settled.outcome != "open":
        return hypothesis.probability
    if any(r.name == hypothesis.rule and r.nature == Nature.OPTION.value for r in report.rules):
        return None
    return report.finding(hypothesis.finding).confidence


def caveats(report: Report, entry: Entry) -> tuple[Finding, ...]:
    """Return what the logs lack for the evidence of an entry, one finding for each rule."""
    members = (
        identifier
        for diagnosis in entry.diagnoses
        for identifier in (*(h.finding for h in diagnosis.hypotheses), *diagnosis.consequences)
    )
    found = (i for member in members for i in report.finding(member).caveats)
    return _one_a_rule(map(report.finding, found))


def beneath(report: Report, entry: Entry) -> Iterator[Beneath]:
    """Yield the findings that stand beneath an entry, without its caveats.

    What is only about the log follows from nothing, and has a heading of its own. Asides of many
    runs say the same of each: one finding for each rule stands for all.
    """
    shown = {identifier for f in report.findings for identifier in f.caveats}
    listed = dict.fromkeys(i for diagnosis in entry.diagnoses for i in diagnosis.consequences)
    found = tuple(report.finding(identifier) for identifier in listed if identifier not in shown)
    if entry.diagnosis.aside:
        found = _one_a_rule(found)
    logs = {rule.name for rule in report.rules if rule.stage == Stage.TELEMETRY.value}
    for heading, on_log in ((_FOLLOWS, False), (_ON_LOG, True)):
        if some := tuple(f for f in found if (f.rule in logs) is on_log):
            yield Beneath(word(heading), some)


def asks_more(entry: Entry, other: Finding) -> bool:
    """Tell whether a finding beneath an entry asks for something that the entry does not."""
    made = [change for d in entry.diagnoses for change in d.next.changes]
    named = {(c.parameter, c.after) for c in (*entry.finding.changes, *made)}
    return not other.changes or any((c.parameter, c.after) not in named for c in other.changes)


def _one_a_rule(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.rule, finding)
    return tuple(first.values())
