"""Probing inside a running program, such as a notebook: no child process, everything restored."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from advisor.api import Report, analyze
from advisor.prober import ProbeRequest, Say
from advisor_probe.plan import within
from advisor_probe.rules import RULES
from advisor_probe.session import Session
from advisor_probe.target import ProbeTarget
from advisor_probe.trials import carried_in_process


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
            here = carried_in_process(target, request.probe_seconds)
            Session(request, say, here, here).run(plan)
            return analyze(folder, select=[rule.name for rule in RULES])
