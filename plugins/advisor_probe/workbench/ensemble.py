"""Several trainings of one model at once: other seeds, other rates, the same batches.

``Separate`` trains them one by one. ``Stacked`` holds the weights of all in one tensor a
parameter and trains them in one batched pass (``torch.func``). Both give equal results; which
is faster depends on model and machine, so ``train_together`` tries three steps of each.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from advisor_probe.target import Batch
from advisor_probe.workbench.batches import size
from advisor_probe.workbench.subject import Subject, seed_all

Optimize = Callable[[nn.Module], torch.optim.Optimizer]
Prepare = Callable[[nn.Module], None]

TOLERANCE = 1e-3
"""Relative difference of a loss after two steps up to which both ways count as equal."""
TRIED = 3
"""Steps that are timed of each way."""
FEW = 4
"""Members that suffice to time those that are trained one by one."""
TEST_MEMBERS, TEST_STEPS = 2, 2


class Member(NamedTuple):
    """One training: the seed of its model, and what its rate is in relation to the optimizer's."""

    seed: int = 0
    rate: float = 1.0


class Ensemble(Protocol):
    """Trainings that go on in step."""

    def step(self, batch: Batch, factor: float = 1.0) -> Tensor:
        """Take one step of every member; return the losses before it, ``float[members]``.

        ``factor`` multiplies all rates, for a schedule.
        """
        ...

    def evaluate(self, batches: Sequence[Batch]) -> Tensor:
        """Return the mean loss of every member in evaluation mode, ``float[members]``."""
        ...

    def models(self) -> list[nn.Module]:
        """Return a model with the weights of each member."""
        ...


class Separate:
    """Members that are trained one by one."""

    def __init__(
        self, subject: Subject, members: Sequence[Member], optimize: Optimize, prepare: Prepare
    ) -> None:
        self._subject = subject
        made = _by_seed(subject, members, prepare)
        self._models = [copy.deepcopy(made[member.seed]) for member in members]
        self._optimizers = [optimize(model) for model in self._models]
        self._rates = [member.rate for member in members]
        self._base = [[g["lr"] for g in one.param_groups] for one in self._optimizers]

    def step(self, batch: Batch, factor: float = 1.0) -> Tensor:
        """Take one step of every member, each under its own rate."""
        losses = []
        for place, (model, optimizer) in enumerate(
            zip(self._models, self._optimizers, strict=True)
        ):
            for group, rate in zip(optimizer.param_groups, self._base[place], strict=True):
                group["lr"] = rate * self._rates[place] * factor
            losses.append(self._subject.plain_step(model, optimizer, batch))
        return torch.tensor(losses)

    def evaluate(self, batches: Sequence[Batch]) -> Tensor:
        """Return the mean loss of every member."""
        return torch.tensor([self._subject.evaluate(model, batches) for model in self._models])

    def models(self) -> list[nn.Module]:
        """Return the models themselves."""
        return self._models


class _LossModule(nn.Module):
    """The user's loss as a module, so that its parameters can be given from outside."""

    def __init__(self, model: nn.Module, subject: Subject) -> None:
        super().__init__()
        self.model = model
        object.__setattr__(self, "subject", subject)

    def forward(self, batch: Batch) -> Tensor:
        loss: Tensor = self.subject.loss(self.model, batch)  # type: ignore[operator,union-attr]  # set past nn.Module
        return loss


