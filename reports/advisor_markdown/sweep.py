"""The runs compared with each other: what varied, what it explains, and where to look next."""

from __future__ import annotations

from advisor.language import tell, term, word
from advisor.presentation import setting_text
from advisor.report.sweep import Sweep, SweepFactor, SweepRow
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
    judged = tell(_JUDGED[sweep.direction, sweep.weak], objective=gh.name(sweep.objective))
    parts = [f"{judged} {gh.sentence(sweep.design)} {gh.sentence(sweep.noise)}"]
    if sweep.factors:
        rows = fitting((_factor(f) for f in sweep.factors[:FACTORS]), ROOM)
        head = gh.table_head(tuple(map(word, _FACTOR_COLUMNS)))
        parts += ["\n".join((head, *rows)), gh.sentence(sweep.method)]
    parts += [_runs(sweep), *(gh.sentence(one) for one in sweep.left_out)]
    titles = gh.titled(word("Runs compared"), f"{sweep.runs:,}")
    return dialect.fold(*titles, "\n\n".join(parts))


_JUDGED = {
    ("max", False): term("By {objective:sentence}, higher is better."),
    ("min", False): term("By {objective:sentence}, lower is better."),
    ("max", True): term(
        "By {objective:sentence}, higher is better, weak: no validation is logged."
    ),
    ("min", True): term("By {objective:sentence}, lower is better, weak: no validation is logged."),
}
_FACTOR_COLUMNS = (
    term("Setting"),
    term("Values tried"),
    term("Importance"),
    term("Search next"),
)


def _factor(factor: SweepFactor) -> str:
    following = gh.sentence(factor.search.message) if factor.search else ""
    said = (gh.sentence(factor.tried), gh.sentence(factor.importance), following)
    return gh.row((gh.name(factor.path), *said))


def _runs(sweep: Sweep) -> str:
    factors = sweep.factors[:COLUMNS]
    rows = fitting((_run(row, factors) for row in sweep.rows[:ROWS]), ROOM)
    columns = (word("Run"), word("Best, smoothed"), *(gh.name(f.path) for f in factors))
    head = gh.table_head(columns, frozenset((1,)))
    more = sweep.runs - len(rows)
    rest = f"\n\n{tell('{n:count more run|more runs}.', n=more)}" if more else ""
    return "\n".join((head, *rows)) + rest


def _run(row: SweepRow, factors: tuple[SweepFactor, ...]) -> str:
    settings = (
        gh.escape(setting_text(f.parameter, row.settings[f.parameter]))
        if f.parameter in row.settings
        else ""
        for f in factors
    )
    score = word("none") if row.score is None else number(row.score)
    return gh.row((gh.name(row.run), score, *settings))
