"""What a training measured, as clean arrays: every value, under the name a tool asks for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Points = list[tuple[int, float]]
"""Steps and values."""


class Said(NamedTuple):
    """One finding of a tool: its own name for it, and its own severity."""

    name: str
    severity: str


@dataclass(frozen=True, slots=True)
class Curves:
    """One training, by step or by epoch."""

    loss: Points
    rate: Points
    norm: Points
    """The norm of the whole gradient."""
    val_loss: Points
    by_epoch: tuple[list[float], list[float]]
    """Training and validation loss of each epoch that was finished, whatever the steps."""

    def rows(self) -> Iterator[tuple[int, dict[str, float]]]:
        """Yield each step with what was measured at it."""
        merged: dict[int, dict[str, float]] = {}
        for name in ("loss", "rate", "norm", "val_loss"):
            for step, value in getattr(self, name):
                merged.setdefault(step, {})[name] = value
        yield from sorted(merged.items())


def curves(file: Path, *, by_step: bool) -> Curves:
    """Return what the file of a training holds; the mean over each epoch if not by step."""
    with np.load(file) as stored:
        arrays = dict(stored)
    ends = arrays["ends"].astype(int)
    means = {name: _means(arrays[name], ends) for name in ("loss", "rate", "norm")}
    validation = arrays["val_loss"].tolist()
    series = {
        name: _points(range(len(arrays[name])), arrays[name]) if by_step else _points(ends, values)
        for name, values in means.items()
    }
    finished = means["loss"][: len(validation)], validation
    return Curves(**series, val_loss=_points(ends, validation), by_epoch=finished)


def _means(values: Any, ends: Any) -> list[float]:
    starts = [0, *(ends[:-1] + 1).tolist()]
    return [float(np.mean(values[a : b + 1])) for a, b in zip(starts, ends, strict=False)]


def _points(steps: Any, values: Any) -> Points:
    return [(int(step), float(value)) for step, value in zip(steps, values, strict=False)]


def finite(values: list[float]) -> bool:
    """Tell whether no value is NaN or infinite."""
    return all(math.isfinite(value) for value in values)
