"""A few samples, no regularization: the loss must go to about nothing."""

from __future__ import annotations

import torch
from torch import nn

from advisor_probe.workbench.batches import rows, size
from advisor_probe.workbench.ensemble import Member, train_together, undropped
from advisor_probe.workbench.losses import guessing, recognized
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject

SAMPLES = 16
STEPS = 100
RATE = 3e-3
RATES = tuple(RATE * 10 ** (power / 2) for power in range(-2, 3))
"""Learning rates of Adam that are tried: 3e-4 to 3e-2."""
LAST = 5
"""So many last steps are averaged."""


def measure(subject: Subject, record: Record) -> None:
    """Report the loss on sixteen samples under five rates of Adam, and that of guessing there."""
    batch = rows(subject.train(1)[0], slice(SAMPLES))
    guess = _guess(subject, batch)
    members = [Member(rate=rate / RATE) for rate in RATES]
    ensemble = train_together(subject, members, _adam, undropped)
    losses = torch.stack([ensemble.step(batch) for _ in range(STEPS)])
    ends = losses[-LAST:].mean(0).nan_to_num(nan=float("inf"))
    best = int(ends.argmin())
    record.curve("loss", losses[:, best].tolist())
    record.point("guess", guess)
    record.point("ratio", float(ends[best]) / guess)
    record.point("samples", size(batch))
    record.fact("rate", RATES[best])


def _adam(model: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.Adam([p for p in model.parameters() if p.requires_grad], RATE)


def _guess(subject: Subject, batch: object) -> float:
    """Return what guessing costs on the samples; else the loss of the untrained model."""
    with torch.no_grad():
        judged = subject.judged(subject.model(), batch)
    known = recognized(judged)
    guess = guessing(known) if known else None
    return max(guess or abs(float(judged.value)), 1e-12)
