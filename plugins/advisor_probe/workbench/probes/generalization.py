"""Do the inputs tell anything about the targets: trained on true and on shuffled pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from advisor.text import told
from advisor_probe.target import Batch
from advisor_probe.workbench.batches import leaves, mapped, size
from advisor_probe.workbench.losses import CHOOSING, Known, recognized
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject, samples, seed_all

FOLDS, BATCHES = 3, 24
LOOKS = (120, 480)
"""Steps of a training: more are taken only where fewer show nothing."""
CLEAR_LOSS, CLEAR_RIGHT = 5.0, 3.0
"""Standard errors that are something."""
FEWEST = 60
"""Samples below which nothing can be said."""
CLIPPED = 5.0
"""Differences of a sample's loss count up to here, in the unit of the loss's spread."""


class _Judged(NamedTuple):
    """Held-out samples: their losses, and for classes whether they were right."""

    losses: Tensor
    right: Tensor


class _Seen(NamedTuple):
    """By how many standard errors true pairs teach more, and what they teach."""

    loss_z: float
    right_z: float
    samples: int
    right: float
    """The share of classes that are right, of models trained on true pairs."""

    def clear(self) -> bool:
        """Tell whether true pairs teach more beyond chance."""
        return self.loss_z >= CLEAR_LOSS or self.right_z >= CLEAR_RIGHT


def measure(subject: Subject, record: Record) -> None:
    """Report how sure it is that true pairs teach more about held-out samples than shuffled ones.

    Three folds; in each a model is trained on the others' true pairs, and one on the same with
    the inputs dealt anew within a batch.
    """
    batches = subject.train(BATCHES)
    distinct = {id(batch): batch for batch in batches}
    if samples(batches) < FEWEST or len(distinct) < 2 * FOLDS:
        raise NotProbed(
            told(
                "fewer than {samples:step} samples or {batches:step} batches",
                samples=FEWEST,
                batches=2 * FOLDS,
            )
        )
    steps, seen = _looked(subject, batches, _place_of_targets(subject, batches[0]))
    record.point("steps", steps)
    for name, value in seen._asdict().items():
        record.point(name, value)


def _looked(subject: Subject, batches: Sequence[Batch], place: int) -> tuple[int, _Seen]:
    """Look after more and more steps, until what is seen is clear; return the steps as well."""
    *earlier, last = LOOKS
    for steps in earlier:
        seen = _seen(subject, batches, place, steps)
        if seen.clear():
            return steps, seen
    return last, _seen(subject, batches, place, last)


def _seen(subject: Subject, batches: Sequence[Batch], place: int, steps: int) -> _Seen:
    """Train on true and on shuffled pairs for so many steps, and compare."""
    true, dealt = [], []
    for fold in range(FOLDS):
        held = batches[fold::FOLDS]
        rest = [batch for at, batch in enumerate(batches) if at % FOLDS != fold]
        shuffled = [_dealt(batch, place, subject.seed + fold) for batch in rest]
        true.append(_judged(subject, rest, held, steps))
        dealt.append(_judged(subject, shuffled, held, steps))
    pairs = list(zip(true, dealt, strict=True))
    differences = torch.cat([d.losses - t.losses for t, d in pairs])
    spread = max(float(torch.cat([t.losses for t in dealt]).median()), 1e-12)
    scaled = (differences / spread).nan_to_num(nan=0.0).clamp(-CLIPPED, CLIPPED)
    return _Seen(
        _z(scaled),
        _z(torch.cat([t.right - d.right for t, d in pairs])),
        len(scaled),
        float(torch.cat([t.right for t in true]).mean()),
    )


def _judged(
    subject: Subject, batches: Sequence[Batch], held: Sequence[Batch], steps: int
) -> _Judged:
    model = subject.model()
    optimizer = subject.optimizer(model)
    seed_all(subject.seed)
    for step in range(steps):
        subject.plain_step(model, optimizer, batches[step % len(batches)])
    model.eval()
    with torch.no_grad():
        parts = [_each(recognized(subject.judged(model, batch))) for batch in held]
    return _Judged(*(torch.cat(group) for group in zip(*parts, strict=True)))


def _each(known: Known | None) -> _Judged:
    """Return the losses one by one. Raises ``NotProbed`` for a loss that is not known."""
    if known is None:
        raise NotProbed("the loss function is not one whose samples can be told apart")
    if known.kind in CHOOSING:
        losses = torch.nn.functional.cross_entropy(known.outputs, known.targets, reduction="none")
        return _Judged(losses, (known.outputs.argmax(1) == known.targets).float())
    losses = (known.outputs - known.targets).square().reshape(len(known.targets), -1).mean(1)
    return _Judged(losses, torch.zeros(len(losses)))


def _place_of_targets(subject: Subject, batch: Batch) -> int:
    """Return which tensor of a batch is the targets. Raises ``NotProbed`` if that is not known."""
    with torch.no_grad():
        targets = subject.judged(subject.model(), batch).targets
    for place, leaf in enumerate(leaves(batch)):
        if targets is not None and leaf.shape == targets.shape and bool((leaf == targets).all()):
            return place
    raise NotProbed("it cannot be told which part of a batch is the targets")


def _dealt(batch: Batch, place: int, seed: int) -> Batch:
    """Return the batch with the targets in another order than everything else."""
    count, at = size(batch), iter(range(sum(1 for _ in leaves(batch))))
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))

    def moved(leaf: Tensor) -> Tensor:
        return leaf[order.to(leaf.device)] if next(at) == place else leaf

    return mapped(batch, moved)


def _z(values: Tensor) -> float:
    """Return the mean over its standard error."""
    error = float(values.double().std()) / math.sqrt(len(values))
    return float(np.clip(float(values.double().mean()) / max(error, 1e-12), -1e6, 1e6))
