"""The loss of an untrained model against that of guessing."""

from __future__ import annotations

import numpy as np
import torch

from advisor_probe.workbench.losses import CHOOSING, Known, guessing, prior_entropy, recognized
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

BATCHES = 8


def measure(subject: Subject, record: Record) -> None:
    """Report the mean loss over eight batches, and what guessing would cost."""
    model = subject.model()
    with torch.no_grad():
        judged = [subject.judged(model, batch) for batch in subject.train(BATCHES)]
    known = [one for loss in judged if (one := recognized(loss)) is not None]
    if len(known) < len(judged):
        raise NotProbed(
            "the loss function is not one that it knows; return (loss, outputs, targets)"
        )
    together = _together(known)
    guess = guessing(together)
    if guess is None:
        raise NotProbed("the targets of eight batches are all the same")
    losses = [float(loss.value) for loss in judged]
    record.curve("loss", losses)
    record.point("guess", guess)
    record.point("ratio", float(np.mean(losses)) / guess)
    record.fact("loss", together.kind)
    if together.kind in CHOOSING:
        record.fact("classes", int(together.outputs.shape[1]))
        record.point("prior", prior_entropy(together.targets))


def _together(known: list[Known]) -> Known:
    targets = torch.cat([one.targets.flatten() for one in known])
    return Known(known[0].kind, known[0].outputs, targets)
