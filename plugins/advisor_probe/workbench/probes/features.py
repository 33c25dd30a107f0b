"""What each column of a table is worth, in training and beyond: at its mean, how much is lost.

At its mean a column tells nothing. One that is merely dealt anew goes on misleading a model that
relies on it, so that a pattern which never held beyond training would cost nothing there.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from advisor.text import told
from advisor_probe.target import Batch
from advisor_probe.workbench.batches import leaves, mapped
from advisor_probe.workbench.comparison import HELD, STEPS, Arm, held_out, trained
from advisor_probe.workbench.probes.inputs import place_of_inputs
from advisor_probe.workbench.record import NotProbed, Record
from advisor_probe.workbench.subject import Subject

COLUMNS = 24
"""So many columns are looked at, from the first."""
FEWEST = 4
"""Batches of held-out data below which nothing can be said of their noise."""


def measure(subject: Subject, record: Record) -> None:
    """Report how much the losses rise with each column at its mean, seed by seed and by batch."""
    train, held = subject.distinct(HELD), held_out(subject)
    place, means = _table(subject)
    if len(held) < FEWEST:
        text = "the target has fewer than {fewest:step} batches of validation data"
        raise NotProbed(told(text, fewest=FEWEST))
    arm = Arm("user", subject.optimizer)
    models = trained(subject, arm, 1.0, subject.train(STEPS)).models()
    record.point("columns", len(means))
    for name, batches in (("train", train), ("held", held)):
        plain = _losses(subject, models, batches)
        record.point(f"{name}_loss", float(plain.mean()))
        rises = [
            _losses(subject, models, [_at_mean(b, place, column, mean) for b in batches]) - plain
            for column, mean in enumerate(means[:COLUMNS])
        ]
        record.curve(f"{name}_by_seed", _flat([rise.mean(1) for rise in rises]))
        record.curve(f"{name}_by_batch", _flat([rise.mean(0) for rise in rises]))


def _table(subject: Subject) -> tuple[int, list[float]]:
    """Return which tensor of a batch is the table, and the means of its columns.

    Raises ``NotProbed`` if there is none.
    """
    with torch.no_grad():
        targets = subject.judged(subject.model(), subject.train(1)[0]).targets
    place = place_of_inputs(subject, targets)
    table = list(leaves(subject.train(1)[0]))[place]
    if table.ndim != 2 or table.shape[1] < 2:
        raise NotProbed("the inputs are no table with columns")
    rows = torch.cat([list(leaves(batch))[place] for batch in subject.distinct(HELD)])
    return place, [float(mean) for mean in rows.double().mean(0)]


def _losses(subject: Subject, models: Sequence[nn.Module], batches: Sequence[Batch]) -> Tensor:
    """Return ``float64[models, batches]``."""
    rows = [[subject.evaluate(model, [batch]) for batch in batches] for model in models]
    return torch.tensor(rows, dtype=torch.float64)


def _at_mean(batch: Batch, place: int, column: int, mean: float) -> Batch:
    """Return a batch with one column of its table at a value."""
    at = iter(range(sum(1 for _ in leaves(batch))))

    def changed(leaf: Tensor) -> Tensor:
        if next(at) != place:
            return leaf
        level = leaf.clone()
        level[:, column] = mean
        return level

    return mapped(batch, changed)


def _flat(rows: Sequence[Tensor]) -> list[float]:
    return [float(value) for row in rows for value in row]
