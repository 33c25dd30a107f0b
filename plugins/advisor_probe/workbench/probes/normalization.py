"""Batch norm before the hidden activations of a model without normalization."""

from __future__ import annotations

from torch import nn

from advisor.text import told
from advisor_probe.workbench.batches import size
from advisor_probe.workbench.comparison import Arm, compare
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject
from advisor_probe.workbench.surgery import (
    NORMALIZATIONS,
    Hidden,
    depth,
    hidden_activations,
    replacing,
)

SMALLEST = 8
"""A batch of fewer samples has no statistics worth the name."""
_NORMS = {2: nn.BatchNorm1d, 3: nn.BatchNorm1d, 4: nn.BatchNorm2d, 5: nn.BatchNorm3d}
"""By the dimensions of what is normalized."""


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses without normalization, and with batch norm."""
    if any(isinstance(module, NORMALIZATIONS) for module in subject.model().modules()):
        raise NotProbed("the model is normalized already")
    if size(subject.train(1)[0]) < SMALLEST:
        raise NotProbed(told("a batch has fewer than {fewest:step} samples", fewest=SMALLEST))
    hidden = [place for place in hidden_activations(subject) if _fits(place)]
    if not hidden:
        raise NotProbed("no activation follows a layer whose features can be normalized")
    record.point("depth", depth(subject))
    normed = replacing(hidden, lambda place, old: nn.Sequential(_norm(place), old))
    arms = [Arm("user", subject.optimizer), Arm("norm", subject.optimizer, normed)]
    compare(subject, record, arms)


def _fits(place: Hidden) -> bool:
    """Tell whether the features are the second dimension, and the statistics of one place."""
    second = place.dimensions == 2 or (place.convolved and place.dimensions in _NORMS)
    return place.once and second


def _norm(place: Hidden) -> nn.Module:
    return _NORMS[place.dimensions](place.features)
