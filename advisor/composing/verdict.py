"""The report in one sentence, and how much of the compute was useful."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce

from advisor.finding import Finding, Severity
from advisor.language import term
from advisor.presentation import judged, title_among
from advisor.report import Diagnosis, RunEntry, Span, Status, Verdict
from advisor.rule import BaseRule, Nature, Stage
from advisor.text import Message, message

SYMPTOMS = 3
"""Symptoms that the sentence names; the report has them all."""


def verdict(
    runs: Sequence[RunEntry],
    findings: Sequence[Finding],
    diagnoses: Sequence[Diagnosis],
    statuses: Sequence[Status] = (),
    asked: Mapping[str, Stage] | None = None,
) -> Verdict:
    """Judge the whole study, and say which rules failed on any run.

    ``asked`` are the rules that answer what a calm verdict should, and those on the log alone: see
    ``questions``.
    """
    broken = tuple(dict.fromkeys(s.rule for s in statuses if s.outcome == "error"))
    counts = {level: sum(d.severity is level for d in diagnoses) for level in Severity}
    known = [(run.useful, _length(run)) for run in runs if run.useful is not None]
    total = sum(length for _, length in known)
    said = _sentence(runs, findings, diagnoses, asked or {})
    return Verdict(
        severity=min(
            (d.severity for d in diagnoses if not d.aside), key=lambda s: s.rank, default=None
        ),
        message=_with_broken(_with_open(said, _open(statuses, asked or {})), broken),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notes=counts[Severity.NOTE],
        useful=sum(share * length for share, length in known) / total if total else None,
    )


_QUESTIONS = {
    Stage.LEARNING_RATE: term("the learning rate"),
    Stage.EPOCHS: term("how long it trained"),
    Stage.FIT: term("over- and underfitting"),
}
"""What anybody wants to know of a training, by the stage of the rules that answer it."""


def questions(rules: Iterable[BaseRule | type[BaseRule]]) -> dict[str, Stage]:
    """Return the rules on one run that answer one of these, or judge the log alone, by name."""
    faults = [r for r in rules if r.nature is Nature.FAULT and r.subject == "run"]
    stages = (*_QUESTIONS, Stage.TELEMETRY)
    return {rule.name: rule.stage for rule in faults if rule.stage in stages}


def _open(statuses: Sequence[Status], asked: Mapping[str, Stage]) -> tuple[Stage, ...]:
    """Return the questions that rules were asked, of which none came to an answer on any run."""
    mine = [(asked[s.rule], s.outcome in ("passed", "failed")) for s in statuses if s.rule in asked]
    answered = {stage for stage, came in mine if came}
    return tuple(q for q in _QUESTIONS if q not in answered and any(q is s for s, _ in mine))


def _with_open(said: Message, left: Sequence[Stage]) -> Message:
    """Say beside a calm verdict what nothing was said of: silence about it is no praise."""
    if said.id != "verdict.fine" or not left:
        return said
    first, *others = (message("verdict.question", "{it:text}", it=_QUESTIONS[q]) for q in left)
    text = "{said:sentence} Not judged: {what:sentence}."
    return message("verdict.open", text, said=said, what=reduce(_and, others, first))


def _with_broken(said: Message, broken: Sequence[str]) -> Message:
    """Say that the verdict lacks what broken rules would have said."""
    if not broken:
        return said
    text = "{said:sentence} Not all was judged: {rules:names} failed."
    return message("verdict.broken", text, said=said, rules=tuple(broken))


def _sentence(
    runs: Sequence[RunEntry],
    findings: Sequence[Finding],
    diagnoses: Sequence[Diagnosis],
    asked: Mapping[str, Stage],
) -> Message:
    if not runs:
        return message("verdict.nothing", "No run could be read.")
    if all(diagnosis.aside for diagnosis in diagnoses):
        return _calm(runs)
    severity = diagnoses[0].severity
    grave = [d for d in diagnoses if d.severity is severity and not d.aside]
    bad = tuple(dict.fromkeys(run for diagnosis in grave for run in diagnosis.runs))
    first = next((d for d in grave if _told(d) != "refuted"), grave[0])
    leading = next(f for f in findings if f.id == first.leading)
    what = leading.advice.observed if len(bad) == 1 else _symptoms(grave)
    ending = _ONE_ENDING[severity] if len(bad) == 1 else _ENDING[severity]
    on_log = all(asked.get(diagnosis.hypotheses[0].rule) is Stage.TELEMETRY for diagnosis in grave)
    if on_log and severity is Severity.NOTE:
        ending = _LOG_ENDING
    told = _told(first)
    said = message(
        f"verdict.{severity.value}",
        _TEXTS[len(runs) == 1, told == "refuted"],
        bad=len(bad),
        runs=len(runs),
        ending=ending,
        what=what,
        title=title_among(leading, _led_alike(first, grave, findings)),
    )
    if told != "confirmed":
        return said
    return message("verdict.confirmed", "{said:sentence} A probe confirms the cause.", said=said)


def _led_alike(
    first: Diagnosis, grave: Sequence[Diagnosis], findings: Sequence[Finding]
) -> list[Finding]:
    """Return what leads the diagnoses of the same rule as the first one's."""
    rule = first.hypotheses[0].rule
    ids = {diagnosis.leading for diagnosis in grave if diagnosis.hypotheses[0].rule == rule}
    return [finding for finding in findings if finding.id in ids]


