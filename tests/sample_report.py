"""Reports made by hand, for the tests of every renderer: plausible, hostile, large, quiet."""

from __future__ import annotations

from advisor.finding import Finding, Severity
from advisor.report import (
    Diagnosis,
    Experiment,
    Hypothesis,
    NextStep,
    Problem,
    Refused,
    Report,
    RunEntry,
    Status,
    Verdict,
)
from advisor.run import ConfigValue
from advisor.testing.reports import compared
from tests import sample_findings as found
from tests import sample_runs as samples
from tests.sample_curves import diverging_loss, steps
from tests.sample_findings import say
from tests.sample_runs import SWEEP

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]> <!-- --> &amp; {{ 7*7 }} {% raw %}",
    "\x1b[31mred\x1b[0m \x07",
    "\u202egnp.exe \u2066\u200b\ufeff",
    "a|b `code` *bold* _it_ [link](javascript:alert(1)) # head",
    "@everyone $x$ \\ ~~~ ```",
    "line one\nline two\r\n\ttab",
    "x" * 5_000,
    "",
    "half \ud800 a character",
)
"""Names that try to be something else in one format or another."""


def sample_report() -> Report:
    """Return a report with everything in it that a report can hold."""
    return Report(
        advisor="0.1.0",
        title="image-study",
        verdict=Verdict(
            severity=Severity.ERROR,
            message=say("1 of 7 runs diverged and 1 overfitted; 3 learn too slowly."),
            errors=2,
            warnings=3,
            notes=1,
            useful=0.86,
        ),
        diagnoses=(_diverged(), _overfitted(), *map(_alone, found.TOO_LOW), _alone(found.NOTE)),
        experiment=planned_experiment(),
        findings=found.FINDINGS,
        runs=(
            samples.baseline(),
            samples.diverging(),
            samples.overfitting(),
            *samples.sweep(),
            samples.healthy(),
        ),
        statuses=_statuses(),
        rules=found.RULES,
        refused=(
            Refused(
                path="old/events.out.tfevents.17",
                reason="the file is empty",
                cure="delete it, or wait until the run has written something",
            ),
        ),
        problems=(
            Problem(
                where="rule broken-on-purpose of plugin mine.py",
                what="ZeroDivisionError: division by zero (mine.py, line 12)",
                cure="report it to the plugin's author, or switch the rule off",
            ),
        ),
        accepted={"dropout-range": "a dropout of 0.8 is what the paper used"},
    )


def planned_experiment(name: str = "lr-0.001", why: str = "A lower rate.") -> Experiment:
    """Return the training to start next."""
    return Experiment(
        run=name,
        stage="learning-rate",
        diagnoses=(_diverged().id,),
        changes=found.DIVERGED.changes,
        why=say(why),
        check=say("The loss falls."),
    )


def quiet_report() -> Report:
    """Return the report on runs that have nothing wrong with them."""
    runs = tuple(samples.healthy(name) for name in ("seed-1", "seed-2", "seed-3"))
    names = tuple(run.name for run in runs)
    missing = say("no `val/loss` was found: log the validation loss once an epoch.")
    return Report(
        advisor="0.1.0",
        title="seeds",
        verdict=Verdict(
            severity=None,
            message=say("No problem found in 3 runs; 10 checks passed, 2 could not run."),
            errors=0,
            warnings=0,
            notes=0,
            useful=1.0,
        ),
        diagnoses=(),
        findings=(),
        runs=runs,
        statuses=(
            *(Status(rule=rule.name, outcome="passed", runs=names) for rule in found.RULES[:10]),
            *(
                Status(rule=rule.name, outcome="missing-input", reason=missing, runs=names)
                for rule in found.RULES[10:]
            ),
        ),
        rules=found.RULES,
    )


def hostile_report(*, surrogates: bool = True) -> Report:
    """Return a report whose names and texts try to break out of every format.

    JSON in UTF-8 has no spelling for half a character: ``surrogates=False`` leaves it out,
    for reports that are to be equal after a trip through JSON.
    """
    names = HOSTILE if surrogates else HOSTILE[:-1]
    findings = tuple(_hostile_finding(name, i) for i, name in enumerate(names))
    hostile = sample_report().model_copy(
        update={
            "title": names[0],
            "verdict": Verdict(
                severity=Severity.ERROR,
                message=say(" ".join(names)),
                errors=len(names),
                warnings=0,
                notes=0,
                useful=0.5,
            ),
            "diagnoses": tuple(_alone(f, symptom=f.runs[0]) for f in findings),
            "experiment": planned_experiment(names[6], " ".join(names)),
            "findings": findings,
            "runs": tuple(_hostile_run(name) for name in names),
            "statuses": tuple(
                Status(rule="diverged", outcome="error", reason=say(name), runs=(name,))
                for name in names
            ),
            "refused": tuple(Refused(path=name, reason=name, cure=name) for name in names),
            "problems": tuple(Problem(where=name, what=name, cure=name) for name in names),
            "accepted": {"diverged": names[1]},
        }
    )
    return hostile.model_copy(update={"comparison": compared(hostile)})


