"""The rule ``search-random-over-grid``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.rule import NotApplicable, StudyExample, option
from advisor.sweep import Design, Search
from advisor.sweep.importance import importance
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite, numbers
from advisor_rules.trials import grid, tried


class SearchRandomOverGrid(SearchRule):
    """A grid spends most of its runs on a setting that hardly matters.

    ## What it checks
    Whether the runs fill a grid over two or more settings, of which one explains at least
    ``share`` of the variance of the ranks of the scores, beyond chance, and another number
    explains nothing that could be told from chance. One axis, or a grid in which both matter, is
    left alone.

    ## Why it matters
    A grid of nine runs tries three values of each of two settings. Nine random draws try nine
    values of each. Where only one of the two matters, the grid has looked at three points of it,
    and the random search at nine.

    ## What to do
    Draw the values of the next runs at random, the important one on a logarithmic scale if it is
    a rate.

    ## When to ignore it
    The grid is finished and what remains is to refine around its best point.
    """

    name = "search-random-over-grid"
    symptoms = (symptoms.SEARCH_GRID,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("Random search gives the important hyperparameter more distinct values."),
        Citation(
            source="Bergstra & Bengio (2012), Random search for hyper-parameter optimization",
            supports="Few hyperparameters matter for a given data set; random trials find good "
            "values of these in fewer runs than a grid.",
            url="https://jmlr.org/papers/v13/bergstra12a.html",
        ),
    )
    basis: ClassVar[str] = "that one setting decides is told from chance by these runs"
    texts: ClassVar[dict[str, str]] = {
        "title": "Draw values at random instead of from a grid",
        "observed": "A grid in which one setting decides",
        "evidence": "{runs:count run|runs} form a grid. {main:name} explains {share:percent} of "
        "the differences between them (at least {low:percent}), and was tried at "
        "{levels:count value|values} only; {other:name} explains none that can be told from "
        "chance.",
        "do": "Draw {main:name} anew for each of the next runs, around its best values, and "
        "{other:name} with it.",
        "why": "In a grid, every value of a setting that does not matter repeats the same few "
        "values of the one that does.",
        "check": "As many runs then show as many values of {main:name}.",
        "unless": "the grid only had to confirm one value.",
    }

    share: float = option(
        0.5,
        "share of the variance of the ranks that the deciding setting explains",
        source="chosen by eye: it then decides more than all the rest",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return grids in which one setting matters and in which both do, and random draws."""
        rates, drops = (1e-4, 1e-3, 1e-2), (0.1, 0.2, 0.3, 0.4)
        rows = [(r, d, i, j) for i, r in enumerate(rates) for j, d in enumerate(drops)]
        one = {(r, d): 0.5 + 0.15 * i + 0.002 * (-1) ** (i + j) for r, d, i, j in rows}
        both = {(r, d): 0.5 + 0.1 * i + 0.07 * j for r, d, i, j in rows}
        drawn = (
            (0.5 + 0.1 * (i % 4), {"lr": 10.0 ** (-4 + 0.3 * i), "dropout": 0.03 * (i * 5 % 11)})
            for i in range(12)
        )
        return (
            StudyExample("only the rate matters", grid("lr", "dropout", one), fires=True),
            StudyExample("both matter", grid("lr", "dropout", both), fires=False),
            StudyExample("drawn at random", tried(*drawn), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look for a setting that decides, and one that does not, in a grid."""
        if len(search.factors) < 2:
            raise NotApplicable("fewer than two settings varied between the runs")
        if search.design is not Design.GRID:
            return
        shares = {f.name: share for f in numbers(search) if (share := importance(search, f))}
        told = [name for name, s in shares.items() if s.told and s.share >= self.share]
        idle = [name for name, s in shares.items() if not s.told]
        if not told or not idle:
            return
        main = max(told, key=lambda name: shares[name].share)
        factor = next(f for f in search.factors if f.name == main)
        found = shares[main]
        yield self.finding(
            confidence=0.7,
            evidence=[cite(search, f"share that {main} explains", found.share, self.share)],
            runs=len(search.trials),
            main=factor.path,
            levels=len(factor.levels),
            share=found.share,
            low=found.low,
            other=next(f.path for f in search.factors if f.name == idle[0]),
        )
