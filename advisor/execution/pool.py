"""A pool of worker processes, each ended when it overstays its limit.

Own code rather than ``concurrent.futures``: that one cannot end a single worker, and gives up
the whole pool when one dies.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any, Generic

from advisor.errors import UsageError
from advisor.executor import Progress, Result, Unit, Work
from advisor.language import term
from advisor.limits import limit_memory

GRACE = 2.0
"""Seconds beyond a limit before a worker is ended: its own timer should have fired by then."""
START_SECONDS = 60.0
"""The longest that a worker may take to load its plugins."""


class PoolExecutor:
    """Carries out units in ``jobs`` worker processes, at least one.

    A worker that overstays a limit by ``grace`` seconds is ended.
    """

    name = "pool"
    summary = "worker processes of this machine"

    def __init__(self, jobs: int, *, grace: float = GRACE) -> None:
        self._jobs, self._grace = jobs, grace

    def run(
        self, work: Work[Unit, Result], units: Sequence[Unit], progress: Progress
    ) -> Iterator[Result]:
        """Carry out the units; results are kept until it is their turn."""
        pool = _Pool(work, units, min(self._jobs, len(units)), self._grace)
        waiting: dict[int, Result] = {}
        turn = done = 0
        try:
            while turn < len(units):
                for index, result in pool.step():
                    waiting[index] = result
                    done += 1
                    progress(done)
                while turn in waiting:
                    yield waiting.pop(turn)
                    turn += 1
        finally:
            pool.close()


@dataclass
class _Process:
    """One worker process, and what it is at."""

    process: BaseProcess
    pipe: Connection
    index: int | None = None
    run: str = ""
    rule: str = ""
    since: float = field(default_factory=time.monotonic)
    ready: bool = False


class _Pool(Generic[Unit, Result]):
    """The processes and the units that are still to do."""

    def __init__(
        self, work: Work[Unit, Result], units: Sequence[Unit], count: int, grace: float
    ) -> None:
        self._work, self._grace = work, grace
        self._context = _context()
        self._units = dict(enumerate(units))
        self._queue = deque(self._units)
        self._processes = [self._start() for _ in range(count)]

    def step(self) -> Iterator[tuple[int, Result]]:
        """Wait for news, and yield the units that came to an end."""
        by_pipe = {process.pipe: process for process in self._processes}
        for pipe in wait(list(by_pipe), timeout=0.2):
            yield from self._hear(by_pipe[pipe])  # type: ignore[index]  # wait returns what it got
        for process in list(self._processes):
            if time.monotonic() - process.since > self._limit(process):
                yield from self._lose(process, term("did not finish in time"))

    def close(self) -> None:
        """End all processes."""
        for process in self._processes:
            process.pipe.close()
            process.process.kill()
        for process in self._processes:
            process.process.join()

    def _hear(self, process: _Process) -> Iterator[tuple[int, Result]]:
        try:
            kind, *content = process.pipe.recv()
        except (EOFError, OSError):
            yield from self._lose(process, term("ended its worker process"))
            return
        process.since = time.monotonic()
        if kind == "started":
            process.run, process.rule = content
            return
        process.ready = True
        index, process.index = process.index, None
        self._give(process)
        if index is not None:
            yield index, content[0]

    def _give(self, process: _Process) -> None:
        process.run = process.rule = ""
        if self._queue:
            process.index = self._queue.popleft()
            # A worker that ended in between is noticed, and replaced, when its pipe is read.
            with suppress(OSError):
                process.pipe.send(self._units[process.index])

    def _limit(self, process: _Process) -> float:
        if not process.ready:
            return START_SECONDS
        if process.index is None:
            return float("inf")
        return self._grace + self._work.seconds(process.rule)

    def _lose(self, process: _Process, how: str) -> Iterator[tuple[int, Result]]:
        """End a process; queue its unit again as the work says, or give the unit up."""
        process.process.kill()
        process.process.join()
        process.pipe.close()
        self._processes.remove(process)
        if process.index is not None:
            unit = self._units[process.index]
            again = self._work.again(unit, process.run, process.rule, how)
            if again is None:
                yield process.index, self._work.given_up(unit, how)
            else:
                self._queue.appendleft(process.index)
                self._units[process.index] = again
        elif not process.ready:
            raise UsageError(_NO_WORKER, how=how)
        if self._queue or any(other.index is not None for other in self._processes):
            self._processes.append(self._start())

    def _start(self) -> _Process:
        here, there = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(there, self._work), daemon=True)  # type: ignore[attr-defined]  # typeshed has it on the concrete contexts only
        with _without_main(), _uninterrupted():
            process.start()
        there.close()
        return _Process(process, here)


_NO_WORKER = (
    "a worker process {how:text} while it loaded the plugins; set a larger worker-megabytes if you "
    "set one, or leave the last plugin out"
)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep a new process from importing the caller's script, which would run it once more."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back for a moment, and from the processes that start in it for good.

    They are ended by this one; while they import they could only print tracebacks.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker  # there is none on Windows

    # Starting it lifts the block, so it starts before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _context() -> BaseContext:
    """Return the start method: a fork server with the core loaded, or what the system has."""
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["advisor.execution.worker"])
    return context


def _serve(pipe: Connection, work: Work[Any, Any]) -> None:
    """Carry out the units that come through the pipe, until it closes."""
    # Ctrl-C reaches the whole group: the parent ends the workers, without their tracebacks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a plugin prints is for people; standard output belongs to the report.
    sys.stdout = sys.stderr
    limit_memory(work.megabytes)
    with work.worker() as worker, suppress(EOFError, ConnectionError):  # gone, as after Ctrl-C
        pipe.send(("ready",))
        while True:
            unit = pipe.recv()
            result = worker.work(unit, lambda run, rule: pipe.send(("started", run, rule)))
            pipe.send(("done", result))
