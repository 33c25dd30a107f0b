"""The model's dropout against none and twice as much."""

from __future__ import annotations

from torch import nn
from torch.nn.modules.dropout import _DropoutNd

from advisor_probe.workbench.comparison import Arm, compare
from advisor_probe.workbench.ensemble import Prepare
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

MOST = 0.9


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses with dropout as it is, without, and doubled."""
    shares = [m.p for m in subject.model().modules() if isinstance(m, _DropoutNd)]
    if not any(shares):
        raise NotProbed("the model has no dropout layer")
    record.fact("rates", tuple(dict.fromkeys(shares)))
    arms = (
        Arm("user", subject.optimizer),
        Arm("none", subject.optimizer, prepare=_times(0.0)),
        Arm("double", subject.optimizer, prepare=_times(2.0)),
    )
    compare(subject, record, arms)


def _times(factor: float) -> Prepare:
    def prepare(model: nn.Module) -> None:
        for module in model.modules():
            if isinstance(module, _DropoutNd):
                module.p = min(module.p * factor, MOST)

    return prepare
