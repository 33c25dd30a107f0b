"""``ProbeTarget``: the only thing that a user writes to have a model probed.

Nothing here imports torch, so that a file with a target can be looked at without it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

Batch = Any
"""Whatever a loader yields: tensors in tuples, lists, mappings, dataclasses, however nested."""

TASKS = ("", "classification", "regression", "language model")
"""What ``ProbeTarget.task`` may say; empty means that the outputs and targets tell."""


class TargetError(Exception):
    """The target is not what it must be; the message says what was found and what is wanted."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ProbeTarget:
    """A model with its loss and data, as a probe trains it.

    Every factory (``model``, ``optimizer``, and ``train`` and ``val`` where they are functions)
    may take ``settings`` as one more argument: ``model=lambda s: Net(s["width"])``. A probe then
    varies them. Example::

        def target():
            return ProbeTarget(
                model=Net,
                loss=lambda model, batch: F.cross_entropy(model(batch[0]), batch[1]),
                train=DataLoader(...),
                val=DataLoader(...),
                optimizer=lambda model: torch.optim.Adam(model.parameters(), 1e-3),
            )
    """

    model: Callable[..., torch.nn.Module]
    """Makes a fresh model; called under a seed."""
    loss: Callable[..., Any]
    """``(model, batch)`` to a scalar loss, or to ``(loss, outputs, targets)``, which lets a probe
    check outputs against targets. Without them the model's own output is looked at, and the
    last tensor of the batch is taken for the targets where its shape allows it."""
    train: Iterable[Batch] | Callable[..., Iterable[Batch]]
    """Training batches: a loader, a list, or a function that returns one."""
    val: Iterable[Batch] | Callable[..., Iterable[Batch]] | None = None
    """Validation batches, likewise."""
    optimizer: Callable[..., torch.optim.Optimizer] | None = None
    """Makes the optimizer of a model; by default AdamW with its own settings."""
    step: Callable[..., Any] | None = None
    """The training step as it really is, ``(model, optimizer, batch)``: with it a probe sees
    whether gradients are cleared, clipped and accumulated as meant."""
    evaluate: Callable[..., Any] | None = None
    """The evaluation as it really is, ``(model, val)``: with it a probe sees whether the model
    is in evaluation mode."""
    task: str = ""
    """One of ``TASKS``."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What the factories may take, and what a probe may vary."""
    steps: int | None = None
    """How many steps the real training takes, if that is known."""

    def __post_init__(self) -> None:
        for name in ("model", "loss"):
            _must_be_callable(name, getattr(self, name))
        for name in ("optimizer", "step", "evaluate"):
            if getattr(self, name) is not None:
                _must_be_callable(name, getattr(self, name))
        for name in ("train", "val"):
            _must_be_data(name, getattr(self, name), optional=name == "val")
        if self.task not in TASKS:
            known = ", ".join(repr(task) for task in TASKS)
            raise TargetError(f"task is {self.task!r}; it must be one of {known}")
        if not isinstance(self.settings, Mapping):
            raise TargetError(f"settings is a {_kind(self.settings)}; a mapping is wanted")


def call(factory: Callable[..., Any], *given: Any, settings: Mapping[str, Any]) -> Any:
    """Call a factory of a target, with the settings if it takes one argument more."""
    return factory(*given, settings) if _takes(factory, len(given) + 1) else factory(*given)


def _takes(factory: Callable[..., Any], count: int) -> bool:
    """Tell whether a factory asks for ``count`` positional arguments: defaults do not ask."""
    try:
        parameters = inspect.signature(factory).parameters.values()
    except (TypeError, ValueError):
        return False
    asked = [
        p
        for p in parameters
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) and p.default is p.empty
    ]
    return len(asked) >= count


def _must_be_callable(name: str, value: object) -> None:
    if not callable(value):
        raise TargetError(f"{name} is a {_kind(value)}; a function is wanted")


def _must_be_data(name: str, value: object, *, optional: bool) -> None:
    if (value is None and optional) or callable(value) or isinstance(value, Iterable):
        return
    if hasattr(value, "__getitem__"):
        return
    raise TargetError(f"{name} is a {_kind(value)}; a loader, a list of batches or a function")


def _kind(value: object) -> str:
    return type(value).__name__