class Stacked:
    """Members whose weights are stacked, and that are trained in one batched pass.

    Each member has its own rate by scaling what the optimizer changed: exact for all optimizers
    that work element by element; ``equal`` finds out which do not.
    """

    def __init__(
        self, subject: Subject, members: Sequence[Member], optimize: Optimize, prepare: Prepare
    ) -> None:
        self._subject = subject
        made = _by_seed(subject, members, prepare)
        modules = {seed: _LossModule(model, subject) for seed, model in made.items()}
        parameters, buffers = stack_module_state([modules[member.seed] for member in members])
        self._parameters = {n: p.detach().clone().requires_grad_() for n, p in parameters.items()}
        self._buffers = {n: b.detach().clone() for n, b in buffers.items()}
        # A real model: on the meta device tied weights come apart without an error.
        self._base = modules[members[0].seed]
        self._models: list[nn.Module] = []
        self._optimizer = self._over_stack(optimize)
        self._rates = torch.tensor([m.rate for m in members], device=subject.device)

    def _over_stack(self, optimize: Optimize) -> torch.optim.Optimizer:
        """Make the optimizer of one model, and let it work on the stacked parameters instead."""
        optimizer = optimize(self._base.model)
        names = {id(p): name for name, p in self._base.named_parameters()}
        for group in optimizer.param_groups:
            group["params"] = [self._parameters[names[id(p)]] for p in group["params"]]
        return optimizer

    def step(self, batch: Batch, factor: float = 1.0) -> Tensor:
        """Take one step of every member."""
        self._base.train()
        losses = self._losses(batch)
        self._optimizer.zero_grad()
        losses.sum().backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        before = [p.detach().clone() for p in self._parameters.values()]
        self._optimizer.step()
        with torch.no_grad():
            for p, old in zip(self._parameters.values(), before, strict=True):
                scale = (self._rates * factor).view(-1, *[1] * (p.ndim - 1)).to(p.dtype)
                p.copy_(old + scale * (p - old))
        return losses.detach().cpu()

    def evaluate(self, batches: Sequence[Batch]) -> Tensor:
        """Return the mean loss of every member."""
        self._base.eval()
        with torch.no_grad():
            losses = [self._losses(batch) for batch in batches]
        return torch.stack(losses).mean(0).cpu()

    def models(self) -> list[nn.Module]:
        """Return models with the weights of the stack: the same ones at each call."""
        if not self._models:
            self._models = [copy.deepcopy(self._base.model) for _ in self._rates]
        for place, model in enumerate(self._models):
            stacked = (*self._parameters.items(), *self._buffers.items())
            state = {n.removeprefix("model."): p.detach()[place] for n, p in stacked}
            with torch.no_grad():
                for name, held in (*model.named_parameters(), *model.named_buffers()):
                    held.copy_(state[name])
        return self._models

    def _losses(self, batch: Batch) -> Tensor:
        self._subject.spent += len(self._rates) - 1

        def one(parameters: dict[str, Tensor], buffers: dict[str, Tensor]) -> Tensor:
            loss: Tensor = functional_call(self._base, (parameters, buffers), (batch,))
            return loss

        losses: Tensor = vmap(one, randomness="different")(self._parameters, self._buffers)
        return losses


def train_together(
    subject: Subject,
    members: Sequence[Member],
    optimize: Optimize,
    prepare: Prepare = lambda _model: None,
) -> Ensemble:
    """Return the members, untrained, in the way that is faster: stacked only where it is equal.

    Costs eight forward passes, and three of each member and of ``FEW`` that are timed alone.
    """
    batch = subject.train(1)[0]
    if not equal(subject, optimize, batch):
        return Separate(subject, members, optimize, prepare)
    spent = {}
    for way, trained in ((Separate, members[:FEW]), (Stacked, members)):
        seed_all(subject.seed)
        tried: Ensemble = way(subject, trained, optimize, prepare)
        tried.step(batch)
        # The shortest: whatever else the machine does can only make a step longer.
        shortest = min(_seconds(tried, batch) for _ in range(TRIED - 1))
        spent[way] = shortest * len(members) / len(trained)
    seed_all(subject.seed)
    return min(spent, key=lambda way: spent[way])(subject, members, optimize, prepare)


def _seconds(ensemble: Ensemble, batch: Batch) -> float:
    began = time.perf_counter()
    ensemble.step(batch)
    return time.perf_counter() - began


def equal(subject: Subject, optimize: Optimize, batch: Batch) -> bool:
    """Tell whether a stack trains as separate models do: two members, two steps, without dropout.

    ``False`` also where the model cannot be stacked: it looks at its values in Python, or has
    statistics over whole tensors in its optimizer.
    """
    members = [Member(0, 1.0), Member(1, 0.5)][:TEST_MEMBERS]
    if not size(batch):
        return False
    results = []
    for way in (Separate, Stacked):
        try:
            seed_all(subject.seed)
            tried: Ensemble = way(subject, members, optimize, undropped)
            losses = [tried.step(batch) for _ in range(TEST_STEPS)]
        except (RuntimeError, ValueError, KeyError, TypeError, NotImplementedError):
            if way is Separate:
                raise
            return False
        results.append(torch.stack(losses))
    return bool(torch.allclose(results[0], results[1], rtol=TOLERANCE, atol=1e-6))


def undropped(model: nn.Module) -> None:
    """Switch off dropout; batch normalization goes on as in training."""
    for module in model.modules():
        if "Dropout" in type(module).__name__:
            module.p = 0.0  # type: ignore[assignment]  # every dropout of torch has a number p


def _by_seed(subject: Subject, members: Sequence[Member], prepare: Prepare) -> dict[int, nn.Module]:
    """Return a prepared model for each seed: members of the same seed begin as the same one."""
    made = {}
    for seed in dict.fromkeys(member.seed for member in members):
        made[seed] = subject.model(seed)
        prepare(made[seed])
    return made
