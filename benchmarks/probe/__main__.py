"""Probe every program, and write down which rules fired.

    .venv/bin/python -m benchmarks.probe            what is missing of all programs
    .venv/bin/python -m benchmarks.probe shuffled   those whose names hold all words given

The battery runs in this process, up to the first error in the program or the finding that a
planted fault should give. A row is added to ``results/programs.csv`` as soon as a program is
probed: started again, it goes on where it ended.
"""

from __future__ import annotations

import sys
import time
import warnings

import torch

from advisor.finding import Finding

from .probing import found
from .programs import Program, programs
from .rows import Row, fill

NAME = "programs"


def main(words: list[str]) -> None:
    """Probe the programs whose names hold all ``words`` and that have no row yet."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    fill(NAME, {program.name: program for program in programs()}, words, _measured)


def _measured(program: Program) -> Row:
    """Return which rules fired on a program, and say so."""
    torch.manual_seed(0)
    began = time.perf_counter()
    # A rate counts as called once candidates were trained beside it, and not before.
    enough = program.rules if program.kind == "fault" else ()
    findings = found(program.make(), program.battery, enough)
    fired = " ".join(sorted(map(_short, findings)))
    seconds = f"{time.perf_counter() - began:.1f}"
    rules = " ".join(program.rules)
    print(f"{program.name:50} {seconds:>6} s  {fired}", flush=True)
    return {"name": program.name, "kind": program.kind, "rules": rules, "fired": fired,
            "seconds": seconds}  # fmt: skip


def _short(finding: Finding) -> str:
    """Return rule and severity, and which variant it is: ``probe-lr-range:warning:low``."""
    variant = finding.advice.title.id.partition(".title")[2].removeprefix(".")
    return ":".join(filter(None, (finding.rule, finding.severity.value, variant)))


if __name__ == "__main__":
    main(sys.argv[1:])
