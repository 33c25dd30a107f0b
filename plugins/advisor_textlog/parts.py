"""Runs and restarts: what it means that the steps of a file go back.

Back to where the file's steps began, another run begins: nothing was carried over from the one
before, whether that had ended or crashed. Back to a later step, the run goes on from a checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from advisor_textlog.dialect import Line


@dataclass(slots=True)
class Part:
    """The lines of one run."""

    lines: list[Line] = field(default_factory=list)
    segments: list[int] = field(default_factory=list)
    """For each line, how often the run had been resumed."""


def parts(lines: list[Line]) -> list[Part]:
    """Take the lines of a file apart into runs."""
    found: list[Part] = []
    for line in lines:
        if not found or _anew(found[-1], line):
            found.append(Part([line], [0]))
            continue
        run = found[-1]
        resumed = line.step < run.lines[-1].step
        run.segments.append(run.segments[-1] + resumed)
        run.lines.append(line)
    return found


def _anew(run: Part, line: Line) -> bool:
    first = run.lines[0].step
    return line.step < run.lines[-1].step and line.step <= first <= max(1, _interval(run))


def _interval(run: Part) -> int:
    """Return how many steps the first two lines lie apart; a file may begin at a checkpoint."""
    return next((b.step - a.step for a, b in pairwise(run.lines) if b.step > a.step), 0)
