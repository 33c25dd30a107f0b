"""Programs that are probed in this process, and what the rules make of it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from advisor.judging.judge import judge
from advisor.prober import ProbeRequest
from advisor.run import Run
from advisor.understand import understand
from advisor.view import Judged
from advisor_probe.catalogue import BY_NAME
from advisor_probe.collected import Collected
from advisor_probe.results import to_run
from advisor_probe.rules import RULES
from tests.plugins.advisor_probe.writing import TARGET


@cache
def parts() -> dict[str, Any]:
    """Return the names that every program begins with."""
    names: dict[str, Any] = {}
    exec(TARGET, names)  # noqa: S102  # the text stands in writing.py
    return names


def target(**changes: Any) -> Any:
    """Return a target in order, with some parts changed."""
    return parts()["target"](**changes)


def probed(made: Any, *probes: str, seed: int = 0) -> Run:
    """Let probes measure a target in this process; none may take more steps than it declares."""
    from pathlib import Path

    from advisor_probe.isolation.job import Job
    from advisor_probe.workbench.record import NotProbed
    from advisor_probe.workbench.work import measure

    collected = Collected(ProbeRequest("here", Path()))
    for probe in probes:
        try:
            spent = measure(
                made,
                Job(probe=probe, device="cpu", seed=seed),
                lambda message: collected.hear(json.loads(message)),
            )
        except NotProbed as reason:
            collected.ended(probe, "skipped", str(reason))
        else:
            assert spent <= BY_NAME[probe].steps, f"{probe} took {spent} steps"
    return to_run(collected.results(), "probe")


def found(run: Run) -> set[str]:
    """Return the rules that fire; none may fail."""
    outcomes = judge(
        Judged(run, understand(run)),
        [rule() for rule in RULES],
        seconds=10.0,
        started=lambda _: None,
        failed={},
    )
    assert not [outcome for outcome in outcomes if outcome.result == "error"]
    return {outcome.rule for outcome in outcomes if outcome.findings}


def value(run: Run, quantity: str) -> float:
    """Return the last value of a measurement: ``layers/gain``."""
    return float(run.series[f"advisor-probe/{quantity}"].values[-1])
