"""The runs compared with each other: what varied, what it explains, and where to look next."""

from __future__ import annotations

from advisor.presentation import setting_text
from advisor.sweep_report import Sweep, SweepFactor, SweepRow
from advisor.text import number
from advisor_markdown import github as gh
from advisor_markdown.budget import fitting
from advisor_markdown.dialect import Dialect

FACTORS, ROWS, COLUMNS = 8, 10, 4
"""Settings, runs, and columns of settings: the page has the rest."""
ROOM = 2_500
"""Characters of each of the two tables."""


def section(sweep: Sweep, dialect: Dialect) -> str:
    """Write the comparison, folded."""
    better = "higher" if sweep.direction == "max" else "lower"
    weak = ", weak: no validation is logged" if sweep.weak else ""
    said = f"By {gh.name(sweep.objective)}, {better} is better{weak}. "
    parts = [said + f"{gh.sentence(sweep.design)} {gh.sentence(sweep.noise)}"]
    if sweep.factors:
        rows = fitting((_factor(f) for f in sweep.factors[:FACTORS]), ROOM)
        head = gh.table_head(("Setting", "Values tried", "Importance", "Search next"))
        parts += ["\n".join((head, *rows)), gh.sentence(sweep.method)]
    parts += [_runs(sweep), *(gh.sentence(one) for one in sweep.left_out)]
    counted = f"{sweep.runs:,}"
    body = "\n\n".join(parts)
    return dialect.fold(f"<b>Runs compared</b>: {counted}", f"Runs compared: {counted}", body)


def _factor(factor: SweepFactor) -> str:
    following = gh.sentence(factor.search.message) if factor.search else ""
    said = (gh.sentence(factor.tried), gh.sentence(factor.importance), following)
    return gh.row((gh.name(factor.path), *said))


def _runs(sweep: Sweep) -> str:
    factors = sweep.factors[:COLUMNS]
    rows = fitting((_run(row, factors) for row in sweep.rows[:ROWS]), ROOM)
    head = gh.table_head(("Run", "Best", *(gh.name(f.path) for f in factors)), frozenset(("Best",)))
    more = sweep.runs - len(rows)
    rest = f"\n\n{more:,} more {'run' if more == 1 else 'runs'}." if more else ""
    return "\n".join((head, *rows)) + rest


def _run(row: SweepRow, factors: tuple[SweepFactor, ...]) -> str:
    settings = (
        gh.escape(setting_text(f.parameter, row.settings[f.parameter]))
        if f.parameter in row.settings
        else ""
        for f in factors
    )
    score = "none" if row.score is None else number(row.score)
    return gh.row((gh.name(row.run), score, *settings))
