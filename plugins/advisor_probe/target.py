"""``ProbeTarget``: the only thing that a user writes to have a model probed.

Nothing here imports torch, so that a file with a target can be looked at without it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from advisor.text import told

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

    Every function of it may take ``settings``, as one more argument or as one of that name:
    ``model=lambda s: Net(s["width"])``, ``loss=lambda model, batch, s: ...``. A probe then varies
    them. Example::

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
    """What the functions may take, and what a probe may vary, by name: plain values, nested or
    not. What is there under a usual name (``hidden_size``, ``num_layers``, ``dropout`` …) is known
    for what it is."""
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
            text = "task is '{task:given}'; it must be one of {known:given}"
            raise TargetError(told(text, task=self.task, known=known))
        if not isinstance(self.settings, Mapping):
            text = "settings is a {kind:given}; a mapping is wanted"
            raise TargetError(told(text, kind=_kind(self.settings)))
        if unnamed := [key for key in self.settings if not isinstance(key, str)]:
            text = "settings has the key {key:given}; names are wanted"
            raise TargetError(told(text, key=repr(unnamed[0])))
        for name, function in self._functions():
            _must_fit(name, function)

    def varies(self) -> bool:
        """Tell whether any function of the target takes the settings."""
        return any(_wish(function, len(GIVEN[name])) for name, function in self._functions())

    def _functions(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        for name in GIVEN:
            value = getattr(self, name)
            if callable(value):
                yield name, value


GIVEN: Mapping[str, tuple[str, ...]] = {
    "model": (),
    "loss": ("model", "batch"),
    "train": (),
    "val": (),
    "optimizer": ("model",),
    "step": ("model", "optimizer", "batch"),
    "evaluate": ("model", "val"),
}
"""The functions of a target, and what each is called with, apart from the settings."""

_NAME = "settings"


def call(factory: Callable[..., Any], *given: Any, settings: Mapping[str, Any]) -> Any:
    """Call a function of a target, with the settings if it takes them."""
    return with_settings(factory, len(given), settings)(*given)


def with_settings(
    factory: Callable[..., Any], given: int, settings: Mapping[str, Any]
) -> Callable[..., Any]:
    """Return a function of a target that needs ``given`` arguments and no settings any more."""
    match _wish(factory, given):
        case "by name":
            return partial(factory, settings=settings)
        case "by place":
            return lambda *arguments: factory(*arguments, settings)
        case _:
            return factory


def _wish(factory: Callable[..., Any], given: int) -> Literal["by name", "by place", ""]:
    """Tell how a function asks for the settings: defaults do not ask, but for that name."""
    try:
        parameters = inspect.signature(factory).parameters
    except (TypeError, ValueError):
        return ""
    places = [
        p for p in parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    named = parameters.get(_NAME)
    if named is not None and named not in places[:given] and named.kind in _BY_NAME:
        return "by name"
    asked = [p for p in places if p.default is p.empty]
    return "by place" if len(asked) > given else ""


_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def _must_fit(name: str, function: Callable[..., Any]) -> None:
    """Raise ``TargetError`` if a function cannot be called with what it is to be given."""
    given: tuple[str, ...] = GIVEN[name]
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    wish = _wish(function, len(given))
    more = (None,) if wish == "by place" else ()
    try:
        signature.bind(*given, *more, **({_NAME: None} if wish == "by name" else {}))
    except TypeError as error:
        text = (
            "{name:given} cannot be called as {call:given}, nor with the settings besides: "
            "{why:given}"
        )
        call = f"{name}({', '.join(given)})"
        raise TargetError(told(text, name=name, call=call, why=str(error))) from error


def _must_be_callable(name: str, value: object) -> None:
    if not callable(value):
        text = "{name:given} is a {kind:given}; a function is wanted"
        raise TargetError(told(text, name=name, kind=_kind(value)))


def _must_be_data(name: str, value: object, *, optional: bool) -> None:
    if (value is None and optional) or callable(value) or isinstance(value, Iterable):
        return
    if hasattr(value, "__getitem__"):
        return
    text = "{name:given} is a {kind:given}; a loader, a list of batches or a function is wanted"
    raise TargetError(told(text, name=name, kind=_kind(value)))


def _kind(value: object) -> str:
    return type(value).__name__
