"""Dropout after the hidden activations of a model that has none."""

from __future__ import annotations

from torch import nn
from torch.nn.modules.dropout import _DropoutNd

from advisor_probe.workbench.comparison import Arm, compare
from advisor_probe.workbench.ensemble import Prepare
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject
from advisor_probe.workbench.surgery import Hidden, hidden_activations, replacing

RATES = {"low": 0.1, "high": 0.3}


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses without dropout, and with two rates of it."""
    if any(isinstance(m, _DropoutNd) and m.p for m in subject.model().modules()):
        raise NotProbed("the model has dropout already")
    hidden = hidden_activations(subject)
    arms = [Arm(name, subject.optimizer, _dropping(hidden, p)) for name, p in RATES.items()]
    compare(subject, record, [Arm("user", subject.optimizer), *arms])


def _dropping(hidden: tuple[Hidden, ...], rate: float) -> Prepare:
    return replacing(hidden, lambda _place, old: nn.Sequential(old, _dropout(old, rate)))


def _dropout(activation: nn.Module, rate: float) -> nn.Module:
    """Return the dropout that goes with an activation: SELU's keeps mean and deviation."""
    return nn.AlphaDropout(rate) if isinstance(activation, nn.SELU) else nn.Dropout(rate)