def large_report(count: int) -> Report:
    """Return a report on ``count`` runs, each with one finding of a rule of its own."""
    rules = tuple(
        found.rule(f"rule-{i:04}", "fit", Severity.WARNING, found.NOTES) for i in range(count)
    )
    findings = tuple(
        found.too_low(f"run-{i:04}", 0.3, 0.8).model_copy(update={"rule": rule.name})
        for i, rule in enumerate(rules)
    )
    findings = tuple(f.located(*f.runs) for f in findings)
    runs = tuple(samples.sweep_run(f.runs[0]) for f in findings)
    verdict = Verdict(
        severity=Severity.WARNING,
        message=say(f"All {count:,} runs learn too slowly."),
        errors=0,
        warnings=count,
        notes=0,
        useful=None,
    )
    return Report(
        advisor="0.1.0",
        title="many",
        verdict=verdict,
        diagnoses=tuple(_alone(finding) for finding in findings),
        findings=findings,
        runs=runs,
        statuses=(),
        rules=rules,
    )


def _alone(finding: Finding, symptom: str = "slow learning") -> Diagnosis:
    return Diagnosis(
        id=f"diagnosis-{finding.id}",
        severity=finding.severity,
        runs=finding.runs,
        symptom=symptom,
        hypotheses=(
            Hypothesis(rule=finding.rule, probability=finding.confidence, finding=finding.id),
        ),
        next=NextStep(kind="change", message=finding.advice.do, changes=finding.changes),
    )


def twice_the_same_consequence() -> Report:
    """Return the sample report with a finding beneath the first that reads like the one there."""
    report = sample_report()
    again = found.EXPLODING.located("again")
    first = report.diagnoses[0]
    both = first.model_copy(update={"consequences": (*first.consequences, again.id)})
    assert found.EXPLODING.id in first.consequences
    changed = {"diagnoses": (both, *report.diagnoses[1:]), "findings": (*report.findings, again)}
    return report.model_copy(update=changed)


def _diverged() -> Diagnosis:
    return _alone(found.DIVERGED, "the training loss diverges").model_copy(
        update={
            "hypotheses": (
                Hypothesis(rule="diverged", probability=0.72, finding=found.DIVERGED.id),
                Hypothesis(rule="lr-warmup", probability=0.2, finding=found.WARMUP.id),
            ),
            "consequences": (found.EXPLODING.id,),
            "next": NextStep(
                kind="separate",
                message=say("Train 600 steps at 3e-4 without a warm-up: a rising loss means both."),
                changes=found.DIVERGED.changes,
            ),
        }
    )


def _overfitted() -> Diagnosis:
    return _alone(found.OVERFITTING, "the validation loss rises").model_copy(
        update={"consequences": (found.PAST_BEST.id, found.NOT_KEPT.id)}
    )


def _statuses() -> tuple[Status, ...]:
    everywhere = ("baseline", "healthy", "lr-0.001", "resnet/no-augmentation", *SWEEP)
    no_gradients = say("no gradient norm is logged: add `log('grad_norm', norm)` to each step.")
    return (
        Status(rule="diverged", outcome="failed", runs=("lr-0.001",)),
        Status(rule="diverged", outcome="passed", runs=("baseline", "healthy", *SWEEP)),
        Status(rule="loss-not-finite", outcome="passed", runs=everywhere),
        Status(rule="lr-too-low", outcome="failed", runs=SWEEP),
        Status(rule="overfitting", outcome="failed", runs=("resnet/no-augmentation",)),
        Status(
            rule="past-best",
            outcome="not-applicable",
            reason=say("only 3 epochs are logged"),
            runs=("baseline",),
        ),
        Status(
            rule="vanishing-gradients",
            outcome="missing-input",
            reason=no_gradients,
            runs=everywhere,
        ),
        Status(
            rule="broken-on-purpose",
            outcome="error",
            reason=say("ZeroDivisionError: division by zero (mine.py, line 12)"),
            runs=everywhere,
        ),
    )


def _hostile_finding(name: str, index: int) -> Finding:
    text = say(name)
    parts = dict.fromkeys(("title", "observed", "evidence", "do", "why", "check", "unless"), text)
    evidence = found.DIVERGED.evidence[0].model_copy(update={"series": name, "measured": name})
    change = found.DIVERGED.changes[0].model_copy(update={"path": name, "after": name})
    changed = {
        "advice": found.DIVERGED.advice.model_copy(update=parts),
        "evidence": (evidence,),
        "changes": (change,),
        "basis": text,
    }
    # One rule each keeps the entries apart: entries of one rule are joined.
    rule = found.RULES[index % len(found.RULES)].name
    return found.DIVERGED.model_copy(update=changed | {"rule": rule}).located(name)


def _hostile_run(name: str) -> RunEntry:
    run = samples.run_entry(name, name, (steps(name, diverging_loss),), Severity.ERROR)
    config = {name: ConfigValue(value=name, origin=name)}
    return run.model_copy(
        update={"source": name, "files": (name,), "notes": (say(name),), "config": config}
    )
