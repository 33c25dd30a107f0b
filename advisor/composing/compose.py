"""From results to the report: one place that decides what the document holds."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from advisor.accuracy import allowed, as_measured
from advisor.composing.run_entries import best_of, entry_of, telling_rules, was_judged
from advisor.composing.verdict import questions, verdict
from advisor.execution import RunResult
from advisor.finding import Finding, Severity
from advisor.judging.caveats import weakened
from advisor.judging.diagnose import Diagnoser
from advisor.judging.experiment import next_experiment
from advisor.judging.judge import Result, with_severity
from advisor.manager import Plugins
from advisor.page import page
from advisor.report import (
    Diagnosis,
    Problem,
    Refused,
    Report,
    RuleInfo,
    RunEntry,
    Status,
)
from advisor.rule import BaseRule, StudyRule
from advisor.selection import severity_of
from advisor.settings import Settings
from advisor.study import Study
from advisor.sweep.table import sweep_of
from advisor.text import Message
from advisor.version import __version__

MANY_RUNS, COARSE = 50, 60
"""Beyond so many runs a curve is drawn with so many buckets."""
TOO_MANY_RUNS, BEST = 500, 50
"""Beyond so many runs only runs with findings, and so many of the best, are drawn."""


@dataclass(frozen=True)
class Composer:
    """Puts a report together; everything that it knows comes from the results."""

    settings: Settings
    plugins: Plugins
    rules: tuple[BaseRule, ...]

    def compose(
        self,
        title: str,
        results: Sequence[RunResult],
        study_findings: Sequence[Finding],
        study_statuses: Sequence[Status],
        refused: Sequence[Refused],
        problems: Sequence[Problem],
    ) -> Report:
        """Return the report on the results of all claims, in the order of the runs' names."""
        by_name = {rule.name: rule for rule in self.rules}
        found = weakened(self._measured(self._findings(results, study_findings)), by_name)
        also = {name: measured.also for name, measured in self.plugins.measurements.items()}
        joined = Diagnoser(by_name, also).diagnose(found)
        diagnoses = _without(joined, found, self.settings.accept)
        findings = _by_diagnosis(found, diagnoses)
        runs = self._runs(results, findings, diagnoses)
        statuses = (*_statuses(results), *study_statuses)
        return Report(
            advisor=__version__,
            title=title,
            verdict=verdict(runs, findings, diagnoses, statuses, questions(self.rules)),
            objective=self.settings.objective,
            diagnoses=diagnoses,
            experiment=next_experiment(runs, diagnoses, {f.id: f for f in findings}, by_name),
            findings=findings,
            runs=runs,
            sweep=sweep_of(Study(runs=tuple(result.summary for result in results))),
            statuses=statuses,
            rules=tuple(self._info(rule) for rule in self.rules),
            refused=tuple(refused),
            problems=(*self.plugins.problems, *problems),
            accepted=dict(sorted(self.settings.accept.items())),
        )

    def _findings(
        self, results: Iterable[RunResult], study_findings: Iterable[Finding]
    ) -> tuple[Finding, ...]:
        """Return what the rules found; an accepted caveat weakens nothing."""
        by_name = {rule.name: rule for rule in self.rules}
        found = [f for result in results for o in result.outcomes for f in o.findings]
        return tuple(
            with_severity(finding, rule, severity_of(rule, self.settings))
            for finding in (*found, *study_findings)
            for rule in (by_name[finding.rule],)
            if not (rule.undermines and finding.rule in self.settings.accept)
        )

    def _measured(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Let findings be as loud and as sure as measured; what the settings say of it stays."""
        loudest = {
            rule.name: rule.severity if rule.notes_may_warn else Severity.NOTE
            for rule in self.rules
        }
        return tuple(
            as_measured(
                finding,
                self.plugins.measurements.get(finding.rule),
                loudest=loudest[finding.rule],
                severity_is_set="severity" in self.settings.rules.get(finding.rule, {}),
            )
            for finding in findings
        )

    def _info(self, rule: BaseRule) -> RuleInfo:
        fields = type(rule).model_fields
        measurement = self.plugins.measurements.get(rule.name)
        return RuleInfo(
            name=rule.name,
            summary=page(type(rule)).summary,
            stage=rule.stage.value,
            nature=rule.nature.value,
            severity=severity_of(rule, self.settings) or allowed(rule.severity, measurement),
            plugin=self.plugins.origin.get(f"rule {rule.name}", ""),
            across=isinstance(rule, StudyRule),
            citations=rule.citations,
            separated_by=rule.separated_by,
            options={
                name: str(getattr(rule, name))
                for name, field in fields.items()
                if getattr(rule, name) != field.default
            },
        )

    def _runs(
        self,
        results: Sequence[RunResult],
        findings: Sequence[Finding],
        diagnoses: Sequence[Diagnosis],
    ) -> tuple[RunEntry, ...]:
        across = {rule.name for rule in self.rules if isinstance(rule, StudyRule)}
        mine: dict[str, list[Finding]] = {}
        for finding in findings:
            for run in finding.runs if finding.rule not in across else ():
                mine.setdefault(run, []).append(finding)
        leading: dict[str, tuple[Severity, Finding]] = {}
        by_id = {finding.id: finding for finding in findings}
        for diagnosis in diagnoses:
            finding = by_id[diagnosis.leading]
            for run in diagnosis.runs if not diagnosis.aside and finding.rule not in across else ():
                leading.setdefault(run, (diagnosis.severity, finding))
        drawn, telling = _drawn_runs(results, leading), telling_rules(self.rules)
        buckets = COARSE if len(results) > MANY_RUNS else None
        return tuple(
            entry_of(r, mine.get(r.summary.name, []), leading.get(r.summary.name), buckets,
                   drawn=r.summary.name in drawn, judged=was_judged(r, telling))
            for r in results
        )  # fmt: skip


def _without(
    diagnoses: Sequence[Diagnosis], findings: Sequence[Finding], accepted: Container[str]
) -> tuple[Diagnosis, ...]:
    """Leave out what the settings accept with all that it explains: no other alarm instead."""
    rule = {finding.id: finding.rule for finding in findings}
    return tuple(
        diagnosis.model_copy(
            update={
                "hypotheses": tuple(h for h in diagnosis.hypotheses if h.rule not in accepted),
                "consequences": tuple(c for c in diagnosis.consequences if rule[c] not in accepted),
            }
        )
        for diagnosis in diagnoses
        if rule[diagnosis.leading] not in accepted
    )


def _drawn_runs(results: Sequence[RunResult], leading: Mapping[str, object]) -> set[str]:
    names = {result.summary.name for result in results}
    if len(results) <= TOO_MANY_RUNS:
        return names
    ranked = sorted(results, key=_goodness)
    return (names & leading.keys()) | {r.summary.name for r in ranked[:BEST]}


def _goodness(result: RunResult) -> tuple[float, str]:
    """Sort key: the best objective first; runs without one last."""
    value, _ = best_of(result.summary)
    if value is None:
        return float("inf"), result.summary.name
    objective = result.summary.understanding.objective
    return (value if objective and objective.direction == "min" else -value), result.summary.name


def _statuses(results: Sequence[RunResult]) -> tuple[Status, ...]:
    """Join what a rule came to on several runs, where result and reason are the same."""
    grouped: dict[tuple[str, Result, str], tuple[Message | None, list[str]]] = {}
    for result in results:
        for outcome in result.outcomes:
            reason = outcome.reason.text if outcome.reason else ""
            key = (outcome.rule, outcome.result, reason)
            grouped.setdefault(key, (outcome.reason, []))[1].append(result.summary.name)
    return tuple(
        Status(rule=rule, outcome=outcome, reason=reason, runs=tuple(runs))
        for (rule, outcome, _), (reason, runs) in sorted(grouped.items(), key=itemgetter(0))
    )


def _by_diagnosis(
    findings: Sequence[Finding], diagnoses: Sequence[Diagnosis]
) -> tuple[Finding, ...]:
    """Order the findings as the diagnoses name them."""
    by_id = {finding.id: finding for finding in findings}
    order = [
        identifier
        for diagnosis in diagnoses
        for identifier in (*(h.finding for h in diagnosis.hypotheses), *diagnosis.consequences)
    ]
    return tuple(by_id[identifier] for identifier in order)
