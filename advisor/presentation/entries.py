"""What every renderer says the same way: entries, their order and the words for them.

Renderers differ in form only; whatever is decided about the content is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.drawing.drawn import Curve
from advisor.finding import Change, Finding, Severity
from advisor.language import tell, term, word
from advisor.model import Value
from advisor.presentation.hints import UNJUDGED
from advisor.report import (
    Diagnosis,
    Report,
    RuleInfo,
    RunEntry,
    Verdict,
)
from advisor.rule import Nature
from advisor.run import Axis
from advisor.text import AND_MORE, Message, clean, message, number, rate

_NEXT = {"change": term("Do this"), "separate": term("Find out first"), "look": term("Look first")}
_WEB = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9/._~%!*+,;=:?&#-]*)?")
"""Web addresses without the characters that end a link in one format or another."""

FIRST = 3
"""How many entries are called "do these first"."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered piece of advice: the same diagnosis on one run or on many."""

    number: int
    diagnoses: tuple[Diagnosis, ...]
    """All of one severity and with one leading rule; the first stands for the others."""
    finding: Finding
    """The finding that leads the first diagnosis."""
    rule: RuleInfo
    others: tuple[Finding, ...] = ()
    """The findings that lead the other diagnoses."""

    @property
    def title(self) -> Message:
        """What to do; and on which run, where another one is told something else."""
        return title_among(self.finding, self.others)

    @property
    def of_first(self) -> str:
        """Whose numbers stand in what is said; empty if those of all runs are the same."""
        said = {_asked(finding) for finding in (self.finding, *self.others)}
        if len(said) == 1 or not self.finding.runs:
            return ""
        text = "The numbers are those of {run:name}; the other runs have their own."
        return tell(text, run=shown_name(self.finding.runs[0]))

    @property
    def anchor(self) -> str:
        """A name that survives a rerun, fit for a link."""
        return self.finding.id

    @property
    def diagnosis(self) -> Diagnosis:
        """The diagnosis that stands for the entry."""
        return self.diagnoses[0]

    @property
    def offered(self) -> bool:
        """Whether it is an option: nobody's mistake, and worth a try."""
        return self.rule.nature == Nature.OPTION.value

    @property
    def runs(self) -> tuple[str, ...]:
        """The runs of all diagnoses, each once, in order."""
        return tuple(dict.fromkeys(run for d in self.diagnoses for run in d.runs))


def entries(report: Report) -> tuple[Entry, ...]:
    """Join the diagnoses that say the same of different runs, in the report's order."""
    rules = {rule.name: rule for rule in report.rules}
    groups: dict[tuple[str, str], list[Diagnosis]] = {}
    for diagnosis in report.diagnoses:
        key = (diagnosis.severity.value, diagnosis.hypotheses[0].rule)
        groups.setdefault(key, []).append(diagnosis)
    return tuple(
        Entry(index, tuple(group), first, rules[key[1]], tuple(others))
        for index, (key, group) in enumerate(groups.items(), 1)
        for first, *others in [[report.finding(d.leading) for d in group]]
    )


def title_among(finding: Finding, others: Sequence[Finding]) -> Message:
    """Return what a finding says to do; and on which run, where others say something else."""
    title = finding.advice.title
    if not finding.runs or all(other.advice.title.text == title.text for other in others):
        return title
    text = "{title:sentence} (for {run:name})"
    return message("entry.title", text, title=title, run=finding.runs[0])


def _asked(finding: Finding) -> tuple[str, str, tuple[str, ...]]:
    """Return what a finding asks for, without what was seen."""
    return finding.advice.do.text, finding.advice.check.text, change_lines(finding.changes)


