"""Weight decay and learning rate, searched together: none, the user's, and more."""

from __future__ import annotations

import torch
from torch import nn

from advisor.text import told
from advisor_probe.workbench.comparison import Arm, compare
from advisor_probe.workbench.ensemble import Optimize
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

KEY = "weight_decay"
TIMES = 10.0
FIRST = {"AdamW": 1e-1}
USUAL = 1e-3
"""What is tried for a decay that is off: larger where it is decoupled from the gradient."""


def measure(subject: Subject, record: Record) -> None:
    """Report held-out losses under two or three decays, each at its best rate."""
    optimizer = subject.optimizer(subject.model())
    if not all(isinstance(group.get(KEY), int | float) for group in optimizer.param_groups):
        name = type(optimizer).__name__
        raise NotProbed(told("the optimizer {name:given} has no weight decay", name=name))
    own = max(float(group[KEY]) for group in optimizer.param_groups)
    more = TIMES * own if own else FIRST.get(type(optimizer).__name__, USUAL)
    arms = [Arm("user", subject.optimizer), Arm("more", _decayed(subject.optimizer, own, more))]
    if own:
        arms.append(Arm("none", _decayed(subject.optimizer, own, 0.0)))
    for name, value in (("user", own), ("more", more), ("none", 0.0)):
        record.fact(f"{name}_decay", value)
    compare(subject, record, arms)


def _decayed(optimize: Optimize, own: float, wanted: float) -> Optimize:
    """Return what makes the same optimizer with another decay, where it decays at all."""

    def made(model: nn.Module) -> torch.optim.Optimizer:
        optimizer = optimize(model)
        for group in optimizer.param_groups:
            if group[KEY] or not own:
                group[KEY] = group[KEY] / own * wanted if own else wanted
        return optimizer

    return made
