"""Sixty steps of the training as it really is: gradients, losses, sizes of updates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from advisor_probe.workbench.audit import GradientAudit
from advisor_probe.workbench.record import Record, log10
from advisor_probe.workbench.subject import Subject, seed_all

STEPS = 60
LOOKED_AT = frozenset({5, 10, 15, 20, 30, 40})
"""Steps whose updates are measured."""


def measure(subject: Subject, record: Record) -> None:
    """Report losses, stale gradients, and updates in relation to the weights."""
    model = subject.model()
    optimizer = subject.optimizer(model)
    audit = GradientAudit(optimizer)
    matrices = [p for p in model.parameters() if p.ndim >= 2 and p.requires_grad]
    start = [p.detach().clone() for p in model.parameters()]
    seed_all(subject.seed)
    for step, batch in enumerate(subject.train(STEPS)):
        before = [p.detach().clone() for p in matrices] if step in LOOKED_AT else []
        record.point("loss", subject.step(model, optimizer, batch), step)
        if before:
            record.point("update", _update(before, matrices), step)
        if step % 10 == 0:
            record.progress(step)
    audit.close()
    record.point("own_step", float(subject.target.step is not None))
    record.point("stale", float(np.median(audit.shares)) if audit.shares else 0.0)
    record.point("lost", audit.lost / STEPS)
    record.point("optimizer_steps", len(audit.shares) + 1 if audit.shares else 0)
    record.point("moved", _moved(start, list(model.parameters())))


def _update(before: Sequence[Tensor], after: Sequence[Tensor]) -> float:
    """Return log10 of what a step changed as a share of the weights, the median over matrices."""
    shares = [
        log10(float(torch.linalg.vector_norm(new.detach() - old)))
        - log10(float(torch.linalg.vector_norm(old)) + 1e-12)
        for old, new in zip(before, after, strict=True)
    ]
    return float(np.median(shares))


def _moved(start: Sequence[Tensor], end: Sequence[Tensor]) -> float:
    """Return the share of parameters that sixty steps changed at all."""
    changed = [not torch.equal(a, b.detach()) for a, b in zip(start, end, strict=True)]
    return sum(changed) / max(len(changed), 1)