def pressing(among: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries to do first, at most ``FIRST``; asides about the log are none."""
    return tuple(entry for entry in among if not entry.diagnosis.aside)[:FIRST]


def shown_name(name: str, longest: int = 60) -> str:
    """Make the name of a run, a series or a file fit to show; an empty one is said to be so.

    A long one is cut in its middle: paths of one study differ at their ends. A run that lies
    in LOGS itself has the path ``.``, which does not read as a name.
    """
    known = word("(top level)") if name == "." else clean(name, len(name) + 1)
    whole = known or word("(no name)")
    head = longest // 3
    return whole if len(whole) <= longest else f"{whole[:head]}…{whole[head + 1 - longest :]}"


def runs_phrase(runs: tuple[str, ...], shown: int = 3) -> str:
    """Name runs in a few words: ``run a``, ``runs a, b``, ``runs a, b, c and 4 more``."""
    names = and_more(", ".join(shown_name(run) for run in runs[:shown]), len(runs) - shown)
    if len(runs) > 1:
        return tell("runs {names:sentence}", names=names)
    return tell("run {names:sentence}", names=names)


def and_more(listed: str, more: int) -> str:
    """End a list of which ``more`` things are not shown; as it is if all are."""
    return tell(AND_MORE, listed=listed, more=more) if more > 0 else listed


_COUNTED = (
    term("{n:count error|errors}"),
    term("{n:count warning|warnings}"),
    term("{n:count note|notes}"),
)


def counts_phrase(verdict: Verdict) -> str:
    """Count the findings by severity: ``2 errors, 1 note``; ``no findings`` if there are none."""
    return word(", ").join(said for _, _, said in counted(verdict)) or word("no findings")


def counted(verdict: Verdict) -> Iterator[tuple[Severity, int, str]]:
    """Yield each severity that was found, how often, and the two in words: ``2 errors``."""
    counts = (verdict.errors, verdict.warnings, verdict.notes)
    for severity, text, count in zip(Severity, _COUNTED, counts, strict=True):
        if count:
            yield severity, count, tell(text, n=count)


def judged(run: RunEntry) -> bool:
    """Tell whether anything was found of a run, or would have been: no finding is no praise."""
    return run.state.id != UNJUDGED.id


def fine(report: Report) -> bool:
    """Tell whether runs were judged and no fault was found in any."""
    return report.verdict.severity is None and any(map(judged, report.runs))


def objective_phrase(run: RunEntry) -> str:
    """Say the best value of a run's objective: ``0.412 at epoch 31``; empty if there is none."""
    if run.objective_value is None:
        return ""
    if run.objective_step is None:
        return objective_best(run)
    where = place(run, run.objective_step)
    return tell("{value:text} at {where:sentence}", value=objective_best(run), where=where)


def objective_best(run: RunEntry) -> str:
    """Say the best value of a run's objective, in per cent where its name does: ``4.2%``."""
    objective = run.understanding.objective
    if run.objective_value is None:
        return ""
    percent = objective is not None and objective.in_percent
    return number(run.objective_value) + ("%" if percent else "")


def place(run: RunEntry | None, step: int) -> str:
    """Name a step in the words of a run's axis: ``epoch 31``, ``step 8,400``."""
    return place_on(run.axis if run else Axis.STEP, step)


def place_on(axis: Axis, step: int) -> str:
    """Name a step of an axis: ``epoch 31``."""
    return tell("{axis:text} {step:step}", axis=axis.value, step=step)


def stretch_on(axis: Axis, first: int, last: int) -> str:
    """Name a stretch of an axis: ``epoch 31 to 40``; one step alone is a place."""
    if first == last:
        return place_on(axis, first)
    text = "{axis:text} {first:step} to {last:step}"
    return tell(text, axis=axis.value, first=first, last=last)


def worst_first(runs: tuple[RunEntry, ...]) -> tuple[RunEntry, ...]:
    """Order runs by their worst finding; equal ones stay in the report's order."""
    last = len(Severity)
    return tuple(sorted(runs, key=lambda run: run.severity.rank if run.severity else last))


def next_label(entry: Entry) -> str:
    """Head the next action of an entry: ``Do this``, or what has to be settled before."""
    return word(_NEXT[entry.diagnosis.next.kind])


def safe_url(url: str) -> str | None:
    """Return a web address that can stand in a link of any format, or ``None``."""
    return url if _WEB.fullmatch(url) else None


def measured(report: Report, entry: Entry) -> tuple[Message, ...]:
    """Return what short trainings said of the changes of an entry; empty if none was tried."""
    mine = {diagnosis.leading for diagnosis in entry.diagnoses}
    return tuple(v.message for v in report.verifications if mine.intersection(v.findings))


def change_lines(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """Write changes as a diff of the settings: ``@@ a.yml:9 @@``, ``- lr: 0.1``, ``+ lr: 0.01``."""
    return tuple(line for change in changes for line in _change(change))


def _change(change: Change) -> Iterator[str]:
    name = clean(change.path or change.parameter)
    if change.place:
        yield f"@@ {change.place.text} @@"
    if change.before is not None:
        yield f"- {name}: {setting_text(change.parameter, change.before)}"
    after = setting_text(change.parameter, change.after)
    # What describes a value has blanks, unlike the value of a choice.
    yield f"+ {name}: {word(after) if ' ' in after else after}"


def setting_text(parameter: str, value: Value) -> str:
    """Write the value of a setting on one line; learning rates as people type them."""
    if isinstance(value, float):
        # Six digits: as exact as people type, and free of the tail of a 32-bit number.
        written = rate(value, 6) if parameter == "learning_rate" else number(value, 6)
        return written.replace(",", "")
    if isinstance(value, tuple):
        return "[" + ", ".join(clean(str(item)) for item in value) + "]"
    return clean(str(value))


def run_entry(report: Report, name: str) -> RunEntry | None:
    """Return a run of the report by its name."""
    return next((run for run in report.runs if run.name == name), None)


def curve_of(run: RunEntry, series: str) -> Curve | None:
    """Return the drawn curve of a series, if the report holds it."""
    return next((curve for curve in run.curves if curve.series == series), None)
