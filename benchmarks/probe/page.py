"""Writes the page on what the probe gets right, from the committed rows.

.venv/bin/python -m benchmarks.probe.page
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from . import sections
from .advice_cases import cases
from .cells import cells
from .programs import programs
from .rows import RESULTS, Row, rows

PAGE = Path(__file__).parents[2] / "docs" / "probe-accuracy.md"
HEAD = """<!-- Written by `make bench-probe`: change benchmarks/probe. -->

# How often the probe is right

Everything here was measured on a CPU, with small made data sets and networks (`bases.py`): the
figures say what the probe does on such programs, and what it costs. In brackets: Wilson's 95 %
interval."""
PROGRAMS = """## Planted faults

`python -m benchmarks.probe`: fifteen sound programs, each a data set with an architecture of its
own; the same with one fault planted each; with a learning rate 100 times above or below the middle
of those that do well (`suited.py`), of Adam and of SGD; and controls, which are sound but look
unusual: clipping, accumulation, closures, min-max scaling, label noise, imbalance. A fault counts
as named where one of its rules fires, a rate as called where its direction is right; an alarm is a
warning or an error. "First" are six programs on which rules were changed in earlier looks, "fresh"
nine others. With these, some things were changed: how many samples `overfit` learns by heart where
each holds many predictions, how long `rates` sweeps and `generalization` trains where nothing is
learned, how `rate-choice` compares, and which rates `probe-lr-range` calls. So the rates and the
controls of `checkers` are not fresh any more; the faults are."""
ADVICE = """## What the first advice gains

`python -m benchmarks.probe.advice`: programs with a learning rate, or another setting, that is off.
The first change that the diagnoses order is verified over 100 steps, as `advisor verify` does where
nothing says how long the real training is; and then over 1,000, from other seeds, 4 or 8 pairs
each. What counts in both is the lowest held-out loss that a training reaches, at nine checkpoints:
that of the weights one would keep. A change gains where that is lower beyond chance (95 %).
*better* is wrong where the change does not gain over 1,000 steps. "Seen" are programs of four data
sets, on which it was found how to tell what lasts; "fresh" those of others. After 18 fresh ones one
bound was set (how much a training may gather pace), which made one of their rulings *better* that
had been open. What gains and is not called *better* is left open: what is behind was still falling.
A rate that is off for the 300 steps by which it was planted need not be for 1,000."""
REGRET = """## Learning-rate regret

`python -m benchmarks.probe.regret`: cells of a data set, an architecture and an optimizer, three
seeds each. Each tool suggests a rate by its own code and defaults (fastai 2.8.12, torch-lr-finder
0.2.2, Lightning 2.6.6; advisor's is what its report orders, and else the user's own, here SGD 1e-2
and Adam 1e-3). All suggestions are trained for 400 steps with a cosine decay beside 13 rates from
1e-5 to 10. The regret is what is lost of the gain of the best of these over guessing, on test data;
at most 1. How `rate-choice` compares rates was developed on the first 15 cells; the others were
first measured when it was final."""
SPEED = """## Speed

`python -m benchmarks.probe.speed`: processor time on one thread, medians of 7 pairs taken in turn.
A sweep trains 32 rates; the range test is compared step by step with that of torch-lr-finder
(medians of 15), and so are the forward and backward passes and the steps alone: the least that any
range test takes."""


def page() -> str:
    """Return the page as Markdown; what was not measured yet is left out."""
    parts = [HEAD]
    if found := rows("programs"):
        parts += [PROGRAMS, _until_now(found, programs()), *sections.programs(found)]
    if advised := rows("advice"):
        parts += [ADVICE, _until_now(advised, cases()), *sections.advice(advised)]
    if measured := rows("regret"):
        parts += [REGRET, _until_now(measured, cells()), *sections.regrets(measured)]
    for file in sorted(RESULTS.glob("speed-*.csv")):
        parts += [SPEED, sections.speed(rows(file.stem))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _until_now(found: Sequence[Row], planned: Iterable[object]) -> str:
    count = sum(1 for _ in planned)
    return "" if len(found) == count else f"Measured until now: {len(found)} of {count}."


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
