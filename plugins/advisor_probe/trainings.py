"""Trainings of a target in child processes, each once: its held-out losses by change and seed."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from advisor.errors import UsageError
from advisor.model import Value
from advisor.prober import Say, VerifyRequest
from advisor.run import Floats
from advisor_probe.attempts import Attempt
from advisor_probe.isolation.job import Ending, How, Job, Training
from advisor_probe.knobs import Described, Knob
from advisor_probe.looks import Pairs

ASTRAY, MOST = 10.0, 1e6
"""A loss that is no number counts as so many times that of the untrained model, or as the second
where that is no number either."""

AS_IT_IS = ""
"""The name of the trainings in which nothing is changed."""


class Spent(Exception):
    """The budget is spent."""


class Failed(Exception):
    """A training did not come to its end; the message says why."""


class Trainings:
    """The trainings of one request. The settings as they are serve all changes."""

    def __init__(self, request: VerifyRequest, say: Say, attempt: Attempt) -> None:
        self._request, self._say, self._attempt = request, say, attempt
        self._began, self._steps = time.monotonic(), 0
        self._losses: dict[tuple[str, int], float] = {}
        """By name and seed; may be NaN or infinite."""
        self._untrained = math.inf
        self.target = self._described()

    def _described(self) -> Described:
        """Load the target. Raises ``UsageError`` if that cannot be done."""
        told, ending = self._asked(Job(target=self._request.target, describe=True))
        if told is None:
            raise UsageError(f"{self._request.target}: {self._why(ending)}")
        return Described.model_validate(told)

    def as_it_is(self, seed: int) -> None:
        """Train without a change. Raises ``Spent``, and ``UsageError`` if the training fails."""
        try:
            self._train(AS_IT_IS, seed)
        except Failed as error:
            raise UsageError(f"the target cannot be trained as it is: {error}") from error

    def changed(self, name: str, knob: Knob, value: Value, seed: int) -> None:
        """Train with a change. Raises ``Spent`` and ``Failed``."""
        self._train(name, seed, where=knob.where, path=knob.path, value=value)

    def pairs(self, name: str, count: int) -> Pairs | None:
        """Return the losses of a change in pairs; ``None`` where some are missing."""
        if any((key, count - 1) not in self._losses for key in (AS_IT_IS, name)):
            return None
        return Pairs(self._counted(AS_IT_IS, count), self._counted(name, count))

    def astray(self, name: str, count: int) -> int:
        """Return how many of some trainings ended in a loss that is no number."""
        return sum(not math.isfinite(self._losses[name, seed]) for seed in range(count))

    def alike(self, name: str, count: int) -> bool:
        """Tell whether a change made no difference to any digit."""
        before = [self._losses[AS_IT_IS, seed] for seed in range(count)]
        after = [self._losses[name, seed] for seed in range(count)]
        return np.array_equal(before, after, equal_nan=True)

    def _train(self, name: str, seed: int, **change: Any) -> None:
        """Train once, unless that was done; ``change`` is what a ``Training`` says of it."""
        if (name, seed) in self._losses:
            return
        self._spend()
        training = Training(
            seed=self._request.seed + seed,
            steps=self._request.training,
            batch=self.target.batch,
            held=self.target.held,
            **change,
        )
        told, ending = self._asked(Job(target=self._request.target, training=training))
        if told is None:
            raise Failed(self._why(ending))
        self._losses[name, seed] = told["loss"]
        if name == AS_IT_IS and math.isfinite(told["untrained"]):
            self._untrained = min(self._untrained, abs(told["untrained"]))

    def _spend(self) -> None:
        """Raise ``Spent`` where no training is left in the budget; else count one more."""
        steps, seconds = self._request.steps, self._request.seconds
        self._steps += self._request.training
        late = seconds is not None and time.monotonic() - self._began > seconds
        if late or (steps is not None and self._steps > steps):
            raise Spent

    def _asked(self, job: Job) -> tuple[dict[str, Any] | None, Ending]:
        """Carry out a job, and return what it told, if anything, and how it ended."""
        heard: list[dict[str, Any]] = []
        job = job.model_copy(update={"device": self._request.device})
        ending = self._attempt(job, heard.append)
        told = [message for message in heard if message["kind"] in ("described", "trained")]
        return (told[-1] if told else None), ending

    def _why(self, ending: Ending) -> str:
        """Say how a job ended that told nothing, and show the user's own traceback."""
        for line in (ending.trace or ending.output[-2000:]).strip().splitlines():
            self._say(f"    {line}")
        cure = "; raise --probe-seconds or lower --steps" if ending.how is How.TIME else ""
        return f"{ending.text}{cure}"

    def _counted(self, name: str, count: int) -> Floats:
        worst = min(ASTRAY * self._untrained, MOST)
        losses = np.array([self._losses[name, seed] for seed in range(count)])
        return np.where(np.isfinite(losses), losses, worst)
