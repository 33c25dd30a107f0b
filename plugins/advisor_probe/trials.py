"""Jobs as units of work: each in a child process within limits, here or wherever an executor works.

What an executor carries is plain data: ``Trials`` says how, a ``Job`` what, a ``Trial`` what came
of it. Each worker has a server of its own, which forks a child for each job.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from advisor.executor import Executor, Started
from advisor.limits import time_limit
from advisor_probe.isolation import Ending, How, Job, Limits, Server, watch
from advisor_probe.isolation.server import START_SECONDS
from advisor_probe.target import ProbeTarget

MEMORY_SHARE = 0.8
"""The share of its machine's memory that one job may use unless the limits say how much."""
LATE = 10.0
"""Seconds beyond all limits of a job after which its worker itself is taken for lost."""


class Trial(NamedTuple):
    """What came of a job."""

    heard: tuple[dict[str, Any], ...]
    """What it reported until it ended, in order."""
    ending: Ending


class Stopped(KeyboardInterrupt):
    """Ctrl-C, with what the job that it ended had reported until then."""

    def __init__(self, heard: Sequence[dict[str, Any]]) -> None:
        super().__init__()
        self.heard = heard


Carry = Callable[[Sequence[Job]], Generator[Trial, None, None]]
"""Carries out jobs and yields what came of them in order; closed, it ends what is under way."""


@dataclass(frozen=True, slots=True)
class Trials:
    """The work of carrying out jobs (``advisor.executor.Work``)."""

    limits: Limits

    @property
    def megabytes(self) -> None:
        """Leave a worker's own memory alone: nothing of the user's runs in it."""

    @contextmanager
    def worker(self) -> Iterator[Isolated]:
        """Make a worker, whose later jobs start within milliseconds."""
        memory = self.limits.megabytes or int(MEMORY_SHARE * _machine_megabytes()) or None
        with Server() as server:
            yield Isolated(server, self.limits._replace(megabytes=memory))

    def seconds(self, _rule: str) -> float:
        """Return when a worker is late that keeps the limits of its job itself."""
        return START_SECONDS + self.limits.seconds + self.limits.grace + LATE

    def again(self, _unit: Job, _run: str, _rule: str, _how: str) -> None:
        """Give every job up whose worker is lost: it would lose the next one, too."""

    def given_up(self, _unit: Job, how: str) -> Trial:
        """Say that a job lost its worker."""
        return Trial((), Ending(How.CRASH, f"what should have watched it {how}"))


class Isolated:
    """Carries out jobs in children of one server."""

    def __init__(self, server: Server, limits: Limits) -> None:
        self._server, self._limits = server, limits

    def work(self, unit: Job, _started: Started) -> Trial:
        """Carry out a job to its end, which comes within the limits; Ctrl-C is ``Stopped``."""
        heard: list[dict[str, Any]] = []
        try:
            ending = watch(self._server.start(unit), self._limits, heard.append)
        except KeyboardInterrupt as pressed:
            self._server.restart()  # its answers about this job would be taken for the next
            raise Stopped(heard) from pressed
        return Trial(tuple(heard), ending)


@contextmanager
def carried_here(limits: Limits) -> Iterator[Carry]:
    """Give what carries out jobs on this machine, one after the other."""
    with Trials(limits).worker() as worker:

        def carry(jobs: Sequence[Job]) -> Generator[Trial, None, None]:
            for job in jobs:
                yield worker.work(job, _nobody_asks)

        yield carry


def carried_by(executor: Executor, limits: Limits) -> Carry:
    """Return what has an executor carry out jobs."""

    def carry(jobs: Sequence[Job]) -> Generator[Trial, None, None]:
        yield from executor.run(Trials(limits), jobs, lambda _done: None)

    return carry


def carried_in_process(target: ProbeTarget, seconds: float) -> Carry:
    """Return what carries out jobs in this process on a target, at most so long each."""

    def carry(jobs: Sequence[Job]) -> Generator[Trial, None, None]:
        from advisor_probe.workbench.work import attempted

        for job in jobs:
            said: list[bytes] = []
            try:
                with time_limit(seconds):
                    ending = attempted(job, said.append, lambda: target)
            except KeyboardInterrupt as pressed:
                raise Stopped([json.loads(one) for one in said]) from pressed
            yield Trial(tuple(map(json.loads, said)), ending)

    return carry


def _nobody_asks(_run: str, _rule: str) -> None:
    """Nothing to tell: a job has no parts."""


def _machine_megabytes() -> float:
    """Return the memory of the machine in MB; 0 where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    except (ValueError, OSError):
        return 0.0
