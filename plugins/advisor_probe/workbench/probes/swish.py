"""Swish in the place of the hidden activations."""

from __future__ import annotations

from torch import nn

from advisor_probe.workbench.comparison import Arm, compare
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject
from advisor_probe.workbench.surgery import depth, hidden_activations, replacing


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses with the model's activations, and with x · sigmoid(x)."""
    hidden = hidden_activations(subject)
    model = subject.model()
    kinds = {type(model.get_submodule(place.name)).__name__ for place in hidden}
    if kinds == {"SiLU"}:
        raise NotProbed("the activations are Swish already")
    record.point("depth", depth(subject))
    record.fact("own", tuple(sorted(kinds)))
    swish = replacing(hidden, lambda _place, _old: nn.SiLU())
    compare(
        subject, record, [Arm("user", subject.optimizer), Arm("swish", subject.optimizer, swish)]
    )
