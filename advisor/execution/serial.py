"""Everything in this process, one claim after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from advisor.execution.base import ClaimResult, Plan, Progress, Task
from advisor.execution.worker import Worker
from advisor.manager import Plugins


class SerialExecutor:
    """Carries out tasks in the calling process, with the plugins that it has loaded already."""

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins

    def run(self, plan: Plan, tasks: Sequence[Task], progress: Progress) -> Iterator[ClaimResult]:
        """Carry out the tasks one after the other."""
        worker = Worker(plan, self._plugins)
        for done, task in enumerate(tasks, 1):
            yield worker.work(task, _nobody_watches)
            progress(done)


def _nobody_watches(_run: str, _rule: str) -> None:
    """Nothing to tell: a limit that cannot interrupt this process cannot end it either."""
