"""Changing a model whose code is not ours: its hidden activations, found by watching a pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.conv import _ConvNd
from torch.nn.modules.instancenorm import _InstanceNorm

from advisor_probe.workbench.ensemble import Prepare
from advisor_probe.workbench.record import NotProbed
from advisor_probe.workbench.subject import Subject

WEIGHTED = (nn.Linear, _ConvNd)
ACTIVATIONS = (
    nn.ReLU, nn.ReLU6, nn.LeakyReLU, nn.PReLU, nn.RReLU, nn.ELU, nn.CELU, nn.SELU, nn.GELU, nn.SiLU,
    nn.Mish, nn.Softplus, nn.Hardswish, nn.Tanh, nn.Sigmoid,
)  # fmt: skip
NORMALIZATIONS = (_BatchNorm, _InstanceNorm, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm)

Make = Callable[["Hidden", nn.Module], nn.Module]
"""From a hidden activation and its module to what stands there instead."""


class Hidden(NamedTuple):
    """An activation between two layers with weights."""

    name: str
    features: int
    """Outputs of the layer before it."""
    dimensions: int
    """Dimensions of what it gets, the batch among them."""
    convolved: bool
    """Whether a convolution is before it: the features are then the second dimension."""
    once: bool
    """Whether the same module is used at one place only."""


def hidden_activations(subject: Subject) -> tuple[Hidden, ...]:
    """Return the activations that are modules of their own. Raises ``NotProbed`` without any."""
    model = subject.model()
    calls: list[tuple[str, nn.Module, int]] = []
    hooks = [
        module.register_forward_hook(_noting(name, calls))
        for name, module in model.named_modules()
        if isinstance(module, (*WEIGHTED, *ACTIVATIONS))
    ]
    with torch.no_grad():
        subject.loss(model, subject.train(1)[0])
    for hook in hooks:
        hook.remove()
    found = tuple(_between(calls))
    if not found:
        raise NotProbed("no activation between two layers is a module of its own")
    return found


def _noting(
    name: str, calls: list[tuple[str, nn.Module, int]]
) -> Callable[[nn.Module, Any, Any], None]:
    def note(module: nn.Module, _given: Any, out: Any) -> None:
        if isinstance(out, Tensor):
            calls.append((name, module, out.ndim))

    return note


def _between(calls: Sequence[tuple[str, nn.Module, int]]) -> Sequence[Hidden]:
    """Return the activations after one layer and before another, each once."""
    weighted = [place for place, call in enumerate(calls) if isinstance(call[1], WEIGHTED)]
    names = [name for name, _, _ in calls]
    found: dict[str, Hidden] = {}
    for place, (name, module, dimensions) in enumerate(calls):
        before = [at for at in weighted if at < place]
        if isinstance(module, ACTIVATIONS) and before and place < weighted[-1]:
            layer = calls[before[-1]][1]
            seen = Hidden(
                name,
                features=_features(layer),
                dimensions=dimensions,
                convolved=isinstance(layer, _ConvNd),
                once=names.count(name) == 1,
            )
            found.setdefault(name, seen)
    return list(found.values())


def _features(layer: nn.Module) -> int:
    if isinstance(layer, _ConvNd):
        return layer.out_channels
    return layer.out_features if isinstance(layer, nn.Linear) else 0


def replacing(places: Sequence[Hidden], make: Make) -> Prepare:
    """Return what puts something else in the place of each hidden activation of a model."""

    def prepare(model: nn.Module) -> None:
        device = next(model.parameters()).device
        for place in places:
            above, _, last = place.name.rpartition(".")
            old = model.get_submodule(place.name)
            setattr(model.get_submodule(above), last, make(place, old).to(device))

    return prepare


def depth(subject: Subject) -> int:
    """Return how many layers with weights a model has."""
    return sum(isinstance(module, WEIGHTED) for module in subject.model().modules())
