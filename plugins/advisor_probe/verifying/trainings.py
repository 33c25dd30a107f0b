"""Trainings of a target in child processes, each once: its held-out losses by change and seed."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterable
from contextlib import closing
from typing import Any, NamedTuple

import numpy as np

from advisor.errors import UsageError
from advisor.prober import Say, VerifyRequest
from advisor.text import told
from advisor_probe.isolation import Ending, How, Job
from advisor_probe.isolation.job import Setting, Training
from advisor_probe.trials import Carry, Trial
from advisor_probe.verifying.knobs import Described
from advisor_probe.verifying.reached import Pairs, Reached, checkpoints, reached

AS_IT_IS = ""
"""The name of the trainings in which nothing is changed."""


class Spent(Exception):
    """The budget is spent."""


class Wanted(NamedTuple):
    """A training: which, from which seed, and what is set in it."""

    name: str
    seed: int
    settings: tuple[Setting, ...] = ()


class Done(NamedTuple):
    """A training that came to an end."""

    wanted: Wanted
    failure: str
    """Why it has no loss; empty if it has one."""


class Trainings:
    """The trainings of one request. The settings as they are serve all changes."""

    def __init__(self, request: VerifyRequest, say: Say, carry: Carry) -> None:
        self._request, self._say, self._carry = request, say, carry
        self._began, self._steps = time.monotonic(), 0
        self._losses: dict[tuple[str, int], tuple[float, ...]] = {}
        """By name and seed, before training and at each checkpoint; may be NaN or infinite."""
        self.target = self._described()

    def _described(self) -> Described:
        """Load the target. Raises ``UsageError`` if that cannot be done."""
        job = Job(target=self._request.target, device=self._request.device, describe=True)
        with closing(self._carry([job])) as trials:
            trial = next(trials)
        told = _told(trial)
        if told is None:
            text = "{target:given}: {why:given}"
            raise UsageError(text, target=self._request.target, why=self._why(trial.ending))
        return Described.model_validate(told)

    def carried_out(self, wanted: Iterable[Wanted]) -> Generator[Done, None, None]:
        """Carry out what was not yet, as far as the budget goes. Raises ``Spent`` where it ends.

        Closed, it ends what is under way.
        """
        missing = [w for w in dict.fromkeys(wanted) if (w.name, w.seed) not in self._losses]
        allowed = missing[: self._left()]
        with closing(self._carry([self._job(one) for one in allowed])) as trials:
            for one in allowed:
                if self._late():
                    raise Spent
                yield Done(one, self._taken(one, next(trials)))
        if len(allowed) < len(missing):
            raise Spent

    def pairs(self, name: str, count: int) -> Pairs | None:
        """Return the losses of a change in pairs; ``None`` where some are missing."""
        if any(
            (key, seed) not in self._losses for key in (AS_IT_IS, name) for seed in range(count)
        ):
            return None
        return Pairs(self._reached(AS_IT_IS, count), self._reached(name, count))

    def astray(self, name: str, count: int) -> int:
        """Return how many of some trainings ended in a loss that is no number."""
        return sum(not math.isfinite(curve[-1]) for curve in self._curves(name, count))

    def alike(self, name: str, count: int) -> bool:
        """Tell whether a change made no difference to any digit."""
        before, after = self._curves(AS_IT_IS, count), self._curves(name, count)
        return np.array_equal(before, after, equal_nan=True)

    def _job(self, wanted: Wanted) -> Job:
        training = Training(
            settings=wanted.settings,
            seed=self._request.seed + wanted.seed,
            checkpoints=checkpoints(self._request.training),
            batch=self.target.batch,
            held=self.target.held,
        )
        return Job(target=self._request.target, device=self._request.device, training=training)

    def _taken(self, wanted: Wanted, trial: Trial) -> str:
        """Keep the losses of a training; without them return why."""
        self._steps += self._request.training
        told = _told(trial)
        if told is None:
            return self._why(trial.ending)
        self._losses[wanted.name, wanted.seed] = (told["untrained"], *told["losses"])
        return ""

    def _left(self) -> int | None:
        """Return how many trainings the budget of steps has left; ``None`` without one."""
        steps = self._request.steps
        return None if steps is None else max(steps - self._steps, 0) // self._request.training

    def _late(self) -> bool:
        seconds = self._request.seconds
        return seconds is not None and time.monotonic() - self._began > seconds

    def _why(self, ending: Ending) -> str:
        """Say how a job ended that told nothing, and show the user's own traceback."""
        for line in (ending.trace or ending.output[-2000:]).strip().splitlines():
            self._say(f"    {line}")
        text = "{what:given}; raise --probe-seconds or lower --steps"
        return told(text, what=ending.text) if ending.how is How.TIME else ending.text

    def _reached(self, name: str, count: int) -> Reached:
        return reached(self._curves(name, count), self._request.training)

    def _curves(self, name: str, count: int) -> list[tuple[float, ...]]:
        return [self._losses[name, seed] for seed in range(count)]


def _told(trial: Trial) -> dict[str, Any] | None:
    """Return what a job told of the target, or of its training; ``None`` if it told nothing."""
    told = [message for message in trial.heard if message["kind"] in ("described", "trained")]
    return told[-1] if told else None
