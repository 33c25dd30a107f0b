"""Whether the losses of a run are weighed differently from step to step.

A VAE's KL weight that warms up makes the total loss another objective at every step: that it
rises, or was once lower, says nothing. Only the names of the series and their values are asked.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.run import Run, Series
from advisor.understand.words import Words, parse
from advisor.vocabulary.role_catalogue import LOSS_WEIGHTS, WEIGHED, WEIGHTS

SHARE = 0.1
"""A weight within this share of its largest value from where it ends counts as at rest.

No total of losses can change by a larger share through it (chosen, not measured).
"""


_BESIDE = frozenset({"vae", "elbo", "current", "metrics", "scalar", "scalars", "term"})
"""Words that may stand beside the name of a weight."""

_KNOWN = LOSS_WEIGHTS | WEIGHTS | WEIGHED | _BESIDE


class Weighing(NamedTuple):
    """A weight of a loss that changes while the model trains."""

    tag: str
    first_step: int
    """The last step logged before it changes."""
    last_step: int
    """The first step from which on it stays near where it ends."""


def weighing(run: Run) -> Weighing | None:
    """Return the weight of a loss that changes longest in this run; ``None`` if none does."""
    named = (_change(s) for tag, s in run.series.items() if is_loss_weight(parse(tag)))
    found = [change for change in named if change is not None]
    return max(found, key=lambda w: (w.last_step - w.first_step, w.tag), default=None)


def is_loss_weight(words: Words) -> bool:
    """Tell whether a tag names nothing but the weight of a loss, or of a part of it.

    Each of its words must be known: ``kl_weight`` and ``beta`` are such names, ``beta1`` (Adam's),
    ``layer1/weight`` and ``weight_decay`` are not. What ends in ``loss`` is a loss.
    """
    named = set(words.rest)
    if not named <= _KNOWN or words.rest[-1:] == ("loss",):
        return False
    return bool(named & LOSS_WEIGHTS) or bool(named & WEIGHTS and named & WEIGHED)


def _change(series: Series) -> Weighing | None:
    rows = series.effective().finite()
    values, steps = rows.values, rows.steps
    if not len(values):
        return None
    away = np.flatnonzero(np.abs(values - values[-1]) > SHARE * np.abs(values).max())
    if not len(away):
        return None
    first = int(np.flatnonzero(values != values[0])[0]) - 1
    return Weighing(series.tag, int(steps[first]), int(steps[away[-1] + 1]))
