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
from .rows import add, missing, order

NAME = "programs"


def main(words: list[str]) -> None:
    """Probe the programs whose names hold all ``words`` and that have no row yet."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    by_name = {program.name: program for program in programs()}
    for name in missing(NAME, by_name):
        if all(word in name for word in words):
            _measured(by_name[name])
    order(NAME, by_name)


def _measured(program: Program) -> None:
    torch.manual_seed(0)
    began = time.perf_counter()
    # A rate counts as called once candidates were trained beside it, and not before.
    enough = program.rules if program.kind == "fault" else ()
    findings = found(program.make(), program.battery, enough)
    fired = " ".join(sorted(map(_short, findings)))
    seconds = f"{time.perf_counter() - began:.1f}"
    rules = " ".join(program.rules)
    add(NAME, {"name": program.name, "kind": program.kind, "rules": rules, "fired": fired,
               "seconds": seconds})  # fmt: skip
    print(f"{program.name:50} {seconds:>6} s  {fired}", flush=True)


def _short(finding: Finding) -> str:
    """Return rule and severity, and which variant it is: ``probe-lr-range:warning:low``."""
    variant = finding.advice.title.id.partition(".title")[2].removeprefix(".")
    return ":".join(filter(None, (finding.rule, finding.severity.value, variant)))


if __name__ == "__main__":
    main(sys.argv[1:])
