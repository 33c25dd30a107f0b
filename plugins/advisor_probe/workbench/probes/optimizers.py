"""The user's optimizer against the usual ones, each at its best rate."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from advisor_probe.workbench.comparison import Arm, compare
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses of the user's optimizer, Adam, SGD with and without momentum."""
    record.fact("own", type(subject.optimizer(subject.model())).__name__)
    arms = (
        Arm("user", subject.optimizer),
        Arm("adam", lambda model: torch.optim.Adam(_free(model), 1e-3)),
        Arm("momentum", lambda m: torch.optim.SGD(_free(m), 1e-2, momentum=0.9, nesterov=True)),
        Arm("plain", lambda model: torch.optim.SGD(_free(model), 1e-1)),
    )
    compare(subject, record, arms)


def _free(model: nn.Module) -> list[Tensor]:
    return [p for p in model.parameters() if p.requires_grad]
