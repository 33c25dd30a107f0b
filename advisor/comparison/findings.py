"""Findings then and now: new, fixed, unchanged, or not judged on one side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor.comparison.matching import Matching
from advisor.finding import Finding
from advisor.report import Report
from advisor.report.comparison import GoneFinding, NewFinding
from advisor.text import Message, message

_ALONE = ("",)
"""Stands for the runs of findings on runs without a counterpart."""

_JUDGED: frozenset[str | None] = frozenset(("passed", "failed"))
"""What a rule comes to that looked at a run. One that failed found something else there."""

Key = tuple[str, tuple[str, ...]]
"""A rule, and the runs as they are called now; without runs for a rule across runs."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The findings of both sides, each once."""

    new: tuple[NewFinding, ...]
    gone: tuple[GoneFinding, ...]
    unchanged: tuple[str, ...]


def compared(report: Report, baseline: Report, matching: Matching) -> Compared:
    """Match findings by id, then by rule and run: what moved to another series is no news.

    On runs without a counterpart a finding is unchanged if the baseline has one of the same rule
    on such a run: there, numbers of findings say nothing.
    """
    now = _keyed(report, {name: name for name in matching.pairs})
    before = _keyed(baseline, matching.back)
    judged = _Judged(report, baseline, matching)
    new: dict[str, NewFinding] = {}
    gone: dict[str, GoneFinding] = {}
    for key in dict.fromkeys((*now, *before)):
        mine, theirs = now.get(key, []), before.get(key, [])
        if key[1] == _ALONE and mine and theirs:
            mine, theirs = [], []
        for one, other in _pairs(mine, theirs):
            if other is None and one is not None:
                new[one.id] = NewFinding(finding=one.id, remark=judged.before(one))
            elif one is None and other is not None:
                gone[other.id] = judged.gone(other)
            elif one and other and one.severity.rank < other.severity.rank:
                text = "It was a mere {severity:text} in the baseline."
                said = message("baseline.milder", text, severity=other.severity.value)
                new[one.id] = NewFinding(finding=one.id, remark=said)
    return Compared(
        tuple(new[f.id] for f in report.findings if f.id in new),
        tuple(gone[f.id] for f in baseline.findings if f.id in gone),
        tuple(f.id for f in report.findings if f.id not in new),
    )


def _keyed(report: Report, names: Mapping[str, str]) -> dict[Key, list[Finding]]:
    across = _across(report)
    keyed: dict[Key, list[Finding]] = {}
    for finding in report.findings:
        known = all(run in names for run in finding.runs)
        runs = tuple(names[run] for run in finding.runs) if known else _ALONE
        key = (finding.rule, () if finding.rule in across else runs)
        keyed.setdefault(key, []).append(finding)
    return keyed


def _across(report: Report) -> frozenset[str]:
    return frozenset(rule.name for rule in report.rules if rule.across)


def _pairs(
    mine: Sequence[Finding], theirs: Sequence[Finding]
) -> Iterator[tuple[Finding | None, Finding | None]]:
    """Pair findings of one rule on one run: those of one id first, the rest in their order."""
    others = {finding.id: finding for finding in theirs}
    same = {finding.id for finding in mine if finding.id in others}
    yield from ((finding, others[finding.id]) for finding in mine if finding.id in same)
    left = [finding for finding in mine if finding.id not in same]
    right = [finding for finding in theirs if finding.id not in same]
    for place in range(max(len(left), len(right))):
        yield (
            left[place] if place < len(left) else None,
            right[place] if place < len(right) else None,
        )


class _Judged:
    """What rules came to on either side, for the findings that one side lacks."""

    def __init__(self, report: Report, baseline: Report, matching: Matching) -> None:
        self._report, self._baseline, self._matching = report, baseline, matching
        self._now, self._before = _outcomes(report), _outcomes(baseline)
        self._asked = frozenset(rule.name for rule in report.rules)
        self._were_asked = frozenset(rule.name for rule in baseline.rules)
        self._across = _across(report) | _across(baseline)
        self._known = frozenset(run.name for run in report.runs)

    def before(self, finding: Finding) -> Message | None:
        """Say why the baseline could not have a finding; ``None`` if it judged the same."""
        pairs = self._matching.pairs
        if finding.rule not in self._were_asked:
            return message("baseline.new_rule", "The baseline was not asked about it.")
        if finding.rule not in self._across and not all(r in pairs for r in finding.runs):
            return message("baseline.new_run", "The run is not in the baseline.")
        outcomes = {self._before.get((finding.rule, pairs.get(r, r))) for r in finding.runs}
        if finding.rule in self._baseline.accepted:
            return message("baseline.was_accepted", "The baseline's settings accepted it.")
        if outcomes & _JUDGED:
            return None
        text = "It could not be judged in the baseline, or did not apply there."
        return message("baseline.unjudged_then", text)

    def gone(self, finding: Finding) -> GoneFinding:
        """Say what became of a finding of the baseline."""
        runs = tuple(self._matching.back.get(run, run) for run in finding.runs)
        said = self._became(finding, runs)
        return GoneFinding(
            finding=finding.id,
            rule=finding.rule,
            severity=finding.severity,
            runs=runs,
            title=finding.advice.title,
            observed=finding.advice.observed,
            fixed=said.id == "baseline.fixed",
            message=said,
        )

    def _became(self, finding: Finding, runs: Sequence[str]) -> Message:
        if finding.rule in self._report.accepted:
            return message("baseline.accepted", "The settings accept it now.")
        if finding.rule not in self._asked:
            return message("baseline.unasked", "Its rule was not asked this time.")
        judged = self._known if finding.rule in self._across else runs
        if not self._known.issuperset(judged):
            return message("baseline.run_gone", "Its run is not there any more.")
        outcomes = {self._now.get((finding.rule, run)) for run in judged}
        if not outcomes <= _JUDGED:
            text = "It could not be judged again, or does not apply any more."
            return message("baseline.unjudged_now", text)
        return message("baseline.fixed", "Its rule judged it again, and does not find it.")


def _outcomes(report: Report) -> dict[tuple[str, str], str]:
    return {(s.rule, run): s.outcome for s in report.statuses for run in s.runs}