def _told(diagnosis: Diagnosis) -> str:
    """Return what probes said of what leads: where that is refuted, all of it is."""
    settled = diagnosis.hypotheses[0].settled
    return settled.outcome if settled else ""


_TEXTS = {
    (True, False): "The run {ending:text}: {what:clause}. First: {title:clause}.",
    (False, False): "{bad:step} of {runs:count run|runs} {ending:text}: {what:clause}. "
    "First: {title:clause}.",
    (True, True): "The run {ending:text}: {what:clause}. A probe refutes every explanation of it.",
    (False, True): "{bad:step} of {runs:count run|runs} {ending:text}: {what:clause}. "
    "A probe refutes every explanation of it.",
}
"""By whether there is one run, and whether what would be done first is refuted."""

_ENDING = {
    Severity.ERROR: term("failed"),
    Severity.WARNING: term("need a change"),
    Severity.NOTE: term("may need a change"),
}
_ONE_ENDING = _ENDING | {Severity.WARNING: term("needs a change")}
_LOG_ENDING = term("may need a fuller log")
"""Where nothing is said but of the log."""


def _symptoms(diagnoses: Sequence[Diagnosis]) -> Message:
    """Count the runs of each symptom, the commonest first: ``validation gets worse (7)``."""
    runs: dict[str, set[str]] = {}
    for diagnosis in diagnoses:
        runs.setdefault(diagnosis.symptom, set()).update(diagnosis.runs)
    ranked = sorted(runs.items(), key=lambda item: -len(item[1]))
    first, *others = (_symptom(*item) for item in ranked[:SYMPTOMS])
    named = reduce(_and, others, first)
    more = len(ranked) - SYMPTOMS
    text = "{named:sentence} and {more:step} more"
    return message("verdict.more", text, named=named, more=more) if more > 0 else named


def _symptom(symptom: str, runs: Collection[str]) -> Message:
    return message(
        "verdict.symptom", "{symptom:text} ({runs:step})", symptom=symptom, runs=len(runs)
    )


def _and(named: Message, another: Message) -> Message:
    text = "{named:sentence}, {another:sentence}"
    return message("verdict.symptoms", text, named=named, another=another)


def _calm(runs: Sequence[RunEntry]) -> Message:
    unjudged = sum(not judged(run) for run in runs)
    if unjudged == len(runs):
        if unjudged == 1:
            text = "The run could not be judged: its log holds too little."
            return message("verdict.unjudged-one", text)
        text = "None of {runs:step} runs could be judged: the logs hold too little."
        return message("verdict.unjudged", text, runs=len(runs))
    if unjudged:
        text = (
            "The logs show no problem in {fine:count run|runs}; "
            "{unjudged:step} could not be judged."
        )
        fine = len(runs) - unjudged
        return message("verdict.partly", text, fine=fine, unjudged=unjudged)
    return message(
        "verdict.fine", "The logs show no problem in {runs:count run|runs}.", runs=len(runs)
    )


def useful_share(first: int, last: int, lost: Sequence[Span]) -> float | None:
    """Return the share of the steps from ``first`` to ``last`` that no span covers.

    ``None`` where the run has no extent.
    """
    if last <= first:
        return None
    covered, end = 0, first
    for span in sorted(lost, key=lambda s: s.first_step):
        start = max(span.first_step, end)
        covered += max(0, min(span.last_step, last) - start)
        end = max(end, span.last_step)
    return round(1 - covered / (last - first), 4)


def _length(run: RunEntry) -> int:
    return max(run.last_step - run.first_step, 1)
