"""What there is to remark, the most important first, and on which line of the settings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from advisor.finding import Change, Finding, Place, Severity
from advisor.language import shown, tell
from advisor.presentation import Entry, entries, heading_phrase, runs_phrase, title_among
from advisor.report import Diagnosis, Report
from advisor.text import Message, clean

LONGEST = 1_000
"""Characters of one sentence; those of the built-in rules stay far below."""

MOST = 5_000
"""Located remarks in one file: GitHub keeps no more alerts, and nobody reads as many."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One piece of advice on one line of the settings, for all runs that it is about."""

    entry: Entry
    finding: Finding
    """The finding of the first of ``runs``; its sentences stand for all."""
    runs: tuple[str, ...]
    said: Message
    """What to do next."""
    others: tuple[Finding, ...] = ()
    """The findings of the other runs."""
    setting: str = ""
    """The run's own name for what is on that line."""
    place: Place | None = None
    """``None`` where no line of a settings file is known."""

    @property
    def severity(self) -> Severity:
        """The severity of the diagnosis."""
        return self.entry.diagnosis.severity

    @property
    def title(self) -> str:
        """What to do, in a few words."""
        return plain(title_among(self.finding, self.others))

    @property
    def text(self) -> str:
        """What was seen and where, what to do, and how sure that is; plain text on one line."""
        advice = self.finding.advice
        return tell(
            "{evidence:sentence} {do:sentence} ({runs:sentence}; {sure:clause})",
            evidence=plain(advice.evidence),
            do=plain(self.said),
            runs=runs_phrase(self.runs),
            sure=heading_phrase(self.entry),
        )

    @property
    def whole(self) -> str:
        """Title and text."""
        return tell("{title:sentence}. {text:sentence}", title=self.title, text=self.text)

    @property
    def fingerprint(self) -> str:
        """Stays the same when lines move, runs are named anew or numbers change."""
        file = self.place.file if self.place else ""
        key = f"{self.entry.rule.name}\n{self.severity.value}\n{file}\n{self.setting}"
        return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def plain(said: Message) -> str:
    """Write a sentence as plain text, on one line."""
    return clean(shown(said), LONGEST)


def remarks(report: Report) -> Iterator[Remark]:
    """Yield the remarks in the order of the entries; one for each line that an entry touches."""
    for entry in entries(report):
        groups: dict[Place | None, list[tuple[Diagnosis, Change | None]]] = {}
        for diagnosis in entry.diagnoses:
            change = _placed(report, diagnosis)
            groups.setdefault(change.place if change else None, []).append((diagnosis, change))
        for place, group in groups.items():
            first, change = group[0]
            yield Remark(
                entry=entry,
                finding=report.finding(first.leading),
                runs=tuple(dict.fromkeys(run for d, _ in group for run in d.runs)),
                said=first.next.message,
                others=tuple(report.finding(d.leading) for d, _ in group[1:]),
                setting=(change.path or change.parameter) if change else "",
                place=place,
            )


def located(report: Report) -> tuple[tuple[Remark, Place], ...]:
    """Return the remarks on lines of settings files, at most ``MOST``, each fingerprint once."""
    found: dict[str, tuple[Remark, Place]] = {}
    for remark in remarks(report):
        if remark.place is not None:
            found.setdefault(remark.fingerprint, (remark, remark.place))
        if len(found) == MOST:
            break
    return tuple(found.values())


def _placed(report: Report, diagnosis: Diagnosis) -> Change | None:
    changes = diagnosis.next.changes or report.finding(diagnosis.leading).changes
    return next((change for change in changes if change.place), None)
