"""How many epochs, or steps, a log shows to have been done, whatever counts them."""

from __future__ import annotations

import math
import re

import numpy as np

from advisor.curve import Curve
from advisor.hyperparameters import Hyperparameters, as_number
from advisor.run import Axis
from advisor.view import RunView
from advisor_rules.given.batches import batch_of, samples_of
from advisor_rules.signs.hardly_begun import regular

_FIRST = 2
"""Validations that are too few to have been made every so many epochs (chosen by eye)."""
_ROUND = (5, 10, 20, 25, 50)
"""Epochs from one validation to the next that people choose (chosen by eye)."""

_OFTEN = re.compile(r"(val|eval|test)[a-z]*_(\w+_)?(every|interval|freq|period|steps)")
"""Names of settings that say how many steps or epochs lie between two validations."""


_LENGTH = re.compile(r"(max|total|train|training)_?(steps|iters)$|^steps$")
"""Names of planned steps that are those of a training; ``n_steps`` and ``num_steps`` are as often
those of a sequence, a rollout or a diffusion."""
_SAME = 0.11
"""Share of the planned steps below which the log may count something else (chosen by eye): epochs,
which have ten steps and more, or its rows, of which many logs hold one for every ten steps."""
_LOGGED = re.compile(r"(^|[._/])log(ging|s)?_?(\w+_)?(every|interval|freq|period|steps)")
"""Names of settings that say how many steps lie between two rows of a log."""


def steps_done(run: RunView, validation: Curve, planned: float) -> tuple[Curve, float] | None:
    """Return what shows how many of the planned steps were done, and that number.

    ``None`` where the log may count something else, or the setting may mean something else.
    """
    train = run.get("train/loss")
    counted = train if train is not None and len(train) else validation
    if counted.axis is not Axis.STEP or not len(counted):
        return None
    if _LENGTH.search((run.settings.path("steps") or "").lower()) is None:
        return None
    if _says(run.settings, _LOGGED) and int(np.diff(counted.steps).max(initial=1)) == 1:
        return None
    done = float(counted.steps[-1]) + (1.0 if counted.steps[0] == 0 else 0.0)
    return (counted, done) if done >= _SAME * planned else None


def ended_in_first(run: RunView) -> Curve | None:
    """Return what counts the epochs beside the steps, if it never left the first of several.

    Epochs are counted from 0 or 1 on, or by fractions; how many there were to be is recorded. The
    rule must declare ``epoch``.
    """
    planned, counter = run.settings.number("epochs"), run.get("epoch")
    if planned is None or planned < 2 or counter is None or not len(counter):
        return None
    first, last = math.floor(counter.values[0]), math.floor(counter.values.max())
    return counter if first in {0, 1} and last == first else None


def epochs_done(run: RunView, validation: Curve, planned: float) -> tuple[Curve, float, str] | None:
    """Return what shows how many epochs were done, that number, and ``epochs`` or ``validated``.

    The latter where only validations count them. The rule must declare ``epoch``.
    """
    seen, how = _counted(run) or _first_few(run, validation), "epochs"
    if seen is None:
        seen, how = _validated(run, validation, planned), "validated"
    return None if seen is None else (*seen, how)


def _counted(run: RunView) -> tuple[Curve, float] | None:
    """Return the epochs that are counted in a log from 0 or 1 on, and what counts them.

    Fractions of an epoch, as Hugging Face logs them, count what was done of it.
    """
    train = run.get("train/loss")
    counted = train if train is not None and train.axis is Axis.EPOCH else run.get("epoch")
    if counted is None:
        return None
    epochs = counted.steps if counted.axis is Axis.EPOCH else counted.values
    if not len(epochs) or not (0 <= epochs[0] < 1 or epochs[0] == 1):
        return None
    whole = epochs[0] == 0 and bool(np.all(epochs % 1 == 0))
    return counted, float(epochs[-1]) + (1.0 if whole else 0.0)


def _first_few(run: RunView, validation: Curve) -> tuple[Curve, float] | None:
    """Return the epochs of a log so short that each validation must have ended one.

    One after all of many training losses may as well have been made at the end of a run.
    """
    train = run.get("train/loss")
    if train is None or not len(train) or len(validation) > _FIRST:
        return None
    last = validation.steps[-1] >= train.steps[-1]
    if train.axis is not validation.axis or (last and len(train) > len(validation)):
        return None
    return train, float(np.floor((train.steps[-1] + 1) / (validation.steps[0] + 1)))


def _validated(run: RunView, validation: Curve, planned: float) -> tuple[Curve, float] | None:
    """Return how many epochs there were if each ended in a validation, from the first one on.

    They are at even distances, but nobody knows that each epoch has one. So where steps, or
    training losses, may be epochs as well, as they do not outnumber the planned ones, or recorded
    samples and batches show more, the largest number is taken; and nothing is counted where the
    config says how often to validate, or the number is that of each fifth epoch, or tenth.
    """
    train = run.get("train/loss")
    if train is None or not len(train) or len(validation) < _FIRST or not regular(validation):
        return None
    last = int(validation.steps[-1]) + 1
    numbers = (len(validation), len(train), int(train.steps[-1]) + 1, last)
    seen = max((float(n) for n in numbers if n <= planned), default=planned)
    known = _by_samples(run, validation, last)
    seldom = not known and seen in {planned // every for every in _ROUND}
    if seldom or _says(run.settings, _OFTEN):
        return None
    return validation, min(max(seen, known), planned)


def _says(settings: Hyperparameters, often: re.Pattern[str]) -> bool:
    """Tell whether a config says that validations, or rows, come every so many steps or epochs."""
    recorded = settings.recorded
    values = (recorded[path] for path in recorded if often.search(path.lower()))
    return any((as_number(value) or 0.0) > 1 for value in values)


def _by_samples(run: RunView, validation: Curve, updates: int) -> float:
    """Return the epochs that so many updates make by recorded samples and batch; 0 if not known."""
    samples, batch = samples_of(run.settings), batch_of(run.settings)
    if samples is None or batch is None or validation.axis is not Axis.STEP:
        return 0.0
    return updates * batch.size / samples
