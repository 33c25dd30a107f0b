"""From findings to diagnoses: what belongs together, what explains what, and what to do first.

The engine knows no rule by name; everything rests on what the rules declare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from advisor.finding import Change, Finding, OtherCause, Severity
from advisor.report import Diagnosis, Hypothesis, NextStep
from advisor.rule import BaseRule, Stage
from advisor.text import message

_DOUBTED = 0.5
"""The confidence up to which a cause is no likelier than not, and leads no effect that is seen."""

CLOSE = 0.15
"""Two hypotheses whose probabilities differ by less are not told apart (chosen by eye)."""

Key = tuple[int, int, float, str, tuple[str, ...], str]


@dataclass(frozen=True)
class _Group:
    """The findings of one diagnosis, before it is known what may be ordered."""

    ranked: tuple[Finding, ...]
    """A cause before its effects; else what is most severe, and among equals what is likeliest."""
    beneath: tuple[str, ...]
    spoken: frozenset[str]
    """The rules that found anything in these runs."""
    aside: bool
    """True where all is about the log and weakens nothing."""
    severity: Severity
    """That of the gravest finding: what is grave stays so under a milder explanation."""

    @property
    def leader(self) -> Finding:
        return self.ranked[0]


@dataclass(frozen=True)
class Diagnoser:
    """Joins findings by what the rules declare of them."""

    rules: Mapping[str, BaseRule]
    also: Mapping[str, tuple[OtherCause, ...]] = field(default_factory=dict)
    """By the names of rules: what else it was where they led."""

    def diagnose(self, findings: Sequence[Finding]) -> tuple[Diagnosis, ...]:
        """Return the diagnoses, the most pressing first; every finding belongs to exactly one.

        An order is withheld where a more pressing one for the same run contradicts it.
        """
        by_runs: dict[tuple[str, ...], list[Finding]] = {}
        for finding in findings:
            by_runs.setdefault(finding.runs, []).append(finding)
        groups = [group for some in by_runs.values() for group in self._groups(some)]
        found = []
        ordered: dict[str, list[Change]] = {}
        for group in sorted(groups, key=self._urgency):
            before = [change for run in group.leader.runs for change in ordered.get(run, ())]
            diagnosis = self._diagnosis(group, before)
            for run in diagnosis.runs:
                ordered.setdefault(run, []).extend(diagnosis.next.changes)
            found.append(diagnosis)
        return tuple(found)

    def priority(self, finding: Finding) -> Key:
        """Return the sort key of a finding: severity, stage, confidence × measured cost, name."""
        cost = finding.cost.share if finding.cost else 0.0
        return (
            finding.severity.rank,
            self.rules[finding.rule].stage.rank,
            -round(finding.confidence * cost, 6),
            finding.rule,
            finding.runs,
            finding.id,
        )

    def _urgency(self, group: _Group) -> tuple[bool, int, bool, Key]:
        """Return the sort key of a diagnosis: a note on the log after all on the training."""
        note = group.severity is Severity.NOTE
        on_log = note and self.rules[group.leader.rule].stage is Stage.TELEMETRY
        return group.aside, group.severity.rank, on_log, self.priority(group.leader)

    def _groups(self, findings: list[Finding]) -> Iterator[_Group]:
        """Join the findings of one run (or of one set of runs)."""
        ordered = sorted(findings, key=self.priority)
        spoken = frozenset(finding.rule for finding in ordered)
        explained = self._explanations(ordered)
        asides = [f for f in ordered if f.id not in explained and self._is_aside(f)]
        explained |= {finding.id: asides[0].id for finding in asides[1:]}
        for joined in self._by_symptom(f for f in ordered if f.id not in explained):
            ranked = tuple(self._ranked(joined))
            roots = {finding.id for finding in joined}
            beneath = [f for f in ordered if _root(explained, f.id) in roots - {f.id}]
            gravest = min((f.severity for f in (*ranked, *beneath)), key=lambda s: s.rank)
            aside = all(f in asides for f in joined)
            yield _Group(ranked, tuple(f.id for f in beneath), spoken, aside, gravest)

    def _ranked(self, joined: Iterable[Finding]) -> Iterator[Finding]:
        """Yield hypotheses by likelihood, each after the likely ones whose effect it is.

        Where effects go round in a circle, the likeliest of what is left comes next.
        """
        left = sorted(joined, key=self._likelihood)
        while left:
            uncaused = (f for f in left if not any(self._precedes(o, f) for o in left if o != f))
            found = next(uncaused, left[0])
            left.remove(found)
            yield found

    def _precedes(self, cause: Finding, effect: Finding) -> bool:
        likely = cause.confidence > _DOUBTED
        return likely and self.rules[effect.rule].is_among(self.rules[cause.rule].precedes)

    def _likelihood(self, finding: Finding) -> tuple[int, float, float, Key]:
        """Return the sort key within a symptom; the rule's own estimate parts what is as sure."""
        estimate = finding.confidence if finding.estimate is None else finding.estimate
        return finding.severity.rank, -finding.confidence, -estimate, self.priority(finding)

    def _is_aside(self, finding: Finding) -> bool:
        """Tell whether a finding is only about the log; one that a user made grave is not."""
        return bool(self.rules[finding.rule].undermines) and finding.severity is Severity.NOTE

    def _explanations(self, ordered: Sequence[Finding]) -> dict[str, str]:
        """Map each finding that another one explains, or has as a caveat, to the id of that one.

        Where findings explain each other in a circle, the most pressing one stays unexplained.
        """
        explained = {c: finding.id for finding in reversed(ordered) for c in finding.caveats}
        for finding in reversed(ordered):
            for other in ordered if finding.id not in explained else ():
                if self._explains(other, finding) and _root(explained, other.id) != finding.id:
                    explained[finding.id] = other.id
                    break
        return explained

    def _explains(self, leader: Finding, finding: Finding) -> bool:
        rule = self.rules[leader.rule]
        near = rule.ends_run or leader.overlaps(finding)
        return near and self.rules[finding.rule].is_among(rule.silences)

    def _by_symptom(self, leaders: Iterable[Finding]) -> Iterator[list[Finding]]:
        """Group findings that share a symptom, directly or through others."""
        groups: list[tuple[set[str], list[Finding]]] = []
        for finding in leaders:
            symptoms = set(self.rules[finding.rule].symptoms)
            joined = [finding]
            for group in [g for g in groups if g[0] & symptoms]:
                groups.remove(group)
                symptoms |= group[0]
                joined = group[1] + joined
            groups.append((symptoms, joined))
        return (findings for _, findings in groups)

    def _diagnosis(self, group: _Group, before: Sequence[Change]) -> Diagnosis:
        total = max(1.0, sum(finding.confidence for finding in group.ranked))
        hypotheses = tuple(
            Hypothesis(rule=f.rule, probability=round(f.confidence / total, 4), finding=f.id)
            for f in group.ranked
        )
        leader = group.leader
        return Diagnosis(
            id=_identifier(leader),
            severity=group.severity,
            runs=leader.runs,
            symptom=self.rules[leader.rule].symptoms[0],
            hypotheses=hypotheses,
            consequences=group.beneath,
            aside=group.aside,
            next=self._next(leader, hypotheses, before),
            also=tuple(c for c in self.also.get(leader.rule, ()) if c.rule not in group.spoken),
        )

    def _next(
        self, leader: Finding, hypotheses: Sequence[Hypothesis], before: Sequence[Change]
    ) -> NextStep:
        conflict = next((c for c in leader.changes if _against(c, before)), None)
        if conflict is not None:
            text = "After the advice above: it changes {parameter:name} too."
            return NextStep(
                kind="look", message=message("next.conflict", text, parameter=conflict.parameter)
            )
        rule = self.rules[leader.rule]
        close = len(hypotheses) > 1 and (
            hypotheses[0].probability - hypotheses[1].probability < CLOSE
        )
        if close and rule.separated_by and not rule.separates_by_doing(leader.advice.do):
            text = "{how:text}, to tell the explanations apart."
            said = message("next.separate", text, how=rule.separated_by[0])
            return NextStep(kind="separate", message=said)
        return NextStep(kind="change", message=leader.advice.do, changes=leader.changes)


def _against(change: Change, before: Iterable[Change]) -> bool:
    """Whether an earlier order gives the same parameter another value."""
    mine = [other for other in before if other.parameter == change.parameter]
    return any((o.direction, o.after) != (change.direction, change.after) for o in mine)


def _root(explained: Mapping[str, str], identifier: str) -> str:
    """Return what is at the root of a finding: the finding itself if nothing explains it."""
    while identifier in explained:
        identifier = explained[identifier]
    return identifier


def _identifier(leader: Finding) -> str:
    return "d-" + hashlib.sha256(leader.id.encode()).hexdigest()[:10]
