"""Which rates a training goes well at, with the user's batches and with quarters of them.

Both train on the same samples: what large batches cost is that fewer steps must do.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from advisor.text import told
from advisor_probe.target import Batch
from advisor_probe.workbench.batches import rows, size
from advisor_probe.workbench.ensemble import Member, train_together
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

POWERS = tuple(half / 2 for half in range(-3, 5))
"""Rates around the user's, as powers of ten of it."""
SEEDS, STEPS = 3, 20
SMALLEST, PARTS = 16, 4
LAST = 0.15
"""The share of the steps at the end whose losses count."""
SHARE = 0.5
"""A rate goes well where the loss falls by this share of what it falls by at the best one."""


def measure(subject: Subject, record: Record) -> None:
    """Report how many decades of rates go well, seed by seed, at both sizes of a batch."""
    batches = subject.train(STEPS)
    count = size(batches[0])
    if count < SMALLEST:
        raise NotProbed(told("a batch has fewer than {fewest:step} samples", fewest=SMALLEST))
    small = [part for batch in batches for part in _parts(batch)]
    record.point("size", count)
    record.curve("user", _widths(subject, batches))
    record.curve("quarter", _widths(subject, small))


def _parts(batch: Batch) -> Iterator[Batch]:
    """Yield the quarters of a batch, in order."""
    part = -(-size(batch) // PARTS)
    for start in range(0, size(batch), part):
        yield rows(batch, slice(start, start + part))


def _widths(subject: Subject, batches: Sequence[Batch]) -> list[float]:
    """Return decades of rates by seed."""
    members = [Member(seed, 10**power) for seed in range(SEEDS) for power in POWERS]
    ensemble = train_together(subject, members, subject.optimizer)
    losses = torch.stack([ensemble.step(batch) for batch in batches]).double()
    ends = losses[-math.ceil(LAST * len(losses)) :].mean(0).view(SEEDS, len(POWERS))
    starts = losses[0].view(SEEDS, len(POWERS))
    return [_width(start.nanmedian(), end) for start, end in zip(starts, ends, strict=True)]


def _width(start: Tensor, ends: Tensor) -> float:
    """Return how many decades of rates let the loss fall by a share of the best fall."""
    falls = (start - ends).nan_to_num(nan=-torch.inf, neginf=-torch.inf)
    best = float(falls.max())
    well = falls >= SHARE * best if best > 0 else torch.zeros(len(falls))
    return 0.5 * float(well.sum())
