"""The runs compared with each other, in a few lines."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from advisor.language import shown, tell, word
from advisor.report.sweep import Sweep
from advisor.text import number
from advisor_terminal.words import QUIET, name, sentence

FACTORS = 3
"""Settings with a line each, what explains most first."""


def lines(sweep: Sweep) -> Iterator[Text]:
    """Yield the best run, what decides, and what differences are held against."""
    best = sweep.rows[0]
    score = word("none") if best.score is None else number(best.score)
    of = tell("Best of {n:step}: ", n=sweep.runs)
    by = tell(", {score:sentence} smoothed, by ", score=score)
    yield Text.assemble(of, name(best.run), by, name(sweep.objective, 30))
    for factor in sweep.factors[:FACTORS]:
        line = Text.assemble(name(factor.path, 30), word(": "), sentence(factor.importance))
        if factor.search:
            text = "Search {range:sentence}."
            line.append(" ")
            line.append_text(sentence(tell(text, range=shown(factor.search.message))))
        yield line
    if (more := len(sweep.factors) - FACTORS) > 0:
        yield Text(tell("and {more:step} more that varied", more=more), QUIET)
    yield sentence(sweep.noise, QUIET)
