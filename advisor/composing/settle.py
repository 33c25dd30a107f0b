"""What probes say of the hypotheses of a report: confirmed, refuted, or still open.

Only the probes run that some hypothesis asks for. Rules declare which rules on probes confirm
them, and which of these cannot miss what they look for; the engine knows no rule by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from advisor.composing.verdict import questions, verdict
from advisor.finding import Change, Finding
from advisor.judging.experiment import next_experiment
from advisor.report import Diagnosis, Hypothesis, NextStep, Report, Settled
from advisor.roles import PROBE
from advisor.rule import BaseRule, Rule
from advisor.text import Message, message

_RANK = {"confirmed": 0, "open": 1, "refuted": 2}


def probes_asked(report: Report, rules: Mapping[str, type[BaseRule]]) -> tuple[str, ...]:
    """Return the probes that would settle any of a report's hypotheses, each once."""
    judges = dict.fromkeys(
        judge
        for diagnosis in report.diagnoses
        for hypothesis in diagnosis.hypotheses
        for judge in _declared(rules, hypothesis.rule)
    )
    return tuple(dict.fromkeys(probe for judge in judges for probe in _probes(rules.get(judge))))


def _declared(rules: Mapping[str, type[BaseRule]], name: str) -> tuple[str, ...]:
    return rules[name].confirmed_by if name in rules else ()


def _probes(rule: type[BaseRule] | None) -> Iterator[str]:
    """Yield the probes whose measurements a rule looks at."""
    if rule is None or not issubclass(rule, Rule):
        return
    for entry in (*rule.requires, *rule.uses):
        for role in entry.split("|"):
            if role.startswith(PROBE):
                yield role.removeprefix(PROBE).partition("/")[0]


def settled(report: Report, probed: Report, rules: Mapping[str, type[BaseRule]]) -> Report:
    """Return a report with what was probed said of each hypothesis, and all that follows from it.

    Within a diagnosis what is confirmed goes first, and what is refuted last. The next steps, the
    next experiment and the verdict are those of the new order.
    """
    judge = _Judge(probed, rules)
    by_id = {finding.id: finding for finding in report.findings}
    diagnoses = tuple(judge.diagnosis(diagnosis, by_id) for diagnosis in report.diagnoses)
    made = {name: rules[name]() for name in {f.rule for f in report.findings} & rules.keys()}
    experiment = next_experiment(report.runs, diagnoses, by_id, made)
    asked = questions(rules.values())
    judged = verdict(report.runs, report.findings, diagnoses, report.statuses, asked)
    changed = {"diagnoses": diagnoses, "experiment": experiment, "verdict": judged}
    return report.model_copy(update=changed)


@dataclass(frozen=True)
class _Judge:
    """Holds hypotheses against what rules on probes came to."""

    probed: Report
    rules: Mapping[str, type[BaseRule]]

    def diagnosis(self, diagnosis: Diagnosis, findings: Mapping[str, Finding]) -> Diagnosis:
        """Settle the hypotheses of a diagnosis; it stays as it is if no probe can."""
        told = [self._hypothesis(h, findings[h.finding]) for h in diagnosis.hypotheses]
        if all(hypothesis.settled is None for hypothesis in told):
            return diagnosis
        ranked = tuple(sorted(told, key=_rank))
        next_step = _next(diagnosis, ranked, findings)
        return diagnosis.model_copy(update={"hypotheses": ranked, "next": next_step})

    def _hypothesis(self, hypothesis: Hypothesis, finding: Finding) -> Hypothesis:
        confirming = _declared(self.rules, hypothesis.rule)
        if not confirming:
            return hypothesis
        said = self._settled(finding, confirming, self.rules[hypothesis.rule].cleared_by)
        probability = {"confirmed": self._sure(confirming), "refuted": 0.0}.get(said.outcome)
        changed = hypothesis.probability if probability is None else probability
        return hypothesis.model_copy(update={"settled": said, "probability": changed})

    def _settled(
        self, finding: Finding, confirming: Sequence[str], clearing: Sequence[str]
    ) -> Settled:
        found = next(self._findings(confirming), None)
        if found is not None:
            how = _HOW[_agrees(finding.changes, found.changes)]
            return _said(how, found.rule, found.advice.evidence)
        if clearing and self._passed() >= set(clearing):
            return _said("nothing", clearing[0])
        silent = next((rule for rule in confirming if rule not in self._passed()), None)
        return _said("unjudged" if silent else "not-all", silent or confirming[0])

    def _findings(self, rules: Sequence[str]) -> Iterator[Finding]:
        return (finding for finding in self.probed.findings if finding.rule in rules)

    def _sure(self, rules: Sequence[str]) -> float:
        return max((finding.confidence for finding in self._findings(rules)), default=0.0)

    def _passed(self) -> set[str]:
        return {status.rule for status in self.probed.statuses if status.outcome == "passed"}


_TEXTS = {
    "same": "Confirmed by {rule:name} of the probe: {evidence:sentence}",
    "opposite": "Refuted by {rule:name} of the probe, which says the opposite: {evidence:sentence}",
    "neither": "Still open; {rule:name} of the probe says no direction: {evidence:sentence}",
    "nothing": "Refuted by {rule:name} of the probe, which finds nothing of it.",
    "not-all": "Still open; {rule:name} of the probe finds nothing, but would not see all of it.",
    "unjudged": "Still open; {rule:name} of the probe could not judge it.",
}
_HOW: Mapping[bool | None, str] = {True: "same", False: "opposite", None: "neither"}
"""By whether what the probe found goes the same way."""
_OUTCOMES: Mapping[str, Literal["confirmed", "refuted"]] = {
    "same": "confirmed", "opposite": "refuted", "nothing": "refuted",
}  # fmt: skip
"""What else was said leaves it open."""


def _said(how: str, rule: str, evidence: Message | str = "") -> Settled:
    told = message(f"settled.{how}", _TEXTS[how], rule=rule, evidence=evidence)
    return Settled(outcome=_OUTCOMES.get(how, "open"), message=told)


def _agrees(mine: Sequence[Change], theirs: Sequence[Change]) -> bool | None:
    """Tell whether changes go the same way; ``None`` where only the first have a direction."""
    wanted = {c.parameter: c.direction for c in mine if c.direction != "set"}
    if not wanted:
        return True
    ways = [wanted[c.parameter] == c.direction for c in theirs if c.parameter in wanted]
    return all(ways) if ways else None


def _rank(hypothesis: Hypothesis) -> int:
    return _RANK[hypothesis.settled.outcome if hypothesis.settled else "open"]


def _next(
    diagnosis: Diagnosis, ranked: Sequence[Hypothesis], findings: Mapping[str, Finding]
) -> NextStep:
    """Return what to do once probes have spoken: what was to be separated may be by now."""
    leading = ranked[0]
    if leading.settled and leading.settled.outcome == "refuted":
        return NextStep(kind="look", message=leading.settled.message)
    same = leading.finding == diagnosis.leading
    still = len(ranked) > 1 and _rank(leading) == _rank(ranked[1])
    if same and (still or diagnosis.next.kind != "separate"):
        return diagnosis.next
    finding = findings[leading.finding]
    return NextStep(kind="change", message=finding.advice.do, changes=finding.changes)
