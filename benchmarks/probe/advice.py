"""Whether the first advice of a probe gains, and whether a verification says what lasts.

    .venv/bin/python -m benchmarks.probe.advice [WORD ...]

Programs get a learning rate, or another setting, that is off. The probes that judge it run; the
first change that the diagnoses order is verified over 100 steps, as a user would who does not say
how long the real training is; and then from other seeds over ten times as many, to see whether it
was right. What is compared is in both the lowest held-out loss that a training reaches, at the
checkpoints of ``advisor verify``. Words choose programs by their names. A row is added to
``results/advice.csv`` for each: started again, it goes on where it ended.
"""

from __future__ import annotations

import dataclasses
import sys
import time
import warnings

import torch

from advisor.finding import Finding
from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.prober import VerifyRequest
from advisor.testing.reports import empty_report
from advisor.verification import Verification
from advisor_probe import ProbeTarget
from advisor_probe.rules import RULES
from advisor_probe.trials import carried_in_process
from advisor_probe.verifying import Verifying

from .advice_cases import Case, cases
from .probing import found
from .rows import fill

NAME = "advice"
SHORT, LONG = 100, 1000
OTHER_SEEDS = 100
SECONDS = 900.0
"""That one training may take at most."""


def main(words: list[str]) -> None:
    """Measure the programs whose names hold all ``words`` and that have no row yet."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    fill(NAME, {case.name: case for case in cases()}, words, _measured)


def _measured(case: Case) -> dict[str, str]:
    """Return what is advised, measured and true of a program."""
    torch.manual_seed(0)
    began = time.perf_counter()
    advised = first_advice(found(case.target, case.battery))
    row = {"name": case.name, "kind": case.kind, "advised": _said(advised)}
    whole = dataclasses.replace(case.target, steps=LONG)
    for title, target, steps, seed in (
        ("short", case.target, SHORT, 0),
        ("long", whole, LONG, OTHER_SEEDS),
    ):
        told = verified(target, advised, steps, seed) if advised else None
        row |= {title: told.ruling if told else ""}
        row |= {f"{title}_{part}": _number(told, part) for part in ("gain", "low", "high", "pairs")}
    row["seconds"] = f"{time.perf_counter() - began:.1f}"
    print(*row.values(), flush=True)
    return row


def _said(finding: Finding | None) -> str:
    """Return the rule and what it changes: ``probe-lr-range learning_rate 3.2 to 0.03``."""
    if finding is None:
        return ""
    changes = [f"{c.parameter} {_value(c.before)} to {_value(c.after)}" for c in finding.changes]
    return f"{finding.rule} {', '.join(changes)}"


def _value(value: Value) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _number(told: Verification | None, part: str) -> str:
    value = getattr(told, part, None)
    return "" if value is None else f"{value:.4g}"


def first_advice(findings: list[Finding]) -> Finding | None:
    """Return the finding whose change the diagnoses order first."""
    located = [finding.located("probe") for finding in findings]
    by_id = {finding.id: finding for finding in located}
    diagnoses = Diagnoser({rule.name: rule() for rule in RULES}).diagnose(located)
    return next((by_id[d.leading] for d in diagnoses if d.next.changes), None)


def verified(target: ProbeTarget, finding: Finding, steps: int, seed: int) -> Verification:
    """Verify what a finding changes, in this process."""
    report = empty_report().model_copy(update={"findings": (finding,)})
    request = VerifyRequest(target="benchmark", training=steps, device="cpu", seed=seed)
    carry = carried_in_process(target, SECONDS)
    return Verifying(request, lambda _: None, carry).verified(report)[0]


if __name__ == "__main__":
    main(sys.argv[1:])
