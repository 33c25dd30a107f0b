"""One batch forward and backward: what each layer of an untrained model passes on."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd

from advisor_probe.workbench.record import NotProbed, Record, log10
from advisor_probe.workbench.subject import Subject

NAMED = 60
"""So many layers are named."""

_WEIGHTED = (nn.Linear, _ConvNd)
_CUT = (nn.ReLU, nn.ReLU6)
"""Activations of which a unit can be dead: never above zero, so without a gradient."""
_FLAT = (nn.Sigmoid, nn.Tanh)


class _Watch:
    """The layers in the order in which a forward pass goes through them, and what they gave."""

    def __init__(self, model: nn.Module) -> None:
        self.weighted: dict[str, nn.Module] = {}
        self.cut: dict[str, Tensor] = {}
        self.flat: dict[str, Tensor] = {}
        self._hooks = [
            module.register_forward_hook(self._hook(name))
            for name, module in model.named_modules()
            if isinstance(module, (*_WEIGHTED, *_CUT, *_FLAT))
        ]

    def _hook(self, name: str) -> Callable[[nn.Module, Any, Any], None]:
        def seen(module: nn.Module, _given: Any, out: Any) -> None:
            if isinstance(module, _WEIGHTED):
                self.weighted.setdefault(name, module)
            elif isinstance(out, Tensor):
                (self.cut if isinstance(module, _CUT) else self.flat)[name] = out.detach()

        return seen

    def close(self) -> None:
        for hook in self._hooks:
            hook.remove()


def measure(subject: Subject, record: Record) -> None:
    """Report gradients, weights and activations by layer."""
    model = subject.model()
    watch = _Watch(model)
    subject.loss(model, subject.train(1)[0]).backward()  # type: ignore[no-untyped-call]  # torch
    watch.close()
    reached = {n: m for n, m in watch.weighted.items() if _gradient(m) is not None}
    if len(reached) < 2:
        raise NotProbed("fewer than two linear or convolutional layers have a gradient")
    _report_weights(reached, record)
    if watch.cut:
        record.curve("positive", [float((out > 0).float().mean()) for out in watch.cut.values()])
        record.fact("cut", tuple(watch.cut)[:NAMED])
    if watch.flat:
        record.curve("spread", [_spread(out) for out in watch.flat.values()])
        record.fact("flat", tuple(watch.flat)[:NAMED])


def _report_weights(layers: dict[str, nn.Module], record: Record) -> None:
    gradients = [_rms(g) for m in layers.values() if (g := _gradient(m)) is not None]
    gains = [_gain(module) for module in layers.values()]
    record.curve("gradient", gradients)
    record.curve("gain", gains)
    record.fact("names", tuple(layers)[:NAMED])
    record.point("first_to_last", log10(gradients[0]) - log10(gradients[-1]))


def _gradient(module: nn.Module) -> Tensor | None:
    weight = module.weight
    return weight.grad if isinstance(weight, Tensor) else None


def _gain(module: nn.Module) -> float:
    """Return rms(W) * sqrt(fan in): 1 keeps the variance, sqrt(2) is He's for ReLU."""
    weight = module.weight
    if not isinstance(weight, Tensor) or not weight.numel():
        return 1.0
    return _rms(weight.detach()) * math.sqrt(weight[0].numel())


def _rms(values: Tensor) -> float:
    return float(values.double().square().mean().sqrt())


def _spread(out: Tensor) -> float:
    """Return how much units differ between samples: the mean deviation of a unit."""
    return float(out.double().std(0).mean()) if len(out) > 1 else 1.0
