"""How the work is carried out: one claim at a time, here or in worker processes.

The unit of work is one claim: a worker reads it, runs the rules on its runs, and returns plain
data. Results come back in the order of the claims, however they were carried out. Executors of
plugins (``advisor.executor``) take this work as they take the trainings of a probe.
"""

from __future__ import annotations

from advisor.execution.base import ClaimResult, RunResult, Task
from advisor.execution.keeping import KeepingExecutor, Memories
from advisor.execution.pool import PoolExecutor
from advisor.execution.serial import SerialExecutor
from advisor.execution.worker import ClaimExecutor, Plan

__all__ = [
    "ClaimExecutor",
    "ClaimResult",
    "KeepingExecutor",
    "Memories",
    "Plan",
    "PoolExecutor",
    "RunResult",
    "SerialExecutor",
    "Task",
]
