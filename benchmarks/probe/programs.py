"""Programs with one planted fault each, and sound ones that look unusual."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal, NamedTuple

import torch
from torch import nn

from advisor_probe import ProbeTarget

from . import controls, faults
from .bases import BASES, Base, Optimize

FAR = 100.0
"""How far off a planted learning rate is."""

Kind = Literal["fault", "high", "low", "sound", "control"]


BEFORE_TRAINING = (
    "one-step",
    "initial-loss",
    "outputs",
    "inputs",
    "layers",
    "dropout-places",
    "loop",
    "evaluation",
)
"""The probes that see the user's own step."""
ABOUT_RATES = ("loop", "rates", "rate-choice")
ALL = (*BEFORE_TRAINING, "overfit", "generalization", "rates", "rate-choice")


class Program(NamedTuple):
    """A program, and the rules of which one must fire; none for a sound program."""

    name: str
    kind: Kind
    make: Callable[[], ProbeTarget]
    rules: tuple[str, ...] = ()
    battery: tuple[str, ...] = ALL


def programs() -> Iterator[Program]:
    """Yield all programs: faulty ones, wrong rates, sound ones and controls."""
    for base in BASES:
        yield Program(f"{base.name}: sound", "sound", base.target)
        for title, make in controls.of_step(base):
            yield Program(f"{base.name}: {title}", "control", make, battery=BEFORE_TRAINING)
        for title, make in controls.of_data(base):
            yield Program(f"{base.name}: {title}", "control", make)
        for title, make, rules in faults.of(base):
            yield Program(f"{base.name}: {title}", "fault", make, rules)
        for optimize, rate in base.suited.optimizers():
            yield from _rates(base, optimize, rate)
    for title, make, rules in faults.special():
        yield Program(title, "fault", make, rules)


def _rates(base: Base, optimize: Optimize, suited: float) -> Iterator[Program]:
    kinds: tuple[tuple[Kind, float], ...] = (("high", FAR), ("low", 1 / FAR))
    for kind, factor in kinds:
        name = f"{base.name}: {optimize.__name__} rate too {kind}"
        yield Program(name, kind, partial(at, base, optimize, suited * factor),
                      ("probe-lr-range", "probe-not-finite"), ABOUT_RATES)  # fmt: skip


def at(base: Base, optimize: Optimize, rate: float) -> ProbeTarget:
    """Return a program with an optimizer and its rate, which can be set."""

    def optimizer(model: nn.Module, settings: dict[str, float]) -> torch.optim.Optimizer:
        return optimize(model.parameters(), settings["lr"])

    return base.target(optimizer=optimizer, settings={"lr": rate})
