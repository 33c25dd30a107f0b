"""Which learning rate suits each program: the middle of those that do well.

    .venv/bin/python -m benchmarks.probe.suited

Each program trains for 300 steps with a cosine decay at rates half a decade apart. Those count
as good that reach at least 95 % of what the best one gains on held-out data. ``bases.py`` holds
the geometric middle of the good ones, from which planted rates are 100 times off.
"""

from __future__ import annotations

import math

import torch

from .bases import BASES, Base, Optimize

STEPS = 300
RATES = tuple(10 ** (half / 2) for half in range(-8, 4))
GOOD = 0.95


def main() -> None:
    """Print the good rates of each program under each of its optimizers, and their middle."""
    torch.set_num_threads(1)
    for base in BASES:
        for optimize, _ in base.suited.optimizers():
            good = good_rates(base, optimize)
            middle = 10 ** (sum(map(math.log10, good)) / len(good))
            shown = ", ".join(f"{rate:.2g}" for rate in good)
            print(f"{base.name:32} {optimize.__name__:8} {middle:.2g} of {shown}", flush=True)


def good_rates(base: Base, optimize: Optimize) -> list[float]:
    """Return the rates that gain nearly as much as the best one."""
    held = base.batches(320, 1)
    torch.manual_seed(0)
    untrained = base.evaluate(base.model(), held)
    ends = {rate: ended(base, optimize, rate) for rate in RATES}
    needed = untrained - GOOD * (untrained - min(ends.values()))
    return [rate for rate, loss in ends.items() if loss <= needed]


def ended(base: Base, optimize: Optimize, rate: float) -> float:
    """Return the held-out loss that a training ends with; infinite where it diverged."""
    torch.manual_seed(0)
    model, batches = base.model(), base.batches()
    optimizer = optimize(model.parameters(), rate)
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * step / STEPS))
        base.step(model, optimizer, batches[step % len(batches)])
    loss = base.evaluate(model, base.batches(320, 1))
    return loss if math.isfinite(loss) else math.inf


if __name__ == "__main__":
    main()
