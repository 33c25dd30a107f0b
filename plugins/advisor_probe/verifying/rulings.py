"""What is said of changes that were tried on a target, or could not be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import NamedTuple

from advisor.finding import Change, Finding
from advisor.model import Value
from advisor.presentation import setting_text
from advisor.report import Report
from advisor.text import Message, message
from advisor.verification import Altered, Verification
from advisor_probe.verifying.knobs import Turned
from advisor_probe.verifying.looks import LOOKS, Judged

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
    """What a finding would change, all of it together, and the findings that propose just that."""

    changes: tuple[Change, ...]
    findings: tuple[str, ...]

    @property
    def parameters(self) -> str:
        """The canonical names of what is changed."""
        return " and ".join(change.parameter for change in self.changes)

    @property
    def late(self) -> bool:
        """Whether only a full training shows all of its effect."""
        return any(change.horizon == "full" for change in self.changes)


class Cost(NamedTuple):
    """What the trainings of one proposal were."""

    pairs: int
    steps: int
    horizon: int | None
    diverged: tuple[int, int] = (0, 0)
    """Trainings that ended with a loss that is no number: as it is, and with the change."""


def proposals(report: Report, only: tuple[str, ...]) -> list[Proposal]:
    """Return what a report's findings propose, each once, the most pressing first.

    What a probe refuted is proposed no longer. ``only`` names parameters: what changes one of them
    is tried, with all that it changes besides.
    """
    joined: dict[tuple[tuple[str, str], ...], list[Finding]] = {}
    for finding in _standing(report):
        changed = [change.parameter for change in finding.changes]
        if changed and (not only or set(only) & set(changed)):
            key = tuple((change.parameter, repr(change.after)) for change in finding.changes)
            joined.setdefault(key, []).append(finding)
    return [
        Proposal(made[0].changes, tuple(dict.fromkeys(finding.id for finding in made)))
        for made in joined.values()
    ]


def _standing(report: Report) -> Iterator[Finding]:
    refuted = {
        hypothesis.finding
        for diagnosis in report.diagnoses
        for hypothesis in diagnosis.hypotheses
        if hypothesis.settled and hypothesis.settled.outcome == "refuted"
    }
    return (finding for finding in report.findings if finding.id not in refuted)


def refused(proposal: Proposal, why: Message, tried: Sequence[Turned] = ()) -> Verification:
    """Say why a proposal cannot be verified; ``tried`` is what it would have set, if known."""
    said = _said(tried, proposal.changes)
    text = _TEXTS["not-verifiable"]
    first, *others = _altered(tried, proposal.changes)
    return Verification(
        **dict(first),
        together=tuple(others),
        findings=proposal.findings,
        ruling="not-verifiable",
        message=message("verification.not-verifiable", text, change=said, why=why),
    )


def ruled(
    proposal: Proposal, tried: Sequence[Turned], judged: Judged, cost: Cost, margin: float
) -> Verification:
    """Say what came out of trying a proposal."""
    measured = judged.interval
    first, *others = _altered(tried)
    return Verification(
        **dict(first),
        together=tuple(others),
        findings=proposal.findings,
        ruling=judged.ruling,
        message=_message(_said(tried), judged, cost, margin),
        gain=measured.mean if measured else None,
        low=measured.low if measured else None,
        high=measured.high if measured else None,
        detectable=measured.detectable if measured else None,
        pairs=cost.pairs,
        steps=cost.steps,
        horizon=cost.horizon,
        margin=margin,
    )


def _altered(tried: Sequence[Turned], changes: Sequence[Change] = ()) -> list[Altered]:
    """Return what was set; where nothing could be, what was to be changed."""
    if not tried:
        return [Altered(parameter=change.parameter, after=change.after) for change in changes]
    return [
        Altered(
            parameter=t.change.parameter, setting=t.knob.path, before=t.knob.value, after=t.value
        )
        for t in tried
    ]


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
    said = message("verification.cost", _COST[cost.horizon is not None], **cost._asdict())
    if not any(cost.diverged):
        return said
    before, after = cost.diverged
    return message(
        "verification.diverged",
        "{cost:sentence} (no number in the end: {before:step} as it is, {after:step} with the "
        "change)",
        cost=said,
        before=before,
        after=after,
    )


_COST = {
    False: "over {steps:step} steps, {pairs:count pair|pairs}",
    True: "over {steps:step} of {horizon:step} steps, {pairs:count pair|pairs}",
}
"""By whether the length of the real training is known."""


def _said(tried: Sequence[Turned], changes: Sequence[Change] = ()) -> Message:
    """Write what was set, or what was to be changed: each parameter, and from what to what."""
    if tried:
        said = [_one(t.change, t.value, t.knob.value) for t in tried]
    else:
        said = [_one(change, change.after, None) for change in changes]
    return reduce(_together, said)


def _one(change: Change, after: Value, before: Value) -> Message:
    named = setting_text(change.parameter, after)
    if before is None:
        text = "{parameter:name} to {after:text}"
        return message("verification.to", text, parameter=change.parameter, after=named)
    return message(
        "verification.from",
        "{parameter:name} {before:text} to {after:text}",
        parameter=change.parameter,
        before=setting_text(change.parameter, before),
        after=named,
    )


def _together(one: Message, another: Message) -> Message:
    text = "{one:sentence} and {another:sentence}"
    return message("verification.together", text, one=one, another=another)
