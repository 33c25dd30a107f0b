"""From a proposed change to what of the target it sets, by the canonical names of hyperparameters.

A target's own ``settings`` go first. What they do not name may still be an option of its
optimizer, such as ``lr``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from advisor.choices import choice
from advisor.finding import Change
from advisor.hyperparameters import as_flag, as_number, canonical
from advisor.model import Document, Value
from advisor.text import Message, message

OWN_LOSS = ("loss_function", "output_activation")
"""Parameters that change what the loss measures, so that losses say nothing of them."""


class Described(Document):
    """What of a target can be set, and what its trainings are like."""

    settings: dict[str, Value]
    """The plain values of its settings, with dots between the levels."""
    optimizer: dict[str, Value]
    """The options that all parameter groups of its optimizer share."""
    batch: int
    """Samples of a batch; 0 if that cannot be told."""
    held: int
    """Samples that losses are compared on."""
    steps: int | None = None
    """Steps of the real training."""


class Knob(NamedTuple):
    """One thing that can be set."""

    where: Literal["settings", "optimizer"]
    path: str
    value: Value
    """What it is set to as the target is."""


class Turned(NamedTuple):
    """A knob, and what a change sets it to."""

    change: Change
    knob: Knob
    value: Value


class Unfit(Exception):
    """A change that cannot be tried on this target; it says why."""

    def __init__(self, why: Message) -> None:
        super().__init__(why.text)
        self.why = why


def turned(changes: Sequence[Change], target: Described) -> tuple[Turned, ...]:
    """Return what changes set together, without what is set so already.

    Raises ``Unfit`` if one of them cannot be tried, or all are set so already.
    """
    found = [(change, knob_for(change, target)) for change in changes]
    wanted = [Turned(change, knob, value_for(change, knob)) for change, knob in found]
    new = tuple(t for t in wanted if not _same(t.change.parameter, t.value, t.knob.value))
    if not new:
        raise Unfit(message("not-verifiable", "the target is set so already"))
    return new


def knob_for(change: Change, target: Described) -> Knob:
    """Return what a change sets. Raises ``Unfit`` if that is nothing, or several things."""
    if change.parameter in OWN_LOSS:
        text = "it changes what the loss measures, so losses cannot tell"
        raise Unfit(message("not-verifiable", text))
    for where, held in _held(target):
        found = tuple(path for path in held if path == change.path) or tuple(
            path for path in held if change.parameter in (canonical(path), path)
        )
        if len(found) > 1:
            text = "several settings of the target could be meant: {found:names}"
            raise Unfit(message("not-verifiable", text, found=found))
        if found:
            return Knob(where, found[0], held[found[0]])
    text = "the target has no setting for {parameter:name}"
    raise Unfit(message("not-verifiable", text, parameter=change.parameter))


def _held(
    target: Described,
) -> tuple[tuple[Literal["settings", "optimizer"], Mapping[str, Value]], ...]:
    return ("settings", target.settings), ("optimizer", target.optimizer)


def value_for(change: Change, knob: Knob) -> Value:
    """Return what a change sets a knob to, of the kind that stands there. Raises ``Unfit``."""
    wanted = _of_kind(change.after, knob.value)
    if wanted is None and change.after is not None:
        raise Unfit(message("not-verifiable", "the advice names no value that could be set"))
    return wanted


def _of_kind(value: Value, like: Value) -> Value:
    """Return a value as the kind that another one is of; ``None`` if it is none of that kind."""
    if isinstance(like, bool):
        return as_flag(value)
    if isinstance(like, int | float):
        number = as_number(value)
        whole = isinstance(like, int) and number is not None and number.is_integer()
        return int(number) if whole and number is not None else number
    if isinstance(like, str):
        # A sentence that describes what to do is no choice: it has blanks.
        return value if isinstance(value, str) and " " not in value.strip() else None
    return value if like is None or isinstance(value, type(like)) else None


def _same(parameter: str, value: Value, other: Value) -> bool:
    named = choice(parameter, value), choice(parameter, other)
    return value == other or (named[0] is not None and named[0] == named[1])
