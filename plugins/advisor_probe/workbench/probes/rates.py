"""Where the user's learning rate lies: a range test, and short trainings around it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from advisor.run import Floats
from advisor_probe.workbench.ensemble import Ensemble, Member, train_together
from advisor_probe.workbench.ranges import diverged_at, range_test, valley
from advisor_probe.workbench.record import Record
from advisor_probe.workbench.subject import Subject

POWERS = tuple(half / 2 for half in range(-6, 7))
"""Rates around the user's, as powers of ten of it."""
STEPS, LONGEST = 50, 150
"""A sweep in which no rate has learned anything after 50 steps says nothing: it goes on."""
LEARNED = 0.9
"""Share of the first loss below which a training has learned something."""
LAST = 8
WITHIN = 1.1
"""Rates whose loss is within this factor of the best count as equally good."""


def measure(subject: Subject, record: Record) -> None:
    """Report the range test, and the losses that short trainings at thirteen rates end with."""
    rate = float(subject.optimizer(subject.model()).param_groups[0]["lr"])
    record.fact("rate", rate)
    rates, losses = range_test(subject, record)
    record.curve("range_rate", rates.tolist())
    record.curve("range_loss", losses.tolist())
    record.point("valley", valley(rates, losses))
    record.point("limit", diverged_at(rates))
    members = [Member(rate=10**power) for power in POWERS]
    ensemble = train_together(subject, members, subject.optimizer)
    run = _swept(subject, ensemble)
    record.fact("way", type(ensemble).__name__.lower())
    record.fact("steps", len(run))
    ends = _ends(run)
    record.curve("rate", [rate * 10**power for power in POWERS])
    record.curve("end", ends.tolist())
    record.point("start", float(np.nanmedian(run[0])))
    record.point("middle", _middle(ends))
    record.point("gain", float(ends[len(POWERS) // 2] / max(ends.min(), 1e-12)))


def _swept(subject: Subject, ensemble: Ensemble) -> Floats:
    """Train until a rate has learned something; return ``float64[steps, members]`` of losses."""
    losses: list[Tensor] = []
    for step, batch in enumerate(subject.train(LONGEST), 1):
        losses.append(ensemble.step(batch))
        if step % STEPS == 0 and _learned(torch.stack(losses).double().numpy()):
            break
    return np.asarray(torch.stack(losses).double().numpy())


def _learned(run: Floats) -> bool:
    """Tell whether a rate ends well below where the lowest one, which hardly moves, began."""
    start = float(run[:LAST, 0].mean())
    return float(_ends(run).min()) < start - (1 - LEARNED) * abs(start)


def _ends(run: Floats) -> Floats:
    """Return the mean of each member's last steps; a huge number where it is not finite."""
    last = np.nan_to_num(run[-LAST:], nan=1e6, posinf=1e6, neginf=-1e6)
    return np.asarray(np.clip(last.mean(0), -1e6, 1e6))


def _middle(ends: Floats) -> float:
    """Return log10 of the geometric middle of the good rates, in relation to the user's."""
    best = ends.min()
    good = ends <= best + (WITHIN - 1) * abs(best) + 1e-12
    return float(np.mean(np.array(POWERS)[good]))
