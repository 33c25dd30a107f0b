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
from dataclasses import dataclass, field, replace
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from types import ModuleType

from advisor.errors import UsageError
from advisor.execution.base import ClaimResult, Plan, Progress, Task
from advisor.execution.worker import Worker, refusal
from advisor.limits import limit_memory

GRACE = 2.0
"""Seconds beyond a limit before a worker is ended: its own timer should have fired by then."""
START_SECONDS = 60.0
"""The longest that a worker may take to load its plugins."""


class PoolExecutor:
    """Carries out tasks in ``jobs`` worker processes, at least one.

    A worker that overstays a limit by ``grace`` seconds is ended.
    """

    def __init__(self, jobs: int, *, grace: float = GRACE) -> None:
        self._jobs, self._grace = jobs, grace

    def run(self, plan: Plan, tasks: Sequence[Task], progress: Progress) -> Iterator[ClaimResult]:
        """Carry out the tasks; results are kept until it is their turn."""
        pool = _Pool(plan, tasks, min(self._jobs, len(tasks)), self._grace)
        waiting: dict[int, ClaimResult] = {}
        turn = done = 0
        try:
            while turn < len(tasks):
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


class _Pool:
    """The processes and the tasks that are still to do."""

    def __init__(self, plan: Plan, tasks: Sequence[Task], count: int, grace: float) -> None:
        self._plan, self._grace = plan, grace
        self._context = _context()
        self._tasks = dict(enumerate(tasks))
        self._queue = deque(self._tasks)
        self._processes = [self._start() for _ in range(count)]

    def step(self) -> Iterator[tuple[int, ClaimResult]]:
        """Wait for news, and yield the tasks that came to an end."""
        by_pipe = {process.pipe: process for process in self._processes}
        for pipe in wait(list(by_pipe), timeout=0.2):
            yield from self._hear(by_pipe[pipe])  # type: ignore[index]  # wait returns what it got
        for process in list(self._processes):
            if time.monotonic() - process.since > self._limit(process):
                yield from self._lose(process, "did not finish in time")

    def close(self) -> None:
        """End all processes."""
        for process in self._processes:
            process.pipe.close()
            process.process.kill()
        for process in self._processes:
            process.process.join()

    def _hear(self, process: _Process) -> Iterator[tuple[int, ClaimResult]]:
        try:
            kind, *content = process.pipe.recv()
        except (EOFError, OSError):
            yield from self._lose(process, "ended its worker process")
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
                process.pipe.send(self._tasks[process.index])

    def _limit(self, process: _Process) -> float:
        settings = self._plan.settings
        if not process.ready:
            return START_SECONDS
        if process.index is None:
            return float("inf")
        return self._grace + (settings.rule_seconds if process.rule else settings.read_seconds)

    def _lose(self, process: _Process, how: str) -> Iterator[tuple[int, ClaimResult]]:
        """End a process; queue its task again without the rule it was in, or give the task up."""
        process.process.kill()
        process.process.join()
        process.pipe.close()
        self._processes.remove(process)
        if process.index is None:
            if not process.ready:
                raise UsageError(f"a worker process {how} while it loaded the plugins; {_CURE}")
        elif process.rule:
            self._queue.appendleft(process.index)
            self._tasks[process.index] = _without(self._tasks[process.index], process, how)
        else:
            yield process.index, _given_up(self._tasks[process.index], how)
        if self._queue or any(other.index is not None for other in self._processes):
            self._processes.append(self._start())

    def _start(self) -> _Process:
        here, there = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(there, self._plan), daemon=True)  # type: ignore[attr-defined]  # typeshed has it on the concrete contexts only
        with _without_main(), _uninterrupted():
            process.start()
        there.close()
        return _Process(process, here)


def _without(task: Task, process: _Process, how: str) -> Task:
    failed = {run: dict(rules) for run, rules in task.failed.items()}
    failed.setdefault(process.run, {})[process.rule] = how
    return replace(task, failed=failed)


def _given_up(task: Task, how: str) -> ClaimResult:
    reason = f"the reader {task.claim.reader} {how}"
    cure = "read it alone with a larger read-seconds, or report it to the reader's author"
    return refusal(task, task.claim.files[0], reason, cure)


_CURE = "set a larger worker-megabytes if you set one, or leave the last plugin out"


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


def _serve(pipe: Connection, plan: Plan) -> None:
    """Carry out the tasks that come through the pipe, until it closes."""
    # Ctrl-C reaches the whole group: the parent ends the workers, without their tracebacks.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a plugin prints is for people; standard output belongs to the report.
    sys.stdout = sys.stderr
    limit_memory(plan.settings.worker_megabytes)
    worker = Worker(plan)
    with suppress(EOFError, ConnectionError):  # the other end is gone, as after Ctrl-C
        pipe.send(("ready",))
        while True:
            task = pipe.recv()
            result = worker.work(task, lambda run, rule: pipe.send(("started", run, rule)))
            pipe.send(("done", result))
