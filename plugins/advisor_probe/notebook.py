"""Probing inside a running program, such as a notebook: no child process, everything restored."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from advisor.api import Report, analyze
from advisor.limits import time_limit
from advisor.prober import ProbeRequest, Say
from advisor_probe.isolation.job import Ending, Job
from advisor_probe.isolation.watch import Hear
from advisor_probe.plan import within
from advisor_probe.rules import RULES
from advisor_probe.session import Session
from advisor_probe.target import ProbeTarget


def probe(
    target: ProbeTarget,
    *,
    only: Sequence[str] = (),
    steps: int | None = None,
    seconds: float | None = 600.0,
    device: str = "auto",
    seed: int = 0,
    log: str | Path | None = None,
    say: Say = print,
) -> Report:
    """Probe a target in this process and return the report.

    Random states, loaders and switches are left as they were found, and models are copied before
    they are trained: the next losses of a training that goes on are the same as without the
    probe. Nothing protects against code that hangs, crashes or eats memory; the command does.
    ``log`` keeps the measurements; ``only``, ``steps`` and ``seconds`` are as on the command line.
    Raises ``UsageError`` for an unknown probe or if nothing could be measured, ``TargetError`` for
    a target that would be used up.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(log or Path(temporary) / "advisor-probe")
        request = ProbeRequest(
            "notebook", folder, tuple(only), steps, seconds, device, seed, seconds or 3600.0
        )
        plan = within(request)
        from advisor_probe.workbench.restore import as_found

        # Judging too: what it imports may draw random numbers.
        with as_found(target):
            Session(request, say, _Here(target, request)).run(plan)
            return analyze(folder, select=[rule.name for rule in RULES])


class _Here:
    """Carries out jobs in this process."""

    def __init__(self, target: ProbeTarget, request: ProbeRequest) -> None:
        self._target, self._request = target, request

    def __call__(self, job: Job, hear: Hear) -> Ending:
        from advisor_probe.workbench.work import attempted

        with time_limit(self._request.probe_seconds):
            return attempted(job, lambda text: hear(json.loads(text)), lambda: self._target)
