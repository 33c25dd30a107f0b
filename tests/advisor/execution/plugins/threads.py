"""An executor of another make: two threads, each with a worker of its own, and no process."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from advisor import hookimpl


class Threads:
    """Carries out units in two threads."""

    name = "threads"
    summary = "threads of this process"

    def __init__(self) -> None:
        self.carried_out = 0
        """Units that were begun, over all runs."""

    def run(self, work: Any, units: Sequence[Any], progress: Any) -> Iterator[Any]:
        """Carry out the units; what has not begun when nobody wants more never does."""
        mine = threading.local()
        with ExitStack() as made, ThreadPoolExecutor(2) as pool:

            def carry_out(unit: Any) -> Any:
                self.carried_out += 1
                if not hasattr(mine, "worker"):
                    mine.worker = made.enter_context(work.worker())
                return mine.worker.work(unit, lambda _run, _rule: None)

            futures = [pool.submit(carry_out, unit) for unit in units]
            try:
                for done, future in enumerate(futures, 1):
                    result = future.result()
                    progress(done)
                    yield result
            finally:
                pool.shutdown(cancel_futures=True)


THREADS = Threads()


@hookimpl
def register_executors() -> tuple[Threads, ...]:
    """Return the one executor."""
    return (THREADS,)
