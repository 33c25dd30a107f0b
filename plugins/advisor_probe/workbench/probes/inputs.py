"""The inputs as the model gets them: their scale, and columns that never vary."""

from __future__ import annotations

import torch
from torch import Tensor

from advisor_probe.workbench.batches import leaves
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

BATCHES = 8
STILL = 1e-9
"""A column with a smaller deviation never varies."""


def measure(subject: Subject, record: Record) -> None:
    """Report the scale of the largest floating-point tensor of a batch that is no target."""
    model = subject.model()
    with torch.no_grad():
        targets = subject.judged(model, subject.train(1)[0]).targets
    inputs = torch.cat(_inputs(subject, targets)).double()
    record.fact("shape", tuple(inputs.shape[1:]))
    record.point("samples", len(inputs))
    record.point("rms", float(inputs.square().mean().sqrt()))
    record.point("finite", float(torch.isfinite(inputs).double().mean()))
    if inputs.ndim == 2:
        _report_columns(inputs, record)


def _inputs(subject: Subject, targets: Tensor | None) -> list[Tensor]:
    """Return the same tensor of each batch; without the last batch, if that is cut short."""
    place = place_of_inputs(subject, targets)
    found = [list(leaves(batch))[place] for batch in subject.train(BATCHES)]
    return [one for one in found if one.shape[1:] == found[0].shape[1:]]


def place_of_inputs(subject: Subject, targets: Tensor | None) -> int:
    """Return which tensor of a batch is the input. Raises ``NotProbed`` if none is."""
    parts = list(enumerate(leaves(subject.train(1)[0])))
    real = [(at, leaf) for at, leaf in parts if leaf.is_floating_point() and leaf.ndim >= 2]
    if targets is not None and len(real) > 1:
        real = [(at, leaf) for at, leaf in real if not _same(leaf, targets)]
    if not real:
        raise NotProbed("no tensor of a batch holds features as real numbers")
    return max(real, key=lambda pair: pair[1].numel())[0]


def _same(leaf: Tensor, targets: Tensor) -> bool:
    return leaf.shape == targets.shape and bool(torch.equal(leaf, targets))


def _report_columns(inputs: Tensor, record: Record) -> None:
    deviations = inputs.std(0)
    moving = deviations[deviations > STILL]
    record.point("columns", inputs.shape[1])
    record.point("still", float((deviations <= STILL).double().mean()))
    if len(moving):
        record.point("decades", float(moving.max().log10() - moving.min().log10()))
        record.curve("deviation", sorted(moving.tolist(), reverse=True))
