"""What is said of changes that were tried on a target, or could not be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

from advisor.finding import Change
from advisor.model import Value
from advisor.presentation import setting_text
from advisor.text import Message, message
from advisor.verification import Altered, Verification
from advisor_probe.statistics import Interval, gain
from advisor_probe.verifying.knobs import Turned
from advisor_probe.verifying.looks import LOOKS, Judged
from advisor_probe.verifying.proposals import Proposal

_TEXTS = {
    "better": "{change:sentence}: better by {gain:percent} ({interval:sentence}) {cost:sentence}.",
    "worse": "{change:sentence}: worse by {gain:percent} ({interval:sentence}) {cost:sentence}.",
    "no-difference": "{change:sentence}: no difference beyond {margin:percent} "
    "({interval:sentence}) {cost:sentence}.",
    "better-for-now": "{change:sentence}: better by {gain:percent} ({interval:sentence}) "
    "{cost:sentence}, but undecided: without it the loss still fell by {falling:percent} in the "
    "second half, and may catch up within {lasting:step} steps. Train longer (`--steps`).",
    "worse-for-now": "{change:sentence}: worse by {gain:percent} ({interval:sentence}) "
    "{cost:sentence}, but undecided: with it the loss still fell by {falling:percent} in the "
    "second half, and may catch up within {lasting:step} steps. Train longer (`--steps`).",
    "better-early": "{ruled:sentence} After the last step it is {loss:percent} worse: keep the "
    "best weights.",
    "undecided": "{change:sentence}: undecided ({interval:sentence}) {cost:sentence}; less than "
    "{detectable:percent} either way could not have been seen.",
    "unmeasured": "{change:sentence}: undecided, for the trainings ended before it had "
    "{pairs:count pair|pairs}.",
    "not-verifiable": "{change:sentence}: not verifiable, {why:sentence}.",
}


class Cost(NamedTuple):
    """What the trainings of one proposal were."""

    pairs: int
    steps: int
    horizon: int | None
    lasting: int
    """Steps that a ruling has to hold for."""
    diverged: tuple[int, int] = (0, 0)
    """Trainings that ended with a loss that is no number: as it is, and with the change."""


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
        detectable=judged.detectable,
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
    kind = judged.ruling if judged.ahead in (None, judged.ruling) else f"{judged.ahead}-for-now"
    said = message(
        f"verification.{kind}",
        _TEXTS[kind],
        change=change,
        gain=abs(judged.interval.mean),
        margin=margin,
        detectable=judged.detectable,
        falling=judged.falling,
        lasting=cost.lasting,
        interval=_interval(judged.interval, turned=judged.ahead == "worse"),
        cost=_cost(cost),
    )
    lost = _lost_at_the_end(judged)
    if judged.ruling != "better" or lost <= margin:
        return said
    return message("verification.better-early", _TEXTS["better-early"], ruled=said, loss=lost)


def _interval(measured: Interval, *, turned: bool) -> Message:
    """Say an interval; ``turned`` says by how much it is worse."""
    return message(
        "verification.interval",
        "95% interval {low:percent} to {high:percent}",
        low=-measured.high if turned else measured.low,
        high=-measured.low if turned else measured.high,
    )


def _lost_at_the_end(judged: Judged) -> float:
    """Return by what share the last losses are higher with the change; 0 if that is not known."""
    if judged.pairs is None:
        return 0.0
    ended = gain(judged.pairs.before.end, judged.pairs.after.end)
    return 0.0 if ended is None else -ended.mean


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
