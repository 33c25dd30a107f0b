"""One run as the report holds it: its state, what of it was lost, and the curves that are drawn."""

from __future__ import annotations

from collections.abc import Container, Sequence

from advisor.composing.verdict import useful_share
from advisor.drawing.drawn import Curve
from advisor.drawing.thinning import coarsen
from advisor.execution import RunResult
from advisor.finding import Finding, Severity
from advisor.judging.comparable import compares
from advisor.presentation.hints import UNJUDGED
from advisor.report import RunEntry, Span
from advisor.rule import BaseRule, Rule
from advisor.summary import RunSummary
from advisor.text import Message, message


def entry_of(
    result: RunResult,
    findings: Sequence[Finding],
    leading: tuple[Severity, Finding] | None,
    buckets: int | None,
    *,
    drawn: bool,
    judged: bool,
) -> RunEntry:
    """Return a run as the report holds it.

    ``leading`` is the gravest diagnosis of the run, ``buckets`` how coarsely its curves are drawn
    if not as they are, and ``judged`` whether any rule could say something of the training.
    """
    summary = result.summary
    lost = _lost(findings, max(summary.last_step - summary.first_step, 1))
    value, step = best_of(summary)
    cited = {e.series for finding in findings for e in finding.evidence}
    ids = {finding.id for finding in findings}
    return RunEntry(
        name=summary.name,
        source=summary.source,
        files=summary.files,
        axis=summary.axis,
        first_step=summary.first_step,
        last_step=summary.last_step,
        points=summary.points,
        understanding=summary.understanding,
        objective_value=value,
        objective_step=step,
        objective_level=_level(summary, value),
        config=summary.config,
        notes=tuple(note.message for note in summary.notes),
        severity=leading[0] if leading else None,
        state=_state(leading[1] if leading else None, judged=judged),
        useful=useful_share(summary.first_step, summary.last_step, lost) if judged else None,
        lost=lost,
        curves=_curves(summary, cited, buckets) if drawn else (),
        windows=tuple(w for w in result.windows if drawn and w.finding in ids),
    )


def telling_rules(rules: Sequence[BaseRule]) -> frozenset[str]:
    """Return the rules that say something of a training: others than those on its log, if any."""
    asked = [rule for rule in rules if isinstance(rule, Rule)]
    return frozenset(rule.name for rule in [rule for rule in asked if compares(rule)] or asked)


def was_judged(result: RunResult, telling: Container[str]) -> bool:
    """Tell whether any of some rules came to a judgement of a run."""
    return any(o.rule in telling and o.result in ("passed", "failed") for o in result.outcomes)


def _state(leading: Finding | None, *, judged: bool) -> Message:
    if leading is not None:
        return leading.advice.observed
    if judged:
        return message("state.fine", "The log shows no problem")
    return UNJUDGED


def best_of(summary: RunSummary) -> tuple[float | None, int | None]:
    """Return the best value of a run's objective, and its step."""
    objective = summary.understanding.objective
    if objective is None:
        return None, None
    series = summary.series[objective.series]
    if objective.direction == "min":
        return series.lowest, series.lowest_step
    return series.highest, series.highest_step


def _level(summary: RunSummary, best: float | None) -> float | None:
    """Return the best smoothed value, which was reached: of few points it lies beyond them all."""
    objective, reached = summary.understanding.objective, summary.reached
    if objective is None or reached is None or best is None:
        return None
    return max(reached.best, best) if objective.direction == "min" else min(reached.best, best)


def _lost(findings: Sequence[Finding], length: int) -> tuple[Span, ...]:
    # A rule knows its series only, which may begin and end elsewhere than the run.
    spans = [
        Span(
            first_step=f.cost.first_step,
            last_step=f.cost.last_step,
            share=min((f.cost.last_step - f.cost.first_step) / length, 1.0),
            finding=f.id,
        )
        for f in findings
        if f.cost is not None and f.cost.of == "compute"
    ]
    return tuple(sorted(spans, key=lambda span: (span.first_step, span.finding)))


def _curves(summary: RunSummary, cited: set[str], buckets: int | None) -> tuple[Curve, ...]:
    understanding = summary.understanding
    objective = understanding.objective.series if understanding.objective else None
    wanted = cited | {role.series for role in understanding.roles if role.primary} | {objective}
    curves = [curve for tag, curve in summary.curves.items() if tag in wanted]
    return tuple(coarsen(curve, buckets) if buckets else curve for curve in curves)
