"""Whether the first advice of a probe gains, and whether a verification says what lasts.

    .venv/bin/python -m benchmarks.probe.advice [WORD]

Each of the six sound programs gets a learning rate that is 10 to 300 times too high or too
low. The probes that judge rates run; the first change that the diagnoses order is verified over
100 steps; and then trained ten times as long, with and without, to see whether it was right.
WORD chooses programs by their names.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import torch

from advisor.diagnose import Diagnoser
from advisor.finding import Finding
from advisor.prober import VerifyRequest
from advisor.testing.reports import empty_report
from advisor.verification import Verification
from advisor_probe import ProbeTarget
from advisor_probe.rules import RULES
from advisor_probe.trials import carried_in_process
from advisor_probe.verifying import Verifying

from .__main__ import found
from .bases import BASES, Base

BATTERY = ("loop", "rates", "rate-choice")
FACTORS = (10.0, 30.0, 100.0, 300.0)
SHORT, LONG = 100, 1000


class Case(NamedTuple):
    """A program whose learning rate is off."""

    name: str
    target: ProbeTarget


def cases() -> Iterator[Case]:
    """Yield all programs with a wrong rate."""
    for base in BASES:
        for factor in FACTORS:
            yield Case(f"{base.name}: {factor:g} times too high", _set(base, base.rate * factor))
            yield Case(f"{base.name}: {factor:g} times too low", _set(base, base.rate / factor))


def _set(base: Base, rate: float) -> ProbeTarget:
    return base.target(
        optimizer=lambda model, settings: torch.optim.Adam(model.parameters(), settings["lr"]),
        settings={"lr": rate},
    )


def main(word: str) -> None:
    """Print what is advised, measured and true of each program, and the counts."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    began = time.perf_counter()
    counts: Counter[tuple[str, str]] = Counter()
    for case in cases():
        if word not in case.name:
            continue
        torch.manual_seed(0)
        advised = first_advice(found(case.target, BATTERY))
        if advised is None:
            counts["silent", ""] += 1
            print(f"{case.name:40} no change is advised", flush=True)
            continue
        short, long = (verified(case.target, advised, steps) for steps in (SHORT, LONG))
        counts[short.ruling, long.ruling] += 1
        print(f"{case.name:40} {short.message.text} | {long.message.text}", flush=True)
    for (short_ruling, long_ruling), count in sorted(counts.items()):
        print(f"{count:3} {short_ruling} {'then ' * bool(long_ruling)}{long_ruling}")
    print(f"{time.perf_counter() - began:.0f} s")


def first_advice(findings: list[Finding]) -> Finding | None:
    """Return the finding whose change the diagnoses order first."""
    located = [finding.located("probe") for finding in findings]
    by_id = {finding.id: finding for finding in located}
    diagnoses = Diagnoser({rule.name: rule() for rule in RULES}).diagnose(located)
    return next((by_id[d.leading] for d in diagnoses if d.next.changes), None)


def verified(target: ProbeTarget, finding: Finding, steps: int) -> Verification:
    """Verify the changes of a finding, in this process."""
    report = empty_report().model_copy(update={"findings": (finding,)})
    request = VerifyRequest(target="benchmark", training=steps, device="cpu")
    carry = carried_in_process(target, seconds=3600.0)
    return Verifying(request, lambda _: None, carry).verified(report)[0]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
