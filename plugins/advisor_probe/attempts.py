"""Carrying out jobs in processes of their own, within the limits of a request."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from advisor_probe.isolation import Ending, Job, Limits, Server, watch
from advisor_probe.isolation.watch import Hear

MEMORY_SHARE = 0.8
"""The share of the machine's memory that one job may use unless the request says how much."""

Attempt = Callable[[Job, Hear], Ending]
"""Carries out a job, in a process of its own or in this one, and says how it ended."""


@contextmanager
def isolated(seconds: float, megabytes: int | None) -> Iterator[Attempt]:
    """Give what carries out jobs in children of one server, each within these limits."""
    limit = megabytes or int(MEMORY_SHARE * _machine_megabytes()) or None
    limits = Limits(seconds=seconds, megabytes=limit)
    with Server() as server:

        def attempt(job: Job, hear: Hear) -> Ending:
            try:
                return watch(server.start(job), limits, hear)
            except KeyboardInterrupt:
                server.restart()  # its answers about this job would be taken for the next
                raise

        yield attempt


def _machine_megabytes() -> float:
    """Return the memory of the machine in MB; 0 where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    except (ValueError, OSError):
        return 0.0
