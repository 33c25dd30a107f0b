"""A few samples, no regularization: the loss must go to about nothing."""

from __future__ import annotations

import torch
from torch import nn

from advisor_probe.target import Batch
from advisor_probe.workbench.batches import rows, size
from advisor_probe.workbench.ensemble import Member, train_together, undropped
from advisor_probe.workbench.losses import CHOOSING, guessing, recognized
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject

SAMPLES = 16
FEWEST = 2
"""Samples of many predictions each, as of a language model: equal contexts with different
continuations, which nothing can learn by heart, are rare in few."""
STEPS = 100
RATE = 3e-3
RATES = tuple(RATE * 10 ** (power / 2) for power in range(-2, 3))
"""Learning rates of Adam that are tried: 3e-4 to 3e-2."""
LAST = 5
"""So many last steps are averaged."""


def measure(subject: Subject, record: Record) -> None:
    """Report the loss on a few samples under five rates of Adam, and that of guessing there."""
    batch, guess = _few(subject)
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


def _few(subject: Subject) -> tuple[Batch, float]:
    """Return samples that hold about sixteen predictions, and what guessing costs on them."""
    batch = rows(subject.train(1)[0], slice(SAMPLES))
    guess, each = _guess(subject, batch)
    if each > 1:
        batch = rows(batch, slice(max(FEWEST, SAMPLES // each)))
        guess, _ = _guess(subject, batch)
    return batch, guess


def _guess(subject: Subject, batch: Batch) -> tuple[float, int]:
    """Return what guessing costs, else the loss of the untrained model; and classes a sample."""
    with torch.no_grad():
        judged = subject.judged(subject.model(), batch)
    known = recognized(judged)
    guess = guessing(known) if known else None
    chosen = len(known.targets) if known and known.kind in CHOOSING else 1
    return max(guess or abs(float(judged.value)), 1e-12), chosen // max(size(batch), 1)
