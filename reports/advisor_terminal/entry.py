"""One entry on the screen: what to do, what was seen and where, what to change."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from advisor.finding import Severity
from advisor.language import tell, word
from advisor.presentation import (
    ALSO,
    Entry,
    also_phrase,
    alternatives,
    and_more,
    beneath,
    caveats,
    chance,
    change_lines,
    measured,
    next_label,
    runs_phrase,
    sure_phrase,
)
from advisor.presentation.sparklines import evidence_sparkline
from advisor.report import Experiment, Report
from advisor.text import clean
from advisor_terminal.words import NAME, QUIET, STYLES, name, sentence

EXPLAINED = 3
"""Consequences that are named; the rest is counted."""
_DIFF = {"@": QUIET, "-": "red", "+": "green"}


def title(entry: Entry) -> Text:
    """Write what to do, after the severity as a word."""
    severity = entry.diagnosis.severity
    said = sentence(entry.title, "bold")
    return Text.assemble((word(severity.value), STYLES[severity]), "  ", said)


def facts(report: Report, entry: Entry) -> Iterator[Text]:
    """Yield what was seen, what it cost, what to change and how sure that is."""
    finding, step = entry.finding, entry.diagnosis.next
    yield Text.assemble(sentence(finding.advice.observed), " · ", (runs_phrase(entry.runs), NAME))
    if entry.of_first:
        yield sentence(entry.of_first, QUIET)
    if drawn := evidence_sparkline(report, finding):
        yield Text.assemble(drawn[1], " ", name(drawn[0]))
    if probed := entry.diagnosis.hypotheses[0].settled:
        yield sentence(probed.message)
    for caveat in caveats(report, entry):
        yield Text.assemble((word("Less sure: "), QUIET), sentence(caveat.advice.observed))
    if finding.cost:
        yield sentence(finding.cost.message)
    changes = change_lines(step.changes)
    if step.kind != "change" or not changes:
        yield Text.assemble(_headed(next_label(entry)), sentence(step.message))
    yield from _diff(changes)
    for said in measured(report, entry):
        yield Text.assemble((word("Measured: "), QUIET), sentence(said))
    yield from _related(report, entry)
    if finding.unproven:
        yield sentence(finding.unproven, QUIET)
    yield Text(f"{_sure(entry)} · advisor explain {clean(entry.rule.name)}", QUIET)


def brief(entry: Entry) -> Iterator[Text]:
    """Yield what was seen and where, in one line, and the change if it is about a fault."""
    seen = sentence(entry.finding.advice.observed)
    explained = f" · advisor explain {clean(entry.rule.name)}"
    yield Text.assemble(seen, " · ", (runs_phrase(entry.runs), NAME), (explained, QUIET))
    if entry.diagnosis.severity is not Severity.NOTE:
        yield from _diff(change_lines(entry.diagnosis.next.changes))


def _sure(entry: Entry) -> str:
    """Say how sure a finding is, and in a few words what that rests on."""
    record = entry.finding.record
    sure = sure_phrase(entry)
    if entry.offered:
        return sure
    if record is None:
        return tell("{sure:sentence}, not measured", sure=sure)
    text = "{sure:sentence}, right in {share:percent} of {of:step}"
    if record.group:
        text = "{sure:sentence}, right in {share:percent} of {of:step} of its group"
    return tell(text, sure=sure, share=record.share, of=round(record.of))


def _headed(label: str) -> str:
    return tell("{label:sentence}: ", label=label)


def experiment(planned: Experiment) -> Iterator[Text]:
    """Yield why and how to start the next training, and what shows that it worked."""
    yield sentence(planned.why)
    yield from _diff(change_lines(planned.changes))
    yield Text.assemble((word("Check: "), QUIET), sentence(planned.check))


def _diff(lines: tuple[str, ...]) -> Iterator[Text]:
    for line in lines:
        yield Text(line, _DIFF[line[0]])


def _related(report: Report, entry: Entry) -> Iterator[Text]:
    for other in alternatives(entry):
        said = sentence(report.finding(other.finding).advice.title)
        sure = chance(report, other)
        label = word("Or, as an option: ")
        if sure is not None:
            label = tell("Or, {chance:percent} by itself: ", chance=sure)
        yield Text.assemble((label, QUIET), said)
        if other.settled:
            yield sentence(other.settled.message, QUIET)
    if also := also_phrase(entry):
        yield Text.assemble((_headed(word(ALSO)), QUIET), also)
    for heading, others in beneath(report, entry):
        seen = (sentence(other.advice.observed) for other in others)
        # Runs that share an entry often share what follows from it.
        once = list({text.plain: text for text in seen}.values())
        shown = once[:EXPLAINED]
        said = Text(word("; ")).join(shown).append(and_more("", len(once) - len(shown)))
        yield Text.assemble((_headed(heading), QUIET), said)
