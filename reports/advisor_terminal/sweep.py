"""The runs compared with each other, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from advisor.sweep_report import Sweep
from advisor.text import number
from advisor_terminal.words import QUIET, name, sentence

FACTORS = 3
"""Settings with a line each, what explains most first."""


def lines(sweep: Sweep) -> Iterator[Text]:
    """Yield the best run, what decides, and what differences are held against."""
    best = sweep.rows[0]
    score = "none" if best.score is None else number(best.score)
    objective = name(sweep.objective, 30)
    yield Text.assemble(
        "Best of ", f"{sweep.runs:,}: ", name(best.run), f", {score} by ", objective
    )
    for factor in sweep.factors[:FACTORS]:
        line = Text.assemble(name(factor.path, 30), ": ", sentence(factor.importance))
        if factor.search:
            line.append_text(Text.assemble(" Search ", sentence(factor.search.message), "."))
        yield line
    if (more := len(sweep.factors) - FACTORS) > 0:
        yield Text(f"and {more:,} more that varied", QUIET)
    yield sentence(sweep.noise, QUIET)
