"""Batches of any shape: tensors in tuples, lists, mappings and dataclasses, however nested."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping

import torch

from advisor_probe.target import Batch

Change = Callable[[torch.Tensor], torch.Tensor]


def mapped(batch: Batch, change: Change) -> Batch:
    """Return a batch of the same form with every tensor changed; what is no tensor stays."""
    if isinstance(batch, torch.Tensor):
        return change(batch)
    if isinstance(batch, dict):
        return {key: mapped(value, change) for key, value in batch.items()}
    if isinstance(batch, Mapping):
        return {key: mapped(batch[key], change) for key in batch}
    if isinstance(batch, tuple) and hasattr(batch, "_fields"):
        return type(batch)(*(mapped(value, change) for value in batch))
    if isinstance(batch, list | tuple):
        return type(batch)(mapped(value, change) for value in batch)
    if dataclasses.is_dataclass(batch) and not isinstance(batch, type):
        fields = {f.name: mapped(getattr(batch, f.name), change) for f in dataclasses.fields(batch)}
        return dataclasses.replace(batch, **fields)
    return batch


def leaves(batch: Batch) -> Iterator[torch.Tensor]:
    """Yield the tensors of a batch in order."""
    found: list[torch.Tensor] = []

    def note(leaf: torch.Tensor) -> torch.Tensor:
        found.append(leaf)
        return leaf

    mapped(batch, note)
    yield from found


def size(batch: Batch) -> int:
    """Return the number of samples: the length of the first tensor that has one; else 0."""
    return next((int(leaf.shape[0]) for leaf in leaves(batch) if leaf.ndim), 0)


def rows(batch: Batch, chosen: slice | torch.Tensor) -> Batch:
    """Return some samples of a batch: of every tensor that has one row a sample."""
    count = size(batch)
    return mapped(
        batch, lambda leaf: leaf[chosen] if leaf.ndim and leaf.shape[0] == count else leaf
    )


def to(batch: Batch, device: torch.device) -> Batch:
    """Return a batch on a device, detached from whatever graph it came with."""
    return mapped(batch, lambda leaf: leaf.detach().to(device))
