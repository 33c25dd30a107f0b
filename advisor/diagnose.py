"""From findings to diagnoses: what belongs together, what explains what, and what to do first.

The engine knows no rule by name; everything rests on what the rules declare.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor.finding import Change, Finding
from advisor.report import Diagnosis, Hypothesis, NextStep
from advisor.rule import BaseRule
from advisor.text import message

CLOSE = 0.15
"""Two hypotheses whose probabilities differ by less are not told apart (chosen by eye)."""

Key = tuple[int, int, float, str, tuple[str, ...]]


@dataclass(frozen=True)
class Diagnoser:
    """Joins findings by what the rules declare of them."""

    rules: Mapping[str, BaseRule]

    def diagnose(self, findings: Sequence[Finding]) -> tuple[Diagnosis, ...]:
        """Return the diagnoses, the most pressing first; every finding belongs to exactly one."""
        by_runs: dict[tuple[str, ...], list[Finding]] = {}
        for finding in findings:
            by_runs.setdefault(finding.runs, []).append(finding)
        found = [d for group in by_runs.values() for d in self._one_group(group)]
        by_id = {finding.id: finding for finding in findings}
        return tuple(sorted(found, key=lambda d: self.priority(by_id[d.leading])))

    def priority(self, finding: Finding) -> Key:
        """Return the sort key of a finding: severity, stage, confidence × measured cost, name."""
        cost = finding.cost.share if finding.cost else 0.0
        return (
            finding.severity.rank,
            self.rules[finding.rule].stage.rank,
            -round(finding.confidence * cost, 6),
            finding.rule,
            finding.runs,
        )

    def _one_group(self, findings: list[Finding]) -> Iterator[Diagnosis]:
        """Diagnose the findings of one run (or of one set of runs)."""
        ordered = sorted(findings, key=self.priority)
        explained = self._explanations(ordered)
        leaders = [finding for finding in ordered if finding.id not in explained]
        ordered_changes: list[Change] = []
        for group in self._by_symptom(leaders):
            beneath = [f.id for f in ordered if explained.get(f.id) in {g.id for g in group}]
            diagnosis = self._diagnosis(group, tuple(beneath), ordered_changes)
            ordered_changes.extend(diagnosis.next.changes)
            yield diagnosis

    def _explanations(self, ordered: Sequence[Finding]) -> dict[str, str]:
        """Map each finding that another one explains to the id of the one at the root."""
        explained: dict[str, str] = {}
        for finding in ordered:
            for other in ordered:
                if other.id != finding.id and self._explains(other, finding):
                    mutual = self._explains(finding, other)
                    if not mutual or self.priority(other) < self.priority(finding):
                        explained[finding.id] = other.id
                        break
        return {identifier: _root(explained, identifier) for identifier in explained}

    def _explains(self, leader: Finding, finding: Finding) -> bool:
        silenced = self.rules[leader.rule].silences
        stage = self.rules[finding.rule].stage.value
        overlap = leader.first_step <= finding.last_step and finding.first_step <= leader.last_step
        return overlap and (finding.rule in silenced or f"stage:{stage}" in silenced)

    def _by_symptom(self, leaders: Iterable[Finding]) -> list[list[Finding]]:
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
        return sorted((g[1] for g in groups), key=lambda g: min(map(self.priority, g)))

    def _diagnosis(
        self, group: Sequence[Finding], beneath: tuple[str, ...], ordered: Sequence[Change]
    ) -> Diagnosis:
        # What is most severe leads; among equals, what is likeliest.
        ranked = sorted(group, key=lambda f: (f.severity.rank, -f.confidence, self.priority(f)))
        total = max(1.0, sum(finding.confidence for finding in ranked))
        hypotheses = tuple(
            Hypothesis(rule=f.rule, probability=round(f.confidence / total, 4), finding=f.id)
            for f in ranked
        )
        leader = ranked[0]
        return Diagnosis(
            id=_identifier(leader),
            severity=leader.severity,
            runs=leader.runs,
            symptom=self.rules[leader.rule].symptoms[0],
            hypotheses=hypotheses,
            consequences=beneath,
            next=self._next(ranked, hypotheses, ordered),
        )

    def _next(
        self, ranked: Sequence[Finding], hypotheses: Sequence[Hypothesis], ordered: Sequence[Change]
    ) -> NextStep:
        leader = ranked[0]
        conflict = next((c for c in leader.changes if _against(c, ordered)), None)
        if conflict is not None:
            text = "First settle the advice above: it moves {parameter:name} the other way."
            return NextStep(
                kind="look", message=message("next.conflict", text, parameter=conflict.parameter)
            )
        separating = self.rules[leader.rule].separated_by
        close = len(hypotheses) > 1 and (
            hypotheses[0].probability - hypotheses[1].probability < CLOSE
        )
        if close and separating:
            text = "To tell the explanations apart: {how:text}."
            return NextStep(
                kind="separate", message=message("next.separate", text, how=separating[0])
            )
        return NextStep(kind="change", message=leader.advice.do, changes=leader.changes)


def _against(change: Change, ordered: Iterable[Change]) -> bool:
    """Whether an earlier order moves the same parameter the opposite way."""
    opposite = {"up": "down", "down": "up"}.get(change.direction)
    return any(o.parameter == change.parameter and o.direction == opposite for o in ordered)


def _root(explained: Mapping[str, str], identifier: str) -> str:
    seen = {identifier}
    while explained[identifier] in explained and explained[identifier] not in seen:
        identifier = explained[identifier]
        seen.add(identifier)
    return explained[identifier]


def _identifier(leader: Finding) -> str:
    return "d-" + hashlib.sha256(leader.id.encode()).hexdigest()[:10]
