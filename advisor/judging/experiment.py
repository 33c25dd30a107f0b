"""The next experiment: one block of settings to copy, of one stage, for one run.

Somebody with a folder of runs at six in the evening can start one training. It starts from the
best run, where the runs are judged by one quantity, and changes what the most pressing
diagnosis of that run asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from advisor.finding import Change, Finding
from advisor.report import Diagnosis, Experiment, RunEntry
from advisor.roles import Objective
from advisor.rule import BaseRule
from advisor.text import Message, message


def next_experiment(
    runs: Sequence[RunEntry],
    diagnoses: Sequence[Diagnosis],
    findings: Mapping[str, Finding],
    rules: Mapping[str, BaseRule],
) -> Experiment | None:
    """Return the experiment to run next, or ``None`` if no diagnosis asks for a change."""
    asking = [d for d in diagnoses if d.next.changes]
    if not asking:
        return None
    best = best_run(runs)
    mine = [d for d in asking if best is not None and best.name in d.runs]
    leading = (mine or asking)[0]
    run = best.name if mine and best is not None else leading.runs[0]
    stage = rules[leading.hypotheses[0].rule].stage
    together = [d for d in asking if run in d.runs and rules[d.hypotheses[0].rule].stage is stage]
    return Experiment(
        run=run,
        stage=stage.value,
        diagnoses=tuple(d.id for d in together),
        changes=_joined(together),
        why=_why(run, best, findings[leading.leading], alone=len(runs) == 1),
        check=findings[leading.leading].advice.check,
    )


def best_run(runs: Sequence[RunEntry]) -> RunEntry | None:
    """Return the run with the best objective; ``None`` if the runs are not judged by one."""
    judged = [run for run in runs if run.objective_value is not None]
    objectives = {
        (o.series, o.direction) for run in judged if (o := run.understanding.objective) is not None
    }
    if len(objectives) != 1 or len(judged) < len(runs):
        return None
    direction = next(iter(objectives))[1]
    sign = 1 if direction == "min" else -1
    return min(judged, key=lambda run: (sign * (run.objective_value or 0.0), run.name))


def _joined(diagnoses: Sequence[Diagnosis]) -> tuple[Change, ...]:
    """Return the changes of several diagnoses, the first order for each parameter."""
    changes: dict[str, Change] = {}
    for diagnosis in diagnoses:
        for change in diagnosis.next.changes:
            changes.setdefault(change.parameter, change)
    return tuple(changes.values())


def _why(run: str, best: RunEntry | None, finding: Finding, *, alone: bool) -> Message:
    if alone:
        text = "Start from this run: {observed:sentence}."
        return message("experiment.alone", text, observed=finding.advice.observed)
    if best is None or best.name != run or best.objective_value is None:
        text = "Start from {run:name}: {observed:sentence}."
        return message("experiment.run", text, run=run, observed=finding.advice.observed)
    objective = best.understanding.objective
    return message(
        "experiment.best",
        "Start from {run:name}, the best run by {objective:name} ({value:number}): "
        "{observed:sentence}.",
        run=run,
        objective=objective.series if objective else "",
        value=_in_unit(best.objective_value, objective),
        observed=finding.advice.observed,
    )


def _in_unit(value: float, objective: Objective | None) -> float | Message:
    """Return what to say of a value of the objective: in per cent where its name says so."""
    if objective is None or not objective.in_percent:
        return value
    return message("experiment.percent", "{value:number}%", value=value)
