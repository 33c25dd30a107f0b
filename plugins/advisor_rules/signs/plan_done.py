"""How much of its plan a run had done when it ended: of its schedule, or its recorded length."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np

from advisor.curve import Curve
from advisor.roles import Task
from advisor.run import Floats
from advisor.view import RunView
from advisor_rules.given.recorded import switched_on
from advisor_rules.signs import schedule
from advisor_rules.signs.epochs_done import epochs_done, steps_done
from advisor_rules.signs.half_way import HALF, between
from advisor_rules.signs.learning_time import recorded_shape

MOVED = 1e-4
"""Share of its peak by which a rate must have fallen for a schedule to have begun."""
_FOLLOWS = 0.05
"""Largest distance of logged rates from the first part of a cosine, as a share of their fall; a
straight line is 0.25 away (chosen by eye)."""
_ENDED = 0.9
"""Share of the recorded epochs or steps up to which a run ended before them: what is missing beyond
it may as well not have been logged (chosen by eye)."""

_RESUMED = re.compile(r"(^|[._])(resume(d|_from(_checkpoint)?|_path|_ckpt)?|ckpt_path)$")
"""Settings that say that a run goes on from a checkpoint."""
_MAYBE = frozenset({"allow", "auto", "must", "never"})
"""Values of such a setting that say what is to be done if there is one."""


class Cut(NamedTuple):
    """How much of its plan a run had done when it ended."""

    share: float
    """Of the schedule, or of the recorded length: 0 to 1; of the run, for a rise."""
    validation: Curve
    """What the run is judged by; the training loss where there is no validation yet."""
    curve: Curve
    """What shows the share: the learning rate, or what counts steps or epochs."""
    level: float
    """The last rate as a share of its peak, or the steps or epochs that were done."""
    planned: float
    """The recorded steps or epochs; 0 where the schedule shows it."""
    variant: str
    """Which texts hold: ``schedule``, ``rise``, ``steps``, ``epochs`` or ``validated``."""
    late: float = 0.0
    """Share of all progress in the last third of a run that ended half-way; else 0."""


def of_plan(run: RunView, validation: Curve) -> Cut | None:
    """Return how much of a schedule, or else of the recorded length, a run had done."""
    return down(run, validation) or of_length(run, validation)


def down(run: RunView, judged: Curve) -> Cut | None:
    """Return how far down a rate was that has left its peak for good, if its end is known."""
    rate = run.get("lr")
    if rate is None or not schedule.readable(rate, 2) or _is_at_peak(rate):
        return None
    return None if schedule.restarted(rate) else _of_schedule(run, rate, judged)


def _is_at_peak(rate: Curve) -> bool:
    return bool(rate.values[-1] >= (1.0 - MOVED) * schedule.peak(rate))


def _of_schedule(run: RunView, rate: Curve, validation: Curve) -> Cut | None:
    """Return how much of a recorded schedule, or else of a line or cosine to 0, was done."""
    since = int(np.flatnonzero(rate.values >= schedule.peak(rate))[-1])
    steps, shares = rate.steps[since:], rate.values[since:] / schedule.peak(rate)
    level = float(shares[-1])
    share = math.acos(2.0 * level - 1.0) / math.pi
    shape = recorded_shape(run) or ("linear" if schedule.fell_evenly(rate) else "")
    if shape == "linear":
        share = 1.0 - level
    elif shape != "cosine" and not _is_cosine(
        (steps - steps[0]) / max(steps[-1] - steps[0], 1), shares, share
    ):
        return None
    return Cut(share, validation, rate, level, 0.0, "schedule")


def _is_cosine(at: Floats, shares: Floats, share: float) -> bool:
    """Tell whether rates, at places from 0 to 1, follow the first ``share`` of a cosine to 0."""
    if len(shares) < schedule.ENOUGH:
        return False
    expected = (1.0 + np.cos(np.pi * share * at)) / 2.0
    return bool(np.abs(shares - expected).max() <= _FOLLOWS * (1.0 - float(shares[-1])))


def of_length(run: RunView, validation: Curve) -> Cut | None:
    """Return how much of the recorded steps or epochs a run had done: of both, the larger share.

    An agent's are those of one update, or of one episode. A run that goes on from a checkpoint may
    have counted anew, so that nobody knows what was done before.
    """
    planned = run.settings.number("steps")
    if run.task is Task.REINFORCEMENT or was_resumed(run):
        return None
    if planned is None or planned < 1:
        return of_epochs(run, validation)
    by_steps = _of_steps(run, validation, planned)
    if by_steps is None or (run.settings.number("epochs") or 0) < 1:
        return by_steps
    by_epochs = of_epochs(run, validation)
    return None if by_epochs is None else max(by_steps, by_epochs, key=lambda cut: cut.share)


def was_resumed(run: RunView) -> bool:
    """Tell whether a config says that a run goes on from a checkpoint."""
    recorded = run.settings.recorded
    values = (recorded[path] for path in recorded if _RESUMED.search(path.lower()))
    return any(switched_on(v) and str(v).lower() not in _MAYBE for v in values)


def _of_steps(run: RunView, validation: Curve, planned: float) -> Cut | None:
    seen = steps_done(run, validation, planned)
    if seen is None:
        return None
    curve, done = seen
    return Cut(min(done / planned, 1.0), validation, curve, done, planned, "steps")


def of_epochs(run: RunView, validation: Curve) -> Cut | None:
    """Return how much of the recorded epochs a run had done, if they are known and counted."""
    planned = run.settings.number("epochs")
    seen = None if planned is None or planned < 1 else epochs_done(run, validation, planned)
    if planned is None or seen is None:
        return None
    curve, done, variant = seen
    return Cut(min(done / planned, 1.0), validation, curve, done, planned, variant)


def unfinished(run: RunView, curve: Curve) -> Cut | None:
    """Return how much of its plan a run had done, if it ended clearly before it.

    By the recorded epochs or steps, and where none are, by a rate that is not yet near its end.
    Up to the next point that was to be logged the run may have gone on.
    """
    length = of_length(run, curve)
    found, most = (length, _ENDED) if length is not None else (down(run, curve), HALF)
    if found is None or found.share * (1.0 + between(found.curve)) > most:
        return None
    return found
