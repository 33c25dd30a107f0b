"""Probing a target in this process, and judging what was measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from advisor.finding import Finding, Severity
from advisor.judging.judge import judge
from advisor.prober import ProbeRequest
from advisor.understand import understand
from advisor.view import Judged
from advisor_probe import ProbeTarget
from advisor_probe.collected import Collected
from advisor_probe.isolation.job import Job
from advisor_probe.results import to_run
from advisor_probe.rules import RULES
from advisor_probe.workbench.work import attempted


def found(
    target: ProbeTarget, battery: Sequence[str], enough: Sequence[str] = (), seed: int = 0
) -> list[Finding]:
    """Probe a target as the command does, up to the first error or a rule that is enough."""
    collected = Collected(ProbeRequest("benchmark", Path()))
    findings: list[Finding] = []
    for probe in battery:
        job = Job(probe=probe, device="cpu", seed=seed)
        attempted(job, lambda text: collected.hear(json.loads(text)), lambda: target)
        findings = judged(collected)
        if any(f.severity is Severity.ERROR or f.rule in enough for f in findings):
            break
    return findings


def judged(collected: Collected) -> list[Finding]:
    """Return what the rules find in what was measured so far."""
    run = to_run(collected.results(), "probe")
    view = Judged(run, understand(run))
    rules = [rule() for rule in RULES]
    outcomes = judge(view, rules, seconds=10.0, started=lambda _: None, failed={})
    return [finding for outcome in outcomes for finding in outcome.findings]
