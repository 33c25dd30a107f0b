"""The rule ``search-one-change``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.finding import Citation, Finding
from advisor.rule import StudyExample, option
from advisor.sweep import Design, Search
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite
from advisor_rules.trials import grid, tried

_MOST = 200
"""Combinations beyond which the effects of a handful of settings can be fitted anyway."""


class SearchOneChange(SearchRule):
    """Several settings changed at once from run to run, so that no effect can be told.

    ## What it checks
    Runs whose log says when they started, in that order: whether in at least ``share`` of the
    steps from one configuration to the next several settings changed, and whether the runs are
    too few, or changed too much in parallel, to fit the effect of each setting. Grids and random
    draws are left alone, and so are runs from which the effects can be fitted.

    ## Why it matters
    If the score rises after two changes, either may have helped and the other may have hurt.
    What was learned from the run is then which pair to keep, not why.

    ## What to do
    Change one setting at a time, or lay the runs out so that effects can be told: a random
    search does that as well.

    ## When to ignore it
    The settings belong together: a model with the rate that its authors give.
    """

    name = "search-one-change"
    symptoms = (symptoms.SEARCH_CONFOUNDED,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.overview("Tune step by step, from what the last results show."),
    )
    basis: ClassVar[str] = "the settings and times as recorded"
    texts: ClassVar[dict[str, str]] = {
        "title": "Change one setting at a time",
        "observed": "Several settings changed at once",
        "evidence": "In {multiple:step} of {steps:count step|steps} from run to run several of "
        "{names:names} changed, and {runs:count run|runs} are too few to tell their effects apart.",
        "do": "Go back to {best:name}, the best run, and undo its changes one at a time.",
        "why": "After two changes at once, either may have helped while the other did harm.",
        "check": "Each comparison differs in one setting, and its effect in the table has a name.",
        "unless": "the settings belong together.",
    }

    share: float = option(
        0.5,
        "share of steps with several changes",
        source="chosen by eye: the rule rather than the exception",
        gt=0,
        le=1,
    )
    steps: int = option(3, "fewest steps between runs", source="chosen by eye", ge=2)

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return runs with all changed at once, one at a time, and a grid."""
        rates, drops, widths = (0.1, 0.03, 0.01, 0.003), (0.0, 0.1, 0.2, 0.3), (32, 64, 128, 256)
        together = [
            (0.5 + 0.05 * i, {"lr": rates[i], "dropout": drops[i], "hidden": widths[i]})
            for i in range(4)
        ]
        single = [
            (0.5 + 0.05 * i, {"lr": rates[min(i, 1)], "dropout": drops[max(i - 1, 0)]})
            for i in range(4)
        ]
        laid_out = {(r, d): 0.5 + r for r in rates[:3] for d in drops[:2]}
        return (
            StudyExample("all at once", tried(*together), fires=True),
            StudyExample("one at a time", tried(*single), fires=False),
            StudyExample("a grid", grid("lr", "dropout", laid_out), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look at the steps from run to run."""
        steps = search.changes if search.ordered else ()
        multiple = sum(len(step) > 1 for step in steps)
        if len(steps) < self.steps or multiple < self.share * len(steps):
            return
        if search.design in (Design.GRID, Design.RANDOM) or _effects_can_be_told(search):
            return
        changed = {name for step in steps for name in step}
        yield self.finding(
            confidence=0.6,
            evidence=[cite(search, "steps in which several settings changed", multiple)],
            multiple=multiple,
            steps=len(steps),
            runs=len(search.trials),
            names=tuple(f.path for f in search.factors if f.name in changed),
            best=search.best.name,
        )


def _effects_can_be_told(search: Search) -> bool:
    """Tell whether the effect of every value of every setting can be fitted from these runs.

    The rank of the design matrix of main effects, and one combination more than its columns.
    """
    table = np.unique(search.matrix[(search.matrix >= 0).all(axis=1)], axis=0)
    if len(table) > _MOST:
        return True
    columns = [np.ones(len(table))]
    for place, factor in enumerate(search.factors):
        columns += [table[:, place] == level for level in range(1, len(factor.levels))]
    design = np.column_stack(columns).astype(float)
    effects = design.shape[1]
    return len(table) > effects and bool(np.linalg.matrix_rank(design) == effects)
