"""Where dropout stands: at the output, after SELU, before batch norm. Told by what is passed on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd

from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

_KEEPS = (nn.AlphaDropout, nn.FeatureAlphaDropout)
"""Dropout that keeps the mean and the deviation that SELU makes."""


class _Passed:
    """What dropout got and gave, and who got that; tensors are held, so that each stays itself."""

    def __init__(self, model: nn.Module) -> None:
        self.kept: list[Tensor] = []
        self.after_selu: set[str] = set()
        self.before_norm: set[str] = set()
        self.outputs: dict[int, str] = {}
        self._selu: set[int] = set()
        self._hooks = [
            module.register_forward_hook(self._hook(name))
            for name, module in model.named_modules()
            if isinstance(module, (nn.SELU, _BatchNorm)) or _drops(module)
        ]

    def _hook(self, name: str) -> Callable[[nn.Module, Any, Any], None]:
        def seen(module: nn.Module, given: Any, out: Any) -> None:
            if not given or not isinstance(out, Tensor):
                return
            self.kept += [out, given[0]]
            if isinstance(module, nn.SELU):
                self._selu.add(id(out))
            elif isinstance(module, _BatchNorm):
                self.before_norm |= {self.outputs.get(id(given[0]), "")} - {""}
            else:
                self.outputs[id(out)] = name
                if id(given[0]) in self._selu and not isinstance(module, _KEEPS):
                    self.after_selu.add(name)

        return seen

    def close(self) -> None:
        for hook in self._hooks:
            hook.remove()


def measure(subject: Subject, record: Record) -> None:
    """Report how many layers of dropout stand where they do harm, and their names."""
    model = subject.model()
    if not any(_drops(module) for module in model.modules()):
        raise NotProbed("the model has no dropout layer")
    passed = _Passed(model)
    outputs = subject.judged(model, subject.train(1)[0]).outputs
    passed.close()
    at_output = {passed.outputs.get(id(outputs), "")} - {""}
    for quantity, names in (
        ("output", at_output),
        ("after_selu", passed.after_selu),
        ("before_norm", passed.before_norm),
    ):
        record.point(quantity, len(names))
        record.fact(quantity, tuple(sorted(names)))


def _drops(module: nn.Module) -> bool:
    return isinstance(module, _DropoutNd) and module.p > 0
