"""A target made ready for one probe: seeded, on its device, and checked where it is used."""

from __future__ import annotations

import copy
import dataclasses
import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from advisor.text import told
from advisor_probe.target import Batch, ProbeTarget, TargetError, call, with_settings
from advisor_probe.workbench.batches import leaves, rows, size, to

KEPT_BYTES = 256 << 20
"""Batches are kept up to this size, so that every training of a probe sees the same ones."""

_TARGET_KEYS = ("labels", "label", "targets", "target", "y")


class Loss(NamedTuple):
    """A loss with what it was computed from, where that is known."""

    value: Tensor
    """A scalar."""
    outputs: Tensor | None
    targets: Tensor | None


class Subject:
    """The user's target under a seed; ``spent`` counts the forward passes that were made."""

    def __init__(self, target: ProbeTarget, device: str, seed: int, shrink: int = 1) -> None:
        self.target, self.seed = target, seed
        self.device = torch.device(_chosen(device))
        self.spent = 0
        self._shrink = shrink
        self._kept: dict[str, list[Batch]] = {}
        # Looked at once: to ask a function for its arguments takes as long as a layer of it.
        self._of_batch = with_settings(target.loss, 2, target.settings)

    def model(self, offset: int = 0, **settings: Any) -> nn.Module:
        """Make a fresh model in training mode; ``offset`` gives it another seed."""
        seed_all(self.seed + offset)
        made = call(self.target.model, settings=self.settings(settings))
        if not isinstance(made, nn.Module):
            text = "model() returned a {kind:given}, not a torch.nn.Module"
            raise TargetError(told(text, kind=type(made).__name__))
        model = copy.deepcopy(made).to(self.device).train()
        if any(isinstance(p, nn.UninitializedParameter) for p in model.parameters()):
            with torch.no_grad():
                self.loss(model, self.train(1)[0])
        return model

    def optimizer(self, model: nn.Module, **settings: Any) -> torch.optim.Optimizer:
        """Make the optimizer of a model."""
        if self.target.optimizer is None:
            return torch.optim.AdamW(model.parameters())
        made = call(self.target.optimizer, model, settings=self.settings(settings))
        if not isinstance(made, torch.optim.Optimizer):
            kind = type(made).__name__
            text = "optimizer(model) returned a {kind:given}, not a torch optimizer"
            raise TargetError(told(text, kind=kind))
        return made

    def varied(self, settings: Mapping[str, Any]) -> Subject:
        """Return the same target under other settings; it counts its own forward passes."""
        target = dataclasses.replace(self.target, settings=settings)
        return Subject(target, str(self.device), self.seed, self._shrink)

    def settings(self, changes: dict[str, Any]) -> dict[str, Any]:
        """Return the settings of the target with some changed."""
        return {**self.target.settings, **changes}

    def train(self, count: int) -> list[Batch]:
        """Return training batches: the same ones each time, over again if there are too few."""
        return self._batches("train", count)

    def val(self, count: int) -> list[Batch]:
        """Return validation batches, at most ``count``; none if the target has none."""
        if self.target.val is None:
            return []
        return self._batches("val", count, again=False)

    def distinct(self, count: int) -> list[Batch]:
        """Return different training batches, at most ``count``."""
        return self._batches("train", count, again=False)

    def _batches(self, name: str, count: int, *, again: bool = True) -> list[Batch]:
        if len(self._kept.get(name, ())) < count:
            self._kept[name] = self._loaded(name, count)
        kept = self._kept[name]
        moved = [to(batch, self.device) for batch in kept[:count]]
        return list(itertools.islice(itertools.cycle(moved), count)) if again else moved

    def _loaded(self, name: str, count: int) -> list[Batch]:
        seed_all(self.seed)
        held, room = [], KEPT_BYTES
        for batch in itertools.islice(self.data(name), count):
            cut = rows(batch, slice(max(size(batch) // self._shrink, 1)))
            held.append(cut)
            room -= sum(leaf.numel() * leaf.element_size() for leaf in leaves(cut))
            if room < 0:
                break
        if not held:
            raise TargetError(told("{name:given} holds no batch", name=name))
        return held

    def loader(self, name: str) -> Any:
        """Return the target's own loader."""
        given = getattr(self.target, name)
        return call(given, settings=self.target.settings) if callable(given) else given

    def data(self, name: str) -> Iterator[Batch]:
        """Iterate over the target's own loader."""
        made = self.loader(name)
        try:
            return iter(made)
        except TypeError as error:
            text = "{name:given} is a {kind:given}, which yields nothing"
            raise TargetError(told(text, name=name, kind=type(made).__name__)) from error

    def loss(self, model: nn.Module, batch: Batch) -> Tensor:
        """Return the loss of a batch as a scalar with its graph."""
        self.spent += 1
        given = self._of_batch(model, batch)
        return _scalar(given[0] if isinstance(given, tuple) else given)

    def judged(self, model: nn.Module, batch: Batch) -> Loss:
        """Return the loss with outputs and targets: those that it names, or the likeliest."""
        self.spent += 1
        seen: list[Any] = []
        with model.register_forward_hook(lambda _model, _given, out: seen.append(out)):
            given = self._of_batch(model, batch)
        if not isinstance(given, tuple):
            outputs = _tensor(seen[-1]) if seen else None
            return Loss(_scalar(given), outputs, _targets(batch, outputs))
        value, outputs, targets = (*given, None, None)[:3]
        return Loss(_scalar(value), _tensor(outputs), _tensor(targets))

    def step(self, model: nn.Module, optimizer: torch.optim.Optimizer, batch: Batch) -> float:
        """Take one training step, the user's own where there is one; return its loss."""
        if self.target.step is None:
            return self.plain_step(model, optimizer, batch)
        self.spent += 1
        given = call(self.target.step, model, optimizer, batch, settings=self.target.settings)
        return as_number("step(model, optimizer, batch)", given)

    def plain_step(self, model: nn.Module, optimizer: torch.optim.Optimizer, batch: Batch) -> float:
        """Take one training step as the text book has it; return the loss before it."""

        def closure() -> float:
            optimizer.zero_grad()
            loss = self.loss(model, batch)
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            return float(loss.detach())

        if isinstance(optimizer, torch.optim.LBFGS):
            return float(optimizer.step(closure))  # type: ignore[no-untyped-call]  # torch's own
        value = closure()
        optimizer.step()
        return value

    def evaluate(self, model: nn.Module, batches: Sequence[Batch]) -> float:
        """Return the mean loss over batches, in evaluation mode and without gradients."""
        model.eval()
        with torch.no_grad():
            total = [float(self.loss(model, batch)) for batch in batches]
        model.train()
        return float(np.mean(total))


def seed_all(seed: int) -> None:
    """Seed every source of random numbers that a program is likely to use."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002  # the user's code may use the old functions
    torch.manual_seed(seed)


def samples(batches: Iterable[Batch]) -> int:
    """Return how many samples some batches hold."""
    return sum(size(batch) for batch in batches)


def _chosen(device: str) -> str:
    if device != "auto":
        return device
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _scalar(value: Any) -> Tensor:
    if not isinstance(value, Tensor):
        kind = type(value).__name__
        text = "loss(model, batch) returned a {kind:given}; a tensor with one value is wanted"
        raise TargetError(told(text, kind=kind))
    if value.numel() != 1:
        shape = tuple(value.shape)
        text = "loss(model, batch) returned a tensor of shape {shape:given}; take its mean"
        raise TargetError(told(text, shape=str(shape)))
    return value.reshape(())


def as_number(what: str, value: Any) -> float:
    """Return a user's result as a number: of several the first; none says nothing: NaN."""
    first: Any = value
    if isinstance(value, dict):
        first = next(iter(value.values()), None)
    elif isinstance(value, list | tuple):
        first = next(iter(value), None)
    if first is None:
        return float("nan")
    try:
        return float(first)
    except (TypeError, ValueError, RuntimeError) as error:
        kind = type(first).__name__
        text = "{what:given} returned a {kind:given}; a number is wanted"
        raise TargetError(told(text, what=what, kind=kind)) from error


def _tensor(value: Any) -> Tensor | None:
    """Return the tensor that a model's output is, or that Hugging Face's hold as ``logits``."""
    if isinstance(value, Tensor):
        return value
    logits = getattr(value, "logits", None)
    return logits if isinstance(logits, Tensor) else None


def _targets(batch: Batch, outputs: Tensor | None) -> Tensor | None:
    """Return what of a batch is the targets: by its key, or its last tensor if as many rows."""
    if outputs is None:
        return None
    if isinstance(batch, dict):
        found = next((batch[key] for key in _TARGET_KEYS if key in batch), None)
    else:
        parts = list(leaves(batch))
        found = parts[-1] if len(parts) > 1 else None
    fits = isinstance(found, Tensor) and found.ndim and found.shape[0] == outputs.shape[0]
    return found if fits else None
