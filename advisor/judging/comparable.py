"""What of a run rules may compare: not its losses where they are weighed anew from step to step."""

from __future__ import annotations

from advisor.roles import Kind, Role, Split, Understanding
from advisor.rule import Rule, Stage
from advisor.text import Message, message
from advisor.understand.loss_weights import Weighing, weighing
from advisor.understand.objective import NAMED
from advisor.view import Judged


def comparable(judged: Judged) -> tuple[Judged, Message | None]:
    """Return a run as rules see it that compare, and what to log if its losses are hidden.

    An objective that the user named stays if no training loss bears its name: it is taken to be
    measured at fixed weights.
    """
    weighed = weighing(judged.run)
    if weighed is None:
        return judged, None
    kept = _apart(judged.understanding)
    roles = tuple(
        _hidden(role) if role.kind is Kind.LOSS and role.series != kept else role
        for role in judged.understanding.roles
    )
    shown = {role.series for role in roles if role.kind is not Kind.OTHER}
    objective = judged.understanding.objective
    judging = objective if objective and objective.series in shown else None
    update = {"roles": roles, "objective": judging}
    return Judged(judged.run, judged.understanding.model_copy(update=update)), _wanted(weighed)


def _apart(understanding: Understanding) -> str | None:
    """Return the loss that the user judges by, if it is another one than is trained on."""
    objective = understanding.objective
    if objective is None or objective.how != NAMED:
        return None
    losses = [role for role in understanding.roles if role.kind is Kind.LOSS]
    trained = {role.quantity for role in losses if role.split is Split.TRAIN}
    apart = {role.series for role in losses if role.quantity not in trained}
    return objective.series if objective.series in apart else None


def compares(rule: Rule) -> bool:
    """Tell whether a rule holds values of a loss against each other."""
    return rule.compares and not rule.reads_non_finite and rule.stage is not Stage.TELEMETRY


def _hidden(role: Role) -> Role:
    return role.model_copy(update={"kind": Kind.OTHER, "primary": False})


def _wanted(weighed: Weighing) -> Message:
    return message(
        "missing-input.weighed",
        "Log a validation loss at fixed weights under a name of its own, and give it as "
        "--objective TAG:min: {weight:name} changes from step {first:step} to {last:step}, so "
        "losses are not compared",
        weight=weighed.tag,
        first=weighed.first_step,
        last=weighed.last_step,
    )
