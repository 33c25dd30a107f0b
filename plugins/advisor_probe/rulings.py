"""What is said of a change that was tried on a target, or could not be."""

from __future__ import annotations

from typing import NamedTuple

from advisor.finding import Change, Finding
from advisor.model import Value
from advisor.presentation import setting_text
from advisor.report import Report
from advisor.text import Message, message
from advisor.verification import Verification
from advisor_probe.knobs import Knob
from advisor_probe.looks import LOOKS, Judged

_TEXTS = {
    "better": "{change:sentence}: better by {gain:percent} ({interval:sentence}) {cost:sentence}.",
    "worse": "{change:sentence}: worse by {gain:percent} ({interval:sentence}) {cost:sentence}.",
    "no-difference": "{change:sentence}: no difference beyond {margin:percent} "
    "({interval:sentence}) {cost:sentence}.",
    "undecided": "{change:sentence}: undecided ({interval:sentence}) {cost:sentence}; less than "
    "{detectable:percent} either way could not have been seen.",
    "unmeasured": "{change:sentence}: undecided, for the trainings ended before it had "
    "{pairs:count pair|pairs}.",
    "not-verifiable": "{change:sentence}: not verifiable, {why:sentence}.",
}


class Proposal(NamedTuple):
    """A change, and the findings that propose it."""

    change: Change
    findings: tuple[str, ...]


class Cost(NamedTuple):
    """What the trainings of one change were."""

    pairs: int
    steps: int
    horizon: int | None
    diverged: tuple[int, int] = (0, 0)
    """Trainings that ended with a loss that is no number: as it is, and with the change."""


def proposals(report: Report, only: tuple[str, ...]) -> list[Proposal]:
    """Return the changes that a report's findings propose, each once, the most pressing first."""
    joined: dict[tuple[str, str], list[tuple[Change, Finding]]] = {}
    for finding in report.findings:
        for change in finding.changes:
            if not only or change.parameter in only:
                key = (change.parameter, repr(change.after))
                joined.setdefault(key, []).append((change, finding))
    return [
        Proposal(made[0][0], tuple(dict.fromkeys(finding.id for _, finding in made)))
        for made in joined.values()
    ]


def refused(proposal: Proposal, why: str, knob: Knob | None = None) -> Verification:
    """Say why a change cannot be verified."""
    change = proposal.change
    said = _said(proposal, None if knob is None else knob.value)
    return Verification(
        findings=proposal.findings,
        parameter=change.parameter,
        setting=knob.path if knob else None,
        before=knob.value if knob else None,
        after=change.after,
        ruling="not-verifiable",
        message=message(
            "verification.not-verifiable", _TEXTS["not-verifiable"], change=said, why=why
        ),
    )


def ruled(
    proposal: Proposal, knob: Knob, value: Value, judged: Judged, cost: Cost, margin: float
) -> Verification:
    """Say what came out of trying a change."""
    measured = judged.interval
    return Verification(
        findings=proposal.findings,
        parameter=proposal.change.parameter,
        setting=knob.path,
        before=knob.value,
        after=value,
        ruling=judged.ruling,
        message=_message(_said(proposal, knob.value), judged, cost, margin),
        gain=measured.mean if measured else None,
        low=measured.low if measured else None,
        high=measured.high if measured else None,
        detectable=measured.detectable if measured else None,
        pairs=cost.pairs,
        steps=cost.steps,
        horizon=cost.horizon,
        margin=margin,
    )


def _message(change: Message, judged: Judged, cost: Cost, margin: float) -> Message:
    if judged.interval is None:
        text = _TEXTS["unmeasured"]
        return message("verification.unmeasured", text, change=change, pairs=LOOKS[0])
    mean, low, high, _ = judged.interval
    if judged.ruling == "worse":
        low, high = -high, -low
    interval = message(
        "verification.interval",
        "95% interval {low:percent} to {high:percent}",
        low=low,
        high=high,
    )
    return message(
        f"verification.{judged.ruling}",
        _TEXTS[judged.ruling],
        change=change,
        gain=abs(mean),
        margin=margin,
        detectable=judged.interval.detectable,
        interval=interval,
        cost=_cost(cost),
    )


def _cost(cost: Cost) -> Message:
    """Say the horizon, the pairs, and how many trainings ended in no number."""
    of = " of {horizon:step}" if cost.horizon else ""
    text = "over {steps:step}" + of + " steps, {pairs:count pair|pairs}"
    if any(cost.diverged):
        text += " (no number in the end: {before:step} as it is, {after:step} with the change)"
    before, after = cost.diverged
    return message(
        "verification.cost",
        text,
        steps=cost.steps,
        pairs=cost.pairs,
        horizon=cost.horizon,
        before=before,
        after=after,
    )


def _said(proposal: Proposal, before: Value) -> Message:
    """Write a change: the parameter, and from what to what."""
    change = proposal.change
    after = setting_text(change.parameter, change.after)
    if before is None:
        text = "{parameter:name} to {after:text}"
        return message("verification.to", text, parameter=change.parameter, after=after)
    return message(
        "verification.from",
        "{parameter:name} {before:text} to {after:text}",
        parameter=change.parameter,
        before=setting_text(change.parameter, before),
        after=after,
    )
