"""What is lost by following each tool's learning rate, against the best of 13 rates.

    PYTHONPATH=.env-probe-peers .venv/bin/python -m benchmarks.probe.regret [WORD ...]

36 cells (six data sets, three architectures, two optimizers), three seeds. Each suggestion is
trained for 400 steps with a cosine decay, beside 13 rates from 1e-5 to 10. The regret of a
suggestion is its test loss above that of the rate that is best over the seeds, as a share of
what that one gains over guessing; at most 1. A row is added to ``results/regret.csv`` for each
cell: started again, it goes on where it ended.
"""

from __future__ import annotations

import math
import sys
import time
import warnings
from collections.abc import Sequence

import numpy as np
import torch

from advisor_probe.workbench.ensemble import Member, Stacked, undropped
from advisor_probe.workbench.subject import Subject

from .cells import Cell, cells
from .rate_rules import RULES
from .rows import fill

NAME = "regret"
SEEDS, STEPS = 3, 400
RATES = tuple(np.geomspace(1e-5, 10, 13).tolist())


def main(words: list[str]) -> None:
    """Measure the cells whose names hold all ``words`` and that have no row yet."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    fill(NAME, {cell.name: cell for cell in cells()}, words, _measured)


def _measured(cell: Cell) -> dict[str, str]:
    """Return the suggested rates of a cell, and what following them costs."""
    began = time.perf_counter()
    suggested = {
        title: [suggest(cell, seed) for seed in range(SEEDS)] for title, suggest in RULES.items()
    }
    members = [Member(seed, rate) for rate in RATES for seed in range(SEEDS)]
    members += [
        Member(seed, rate) for rates in suggested.values() for seed, rate in enumerate(rates)
    ]
    losses = _trained(cell, members).reshape(-1, SEEDS)
    tried, followed = losses[: len(RATES)].mean(1), losses[len(RATES) :]
    best = int(np.argmin(tried))
    row = {"name": cell.name, "guessing": _short(cell.guessing()), "best_rate": _short(RATES[best]),
           "best_loss": _short(float(tried[best]))}  # fmt: skip
    for (title, rates), ended in zip(suggested.items(), followed, strict=True):
        row |= {f"{title} rates": _listed(rates), f"{title} losses": _listed(ended.tolist())}
    row["seconds"] = f"{time.perf_counter() - began:.0f}"
    print(*row.values(), sep="; ", flush=True)
    return row


def _trained(
    cell: Cell, members: Sequence[Member]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the test loss of each member after a training; that of one gone astray is huge."""
    subject = Subject(cell.target(), "cpu", 0)
    factors = [member._replace(rate=member.rate / cell.default) for member in members]
    together = Stacked(subject, factors, subject.optimizer, undropped)
    for step, batch in enumerate(subject.train(STEPS)):
        together.step(batch, 0.5 * (1 + math.cos(math.pi * step / STEPS)))
    losses = together.evaluate(cell.tests()).double().numpy()
    return np.asarray(np.nan_to_num(losses, nan=1e6, posinf=1e6))


def _listed(values: Sequence[float]) -> str:
    return " ".join(map(_short, values))


def _short(value: float) -> str:
    return f"{value:.4g}"


if __name__ == "__main__":
    main(sys.argv[1:])
