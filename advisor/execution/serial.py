"""Everything in this process, one claim after the other."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout

from advisor.execution.base import ClaimResult, Task
from advisor.execution.worker import Kept, Plan, Worker
from advisor.executor import Progress
from advisor.manager import Plugins


class SerialExecutor:
    """Carries out tasks in the calling process, with the plugins that it has loaded already."""

    def __init__(self, plugins: Plugins, kept: Kept | None = None) -> None:
        self._plugins, self._kept = plugins, kept

    def run(self, plan: Plan, tasks: Sequence[Task], progress: Progress) -> Iterator[ClaimResult]:
        """Carry out the tasks one after the other."""
        worker = Worker(plan, self._plugins, self._kept)
        for done, task in enumerate(tasks, 1):
            # What a plugin prints is for people; standard output belongs to the report.
            with redirect_stdout(sys.stderr):
                result = worker.work(task, _nobody_watches)
            yield result
            progress(done)


def _nobody_watches(_run: str, _rule: str) -> None:
    """Nothing to tell: a limit that cannot interrupt this process cannot end it either."""
