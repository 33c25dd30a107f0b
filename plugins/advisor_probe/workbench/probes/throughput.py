"""Samples a second by batch size, and how much of the time the loader takes."""

from __future__ import annotations

import itertools
import time

import torch

from advisor_probe.target import Batch
from advisor_probe.workbench.batches import mapped, rows, size
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject

SIZES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Batch sizes in relation to the user's."""
WARMED, TIMED = 3, 10
LOADED = 20
"""Batches that the loader is timed for."""


def measure(subject: Subject, record: Record) -> None:
    """Report samples a second of training steps, and of the loader alone."""
    batch = subject.train(1)[0]
    count = size(batch)
    model = subject.model()
    optimizer = subject.optimizer(model)
    for place, factor in enumerate(SIZES):
        resized = _resized(batch, max(int(count * factor), 1))
        for _ in range(WARMED):
            subject.plain_step(model, optimizer, resized)
        _wait(subject)
        began = time.perf_counter()
        for _ in range(TIMED):
            subject.plain_step(model, optimizer, resized)
        _wait(subject)
        spent = time.perf_counter() - began
        record.point("size", size(resized), place)
        record.point("samples_per_second", TIMED * size(resized) / spent, place)
    record.point("loader", _loader(subject))


def _resized(batch: Batch, wanted: int) -> Batch:
    """Return a batch of another size: cut, or its samples over again."""
    count = size(batch)
    if wanted <= count:
        return rows(batch, slice(wanted))
    times = -(-wanted // max(count, 1))
    return mapped(
        batch,
        lambda leaf: (
            leaf.repeat(times, *[1] * (leaf.ndim - 1))[:wanted]
            if leaf.ndim and leaf.shape[0] == count
            else leaf
        ),
    )


def _loader(subject: Subject) -> float:
    """Return samples a second that the user's own loader gives."""
    began = time.perf_counter()
    seen = sum(size(batch) for batch in itertools.islice(subject.data("train"), LOADED))
    return seen / max(time.perf_counter() - began, 1e-9)


def _wait(subject: Subject) -> None:
    if subject.device.type == "cuda":
        torch.cuda.synchronize(subject.device)
