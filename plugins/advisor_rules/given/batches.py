"""The recorded batch size, and whether it is all that one update sees."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np

from advisor.hyperparameters import Hyperparameters
from advisor.run import Axis
from advisor.view import RunView

_PART = re.compile(r"per_(device|gpu)|micro|samples_per_gpu|train_batch_size$")
"""Names of the batch of one device: how many there are is rarely recorded."""
_ACCUMULATED = re.compile(r"accum|(^|[._])nbs$")
FEWEST = 20
"""Samples below which a recorded number is a share or a batch and not the size of a data set."""


class Batch(NamedTuple):
    """A recorded batch size."""

    size: int
    """Samples, times the steps over which gradients are accumulated where that is recorded."""
    path: str
    """The run's own name for it."""
    whole: bool
    """False where several devices may share an update, or gradients are accumulated."""


def batch_of(settings: Hyperparameters) -> Batch | None:
    """Return the batch size that a config records; ``None`` if it has none, or no whole number."""
    setting, size = settings.get("batch_size"), settings.number("batch_size")
    if setting is None or size is None or size < 1 or size != int(size):
        return None
    times = settings.number("accumulation")
    steps = int(times) if times is not None and times > 1 else 1
    part = _PART.search(setting.path.lower()) is not None
    return Batch(int(size) * steps, setting.path, not part and not accumulates(settings))


def accumulates(settings: Hyperparameters) -> bool:
    """Tell whether a config says that gradients are, or may be, accumulated over batches."""
    named = any(_ACCUMULATED.search(path.lower()) for path in settings.recorded)
    return named and settings.number("accumulation") != 1


class Samples(NamedTuple):
    """How many samples there are to train on."""

    number: int
    updates: int
    """The updates in an epoch that they were counted by; 0 where the number is recorded."""


def samples_of(settings: Hyperparameters) -> int | None:
    """Return the number of training samples that a config records."""
    number = settings.number("samples")
    return int(number) if number is not None and number >= FEWEST else None


def counted_samples(run: RunView, batch: Batch) -> Samples | None:
    """Return the recorded number of training samples, or that which updates of a batch make.

    There must be a validation for each recorded epoch, evenly spaced by steps. Where only one step
    lies between two, the steps may be epochs. The rule must declare ``val/loss`` and
    ``val/metric``.
    """
    recorded, epochs = samples_of(run.settings), run.settings.number("epochs")
    if recorded is not None:
        return Samples(recorded, 0)
    curves = (run.get(key) for key in ("val/loss", "val/metric"))
    for curve in curves:
        if curve is None or curve.axis is not Axis.STEP or len(curve) != epochs or len(curve) < 2:
            continue
        between = np.diff(curve.steps)
        if between.min() == between.max() and between[0] > 1:
            return Samples(int(between[0]) * batch.size, int(between[0]))
    return None


def nearest_power(size: float) -> int:
    """Return the power of two that is nearest to a size, by ratio; 1 or more."""
    return int(2 ** max(round(math.log2(max(size, 1.0))), 0))
