"""Reports made by hand, for the checks of renderers: small, empty, hostile."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.drawing.drawn import Curve, EvidenceWindow
from advisor.finding import (
    Advice,
    Change,
    Citation,
    Cost,
    Evidence,
    Finding,
    OtherCause,
    Severity,
)
from advisor.report import (
    Diagnosis,
    Hypothesis,
    NextStep,
    Problem,
    Refused,
    Report,
    RuleInfo,
    RunEntry,
    Settled,
    Span,
    Status,
    Verdict,
)
from advisor.report.comparison import Comparison, GoneFinding, NewFinding, ScoreChange
from advisor.report.sweep import Sweep, SweepFactor, SweepRange, SweepRow
from advisor.roles import Kind, Objective, Role, Split, Task, Understanding
from advisor.run import Axis, ConfigValue
from advisor.text import Message
from advisor.verification import Verification

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\"'`><svg/onload=alert(1)>",
    "]]> --> {{ 7*7 }} {% raw %} ${x}",
    "\x1b]0;title\x07\x1b[31mred\x1b[0m\x9b1m",
    "\u202egnp.exe\u2066\u2069\u200f",
    "a|b `c` *d* _e_ [f](javascript:alert(1)) # g",
    "first\nsecond\r\n\tthird\x00\x08\x85\u2028",
    "half \ud800 a character",
    "x" * 2_000,
    "",
)
"""Names that try to be something else in one format or another."""

SEVERITIES = tuple(Severity)
OUTCOMES = ("passed", "failed", "not-applicable", "missing-input", "error")
"""Everything that a rule can come to."""

_TITLES = ("Lower the learning rate to 3e-4", "Stop after epoch 31", "Try a larger batch")
_LAST = 90


def small_report() -> Report:
    """Return a report with a finding of each severity and a status of each outcome."""
    findings = tuple(
        _finding(f"rule-{i}", severity, title, f"runs/{i}")
        for i, (severity, title) in enumerate(zip(SEVERITIES, _TITLES, strict=True))
    )
    return _report(
        "image-study", findings, "1 of 3 runs diverged.", tuple(f"runs/{i}" for i in range(3))
    )


def hostile_report() -> Report:
    """Return a report in which every name and every sentence tries to break out."""
    findings = tuple(
        _finding("rule-0", SEVERITIES[i % 3], name, name) for i, name in enumerate(HOSTILE)
    )
    report = _report(HOSTILE[0], findings, " ".join(HOSTILE), HOSTILE)
    return report.model_copy(
        update={
            "refused": tuple(Refused(path=n, reason=n, cure=n) for n in HOSTILE),
            "problems": tuple(Problem(where=n, what=n, cure=n) for n in HOSTILE),
            "accepted": {"rule-1": HOSTILE[1]},
            "sweep": _sweep(HOSTILE),
            "comparison": compared(report),
        }
    )


def empty_report() -> Report:
    """Return a report on nothing: no run could be read, and no rule was asked."""
    return Report(
        advisor="0.1.0",
        title="empty",
        verdict=_verdict("No run was found.", ()),
        diagnoses=(),
        findings=(),
        runs=(),
        statuses=(),
        rules=(),
    )


def _report(
    title: str, findings: tuple[Finding, ...], sentence: str, names: Sequence[str]
) -> Report:
    return Report(
        advisor="0.1.0",
        title=title,
        verdict=_verdict(sentence, findings),
        objective="val/loss:min",
        diagnoses=tuple(map(_diagnosis, findings)),
        findings=findings,
        verifications=tuple(map(_verification, findings)),
        runs=tuple(_run(name, finding) for name, finding in zip(names, findings, strict=True)),
        statuses=tuple(
            Status.model_validate(
                {"rule": f"rule-{i}", "outcome": outcome, "reason": _say(sentence), "runs": names}
            )
            for i, outcome in enumerate(OUTCOMES)
        ),
        rules=tuple(_rule(i) for i in range(len(OUTCOMES))),
        refused=(Refused(path="old.csv", reason="the file is empty", cure="delete it"),),
        problems=(Problem(where="plugin mine.py", what="it failed", cure="mend the file"),),
        accepted={"rule-1": "on purpose"},
    )


def _sweep(names: Sequence[str]) -> Sweep:
    """Return a comparison of all runs in which every name is also that of a setting."""
    said = _say(" ".join(names))
    factors = tuple(
        SweepFactor(
            parameter=name, path=name, scale="category", values=(name, 0.1), distinct=2,
            tried=said, share=0.5, low=0.2, high=0.8, importance=said,
            search=SweepRange(low=0.1, high=0.2, beyond="", message=said),
        )
        for name in names
    )  # fmt: skip
    return Sweep(
        objective=names[0],
        direction="min",
        weak=True,
        runs=len(names),
        design=said,
        factors=factors,
        rows=tuple(SweepRow(run=n, score=0.5, settings={n: n}) for n in names),
        noise=said,
        method=said,
        left_out=(said,),
    )


def compared(report: Report) -> Comparison:
    """Return a comparison in which all of a report is new and gone at once, and every run worse."""
    gone = tuple(
        GoneFinding(
            finding=f.id, rule=f.rule, severity=f.severity, runs=f.runs, title=f.advice.title,
            observed=f.advice.observed, fixed=bool(place % 2), message=f.advice.observed,
        )
        for place, f in enumerate(report.findings)
    )  # fmt: skip
    scores = tuple(
        ScoreChange(
            runs=(run.name,), before=(run.name,), objective=run.name, direction="min", was=1.0,
            now=1.2, outcome="worse", message=run.state, curves=run.curves,
        )
        for run in report.runs
    )  # fmt: skip
    return Comparison(
        baseline=report.title,
        message=report.verdict.message,
        matching=(report.verdict.message,),
        scores=scores,
        new=tuple(NewFinding(finding=f.id, remark=f.advice.observed) for f in report.findings),
        gone=gone,
        unchanged=(),
    )


def _say(text: str) -> Message:
    return Message(id="made-by-hand", text=text)


def _verdict(sentence: str, findings: Sequence[Finding]) -> Verdict:
    counts = [sum(f.severity is severity for f in findings) for severity in SEVERITIES]
    return Verdict(
        severity=SEVERITIES[0] if findings else None,
        message=_say(sentence),
        errors=counts[0],
        warnings=counts[1],
        notes=counts[2],
        useful=0.8 if findings else None,
    )


def _rule(number: int) -> RuleInfo:
    severity = SEVERITIES[number % 3]
    cited = Citation(
        source="A. Author (2020), A paper", supports="It says so.", url="https://x.org/"
    )
    return RuleInfo(
        name=f"rule-{number}",
        summary="Something is wrong.",
        stage="fit",
        nature="option" if severity is Severity.NOTE else "fault",
        severity=severity,
        plugin="rules",
        citations=(cited,),
        separated_by=("a second seed",),
        options={"patience": "8"},
    )


def _finding(rule: str, severity: Severity, title: str, run: str) -> Finding:
    said = {part: _say(f"{title} ({part}).") for part in Advice.model_fields}
    return Finding(
        rule=rule,
        severity=severity,
        confidence=0.9,
        basis=_say("six times the noise"),
        advice=Advice(**{**said, "title": _say(title)}),
        evidence=(
            Evidence(series="val/loss", first_step=31, last_step=_LAST, measured="rise", value=0.5,
                     threshold=0.1),
        ),
        changes=(
            Change.model_validate(
                {"parameter": "learning_rate", "path": title, "from": 1e-3, "to": 3e-4,
                 "direction": "down", "place": {"file": title, "line": 14}}
            ),
        ),
        cost=Cost(share=0.6, of="compute", first_step=31, last_step=_LAST, message=_say("60%")),
    ).located(run)  # fmt: skip


def _verification(finding: Finding) -> Verification:
    title = finding.advice.title.text
    return Verification.model_validate(
        {"findings": (finding.id,), "parameter": "learning_rate", "setting": title, "from": title,
         "to": title, "ruling": "better", "message": _say(f"{title}: better by 3%."), "gain": 0.03,
         "low": 0.01, "high": 0.05, "detectable": 0.02, "pairs": 5, "steps": 500, "margin": 0.01}
    )  # fmt: skip


def _diagnosis(finding: Finding) -> Diagnosis:
    said = Settled(outcome="confirmed", message=finding.advice.evidence)
    leading = Hypothesis(rule=finding.rule, probability=0.9, finding=finding.id, settled=said)
    return Diagnosis(
        id=f"d-{finding.id}",
        severity=finding.severity,
        runs=finding.runs,
        symptom="validation gets worse",
        hypotheses=(leading,),
        next=NextStep(kind="change", message=finding.advice.do, changes=finding.changes),
        also=(
            OtherCause(name="other", text=finding.advice.title.text, rule="other", part=6, of=60),
        ),
    )


def _run(name: str, finding: Finding) -> RunEntry:
    curve = _curve(name or "val/loss")
    roles = (Role(series=curve.series, kind=Kind.LOSS, split=Split.VALIDATION, primary=True),)
    judge = Objective(series=curve.series, direction="min", how="its role")
    return RunEntry(
        name=name,
        source="CSV",
        files=(f"{name}/log.csv",),
        axis=Axis.EPOCH,
        first_step=1,
        last_step=_LAST,
        points=_LAST,
        understanding=Understanding(
            roles=roles, task=Task.UNKNOWN, task_evidence=name, objective=judge, ambiguous=(name,)
        ),
        objective_value=1.2,
        objective_step=31,
        config={"optimizer.lr": ConfigValue(value=name, origin=f"{name}/hparams.yaml")},
        notes=(_say(f"{name} ends early."),),
        severity=finding.severity,
        state=finding.advice.observed,
        useful=0.4,
        lost=(Span(first_step=31, last_step=_LAST, share=0.6, finding=finding.id),),
        curves=(curve,),
        # A curve of its own, as any window has that was read.
        windows=(EvidenceWindow(finding=finding.id, curve=curve.model_copy()),),
    )


def _curve(series: str) -> Curve:
    values = tuple(1.2 + abs(step - 31) / 50 for step in range(1, _LAST + 1))
    mean = (*values[:10], None, *values[11:])
    return Curve(series=series, axis=Axis.EPOCH, steps=tuple(range(1, _LAST + 1)), mean=mean)
