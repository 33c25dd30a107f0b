"""Judging one run: every rule gets what it requires, or the reason why it did not run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Literal

from pydantic import ValidationError

from advisor.curve import Curve
from advisor.finding import Finding, Severity, distinct
from advisor.judging.comparable import comparable, compares
from advisor.limits import FAULTS, describe, time_limit, time_limits
from advisor.model import Document
from advisor.notes import NoteKind
from advisor.presentation.hints import UNPROBED, logger, missing_input, undirected
from advisor.roles import PROBE, Understanding
from advisor.rule import BaseRule, Nature, NotApplicable, Rule, StudyRule
from advisor.study import Study
from advisor.text import Message, message
from advisor.view import Judged, RunView

Limit = AbstractContextManager[None]
_METRIC = "val/metric"
"""The role of which the user can say which way is better, with ``--objective``."""
Result = Literal["passed", "failed", "not-applicable", "missing-input", "error"]


class Outcome(Document):
    """What one rule came to on one run."""

    rule: str
    result: Result
    reason: Message | None = None
    findings: tuple[Finding, ...] = ()


def judge(
    judged: Judged,
    rules: Sequence[Rule],
    *,
    seconds: float,
    started: Callable[[str], None],
    failed: dict[str, str],
) -> tuple[Outcome, ...]:
    """Ask every rule about one run.

    ``started`` is called with a rule's name before it runs, so that whoever watches knows
    whom to blame; ``failed`` holds rules that already ended a worker on this run, and why.
    """
    outcomes = []
    comparing, weighed = comparable(judged)
    with time_limits(seconds) as limit:
        for rule in rules:
            if rule.name in failed:
                outcomes.append(_error(rule.name, failed[rule.name]))
                continue
            seen, hidden = (comparing, weighed) if compares(rule) else (judged, None)
            reason = _obstacle(seen, rule, hidden)
            if reason is not None:
                outcomes.append(reason)
                continue
            started(rule.name)
            outcomes.append(_ask(seen, rule, limit))
    return tuple(outcomes)


def _obstacle(judged: Judged, rule: Rule, hidden: Message | None) -> Outcome | None:
    """Return why a rule cannot run on this run, if it cannot.

    ``hidden`` says what to log where losses are not shown to it.
    """
    task = judged.understanding.task
    if task in rule.not_for:
        reason = message("wrong-task", "It does not hold for {task:text}.", task=task.value)
        return Outcome(rule=rule.name, result="not-applicable", reason=reason)
    probes = _on_probes(rule.requires)
    if probes and not judged.probed:
        return _unprobed(rule.name)
    if judged.probed and not probes:
        return Outcome(rule=rule.name, result="not-applicable", reason=_A_PROBE)
    if rule.after_end and any(note.kind is NoteKind.GROWING for note in judged.run.notes):
        return Outcome(rule=rule.name, result="not-applicable", reason=_GROWING)
    for key in rule.requires:
        curve = judged.find(key)
        if curve is None:
            if hidden is not None and "loss" in key:
                return Outcome(rule=rule.name, result="missing-input", reason=hidden)
            unclear = _undirected(judged.understanding, key)
            if unclear is not None:
                return Outcome(rule=rule.name, result="missing-input", reason=undirected(unclear))
            return _missing(rule.name, key, logger(judged.run))
        reason_or_none = _too_thin(curve, rule)
        if reason_or_none is not None:
            return Outcome(rule=rule.name, result="not-applicable", reason=reason_or_none)
    return None


def _undirected(understanding: Understanding, key: str) -> str | None:
    """Return the validation metric that would do for a role, were it known which way is better."""
    if _METRIC not in key.split("|"):
        return None
    metrics = (role for role in understanding.roles if role.key == _METRIC)
    return next((role.series for role in metrics if role.direction is None), None)


_A_PROBE = message("a-probe", "It judges the curves of a training, and this is a probe.")
_GROWING = message("still-growing", "The training is not over.")


def _too_thin(curve: Curve, rule: Rule) -> Message | None:
    if rule.reads_non_finite:
        return None
    if len(curve) == 0:
        return message("not-finite", "{series:name} has no finite value.", series=curve.tag)
    if len(curve) < rule.points:
        return message(
            "too-few-points",
            "{series:name} has {points:count finite point|finite points}; "
            "{wanted:step} are needed.",
            series=curve.tag,
            points=len(curve),
            wanted=rule.points,
        )
    return None


def _ask(judged: Judged, rule: Rule, limit: Limit) -> Outcome:
    view = RunView(judged, (*rule.requires, *rule.uses))
    return _outcome(rule, lambda: _checked(rule, judged, rule.check(view)), limit)


def judge_study(study: Study, rule: StudyRule, *, seconds: float) -> Outcome:
    """Ask a rule across runs; its findings must name runs of the study."""
    return _outcome(rule, lambda: _placed(rule, study, rule.check(study)), time_limit(seconds))


def _outcome(rule: BaseRule, check: Callable[[], Iterable[Finding]], limit: Limit) -> Outcome:
    try:
        with limit:
            findings = distinct(check())
    except NotApplicable as reason:
        return Outcome(rule=rule.name, result="not-applicable", reason=reason.message)
    except FAULTS as error:
        return _error(rule.name, describe(error))
    if not findings:
        return _passed(rule.name)
    return Outcome(rule=rule.name, result="failed", findings=findings)


def _checked(rule: Rule, judged: Judged, findings: Iterable[object]) -> Iterator[Finding]:
    """Pass on what a rule yields, with its run and id; raise where it is no usable finding."""
    for finding in _findings(rule, findings):
        unknown = {e.series for e in finding.evidence} - set(judged.run.series)
        if unknown:
            raise ValueError(f"cites series that the run has not: {sorted(unknown)}")
        yield finding.located(judged.run.name)


def _placed(rule: StudyRule, study: Study, findings: Iterable[object]) -> Iterator[Finding]:
    names = {run.name for run in study.runs}
    for finding in _findings(rule, findings):
        if not finding.id or not finding.runs or not set(finding.runs) <= names:
            raise ValueError("yields a finding that names no runs of the study")
        yield finding


def _findings(rule: BaseRule, findings: Iterable[object]) -> Iterator[Finding]:
    for found in findings:
        if not isinstance(found, Finding):
            raise TypeError(f"yields a {type(found).__name__}, not a Finding")
        finding = _valid(found)
        if finding.rule != rule.name or not finding.evidence:
            raise ValueError("yields a finding of another rule, or one without evidence")
        yield finding


def _valid(finding: Finding) -> Finding:
    """Return a finding whose fields are what they must be: ``model_copy`` takes anything."""
    try:
        return Finding.model_validate(finding.model_dump(warnings=False))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"yields a finding whose {where} is wrong: {first['msg']}") from error


@lru_cache(maxsize=4096)  # most rules come to the same on most runs
def _passed(rule: str) -> Outcome:
    return Outcome(rule=rule, result="passed")


@lru_cache(maxsize=4096)
def _on_probes(requires: tuple[str, ...]) -> bool:
    return any(key.startswith(PROBE) for key in requires)


@lru_cache(maxsize=4096)
def _unprobed(rule: str) -> Outcome:
    return Outcome(rule=rule, result="missing-input", reason=UNPROBED)


@lru_cache(maxsize=4096)
def _missing(rule: str, key: str, source: str) -> Outcome:
    return Outcome(rule=rule, result="missing-input", reason=missing_input(key, source))


def _error(rule: str, what: str) -> Outcome:
    reason = message("rule-error", "The rule failed: {what:text}", what=what)
    return Outcome(rule=rule, result="error", reason=reason)


def with_severity(finding: Finding, rule: BaseRule, severity: Severity | None) -> Finding:
    """Return a finding at the severity that the settings give its rule.

    An option stays a note, and a finding that the rule itself made milder stays as mild.
    """
    if severity is None or rule.nature is Nature.OPTION:
        return finding
    if finding.severity is not rule.severity:
        severity = max(finding.severity, severity, key=lambda level: level.rank)
    return finding.model_copy(update={"severity": severity})
