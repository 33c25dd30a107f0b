"""Probe every program, and count what is named, missed and wrong.

    .venv/bin/python -m benchmarks.probe            all programs: about ten minutes
    .venv/bin/python -m benchmarks.probe shuffled   those whose name holds a word

The battery runs in this process up to ``rate-choice``. A sound program counts as wrongly accused
where any rule fires as a warning or an error.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import torch

from advisor.finding import Finding, Severity
from advisor.judge import judge
from advisor.prober import ProbeRequest
from advisor.understand import understand
from advisor.view import Judged
from advisor_probe import ProbeTarget
from advisor_probe.collected import Collected
from advisor_probe.isolation.job import Job
from advisor_probe.results import to_run
from advisor_probe.rules import RULES
from advisor_probe.workbench.work import attempted

from .programs import programs

BATTERY = (
    "one-step", "initial-loss", "outputs", "inputs", "layers", "loop", "evaluation", "overfit",
    "generalization", "rates", "rate-choice",
)  # fmt: skip


def main(word: str) -> None:
    """Probe the programs whose name holds ``word`` and print what came of it."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    named = missed = sound = accused = 0
    began = time.perf_counter()
    for program in programs():
        if word not in program.name:
            continue
        torch.manual_seed(0)
        findings = found(program.make())
        loud = sorted({f.rule for f in findings if f.severity is not Severity.NOTE})
        if program.rules:
            hit = any(finding.rule in program.rules for finding in findings)
            named, missed = named + hit, missed + (not hit)
        else:
            hit = not loud
            sound, accused = sound + 1, accused + bool(loud)
        print(f"{'ok  ' if hit else 'MISS'} {program.name:45} {', '.join(loud)}", flush=True)
    print(
        f"faults named: {named} of {named + missed}; sound programs accused: {accused} of {sound}"
    )
    print(f"{time.perf_counter() - began:.0f} s")


def found(target: ProbeTarget, battery: Sequence[str] = BATTERY) -> list[Finding]:
    """Probe a target as the command does, up to the first error in the program."""
    collected = Collected(ProbeRequest("benchmark", Path()))
    findings: list[Finding] = []
    for probe in battery:
        job = Job(probe=probe, device="cpu")
        attempted(job, lambda text: collected.hear(json.loads(text)), lambda: target)
        findings = judged(collected)
        if any(finding.severity is Severity.ERROR for finding in findings):
            break
    return findings


def judged(collected: Collected) -> list[Finding]:
    """Return what the rules find in what was measured so far."""
    run = to_run(collected.results(), "probe")
    view = Judged(run, understand(run))
    rules = [rule() for rule in RULES]
    outcomes = judge(view, rules, seconds=10.0, started=lambda _: None, failed={})
    return [finding for outcome in outcomes for finding in outcome.findings]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
