"""The rule ``search-order``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.hyperparameters import as_number
from advisor.rule import StudyExample, option
from advisor.sweep import Search
from advisor.sweep.names import leaf
from advisor.sweep.region import LENGTHS
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite
from advisor_rules.trials import tried

_RATE = re.compile(r"(^|_)lrs?\d*$|learning_rate")
_RATELESS = re.compile(r"adapt|prodigy|adafactor|lbfgs|schedule_?free|mechanic", re.IGNORECASE)
"""Optimizers that set the rate themselves."""


class SearchOrder(SearchRule):
    """Other settings were searched while the learning rate stayed at one value.

    ## What it checks
    Whether at least ``settings`` other settings were varied, over at least ``configurations``
    combinations, while every run recorded the same learning rate. The length of the training
    does not count, and optimizers that set their own rate are left alone.

    ## Why it matters
    The learning rate matters more than any other setting, and the best values of most others
    depend on it. What was found at a rate that is not the right one may not hold at the one
    that is.

    ## What to do
    Search the rate first, with the best of these runs; then return to the others.

    ## When to ignore it
    The rate was found by a range test, or in an earlier search with the same model.
    """

    name = "search-order"
    symptoms = (symptoms.SEARCH_ORDER,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(3, "Rate and epochs come first, then batch size, then the decay."),
        sources.notes("The rate is the first thing to search, then the rest in a coarse grid."),
        sources.wandb(2, "The learning rate is the setting to get right first."),
    )
    basis: ClassVar[str] = "the settings as recorded; a search outside these logs is not seen"
    texts: ClassVar[dict[str, str]] = {
        "title": "Search the learning rate before the rest",
        "observed": "The learning rate was never varied",
        "evidence": "{runs:count run|runs} tried {count:count combination|combinations} of "
        "{names:names}, all at {path:name} = {rate:rate}.",
        "do": "Start from {best:name}, the best of them, and try {path:name} three and ten times "
        "as large and as small.",
        "why": "The rate decides more than the other settings, and their best values depend on it.",
        "check": "Either {rate:rate} comes out best, or the score rises by more than the other "
        "settings changed it.",
        "unless": "the rate was searched before, for this model and these data.",
    }

    settings: int = option(
        2, "fewest other settings that were varied", source="chosen by eye", ge=1
    )
    configurations: int = option(
        5,
        "fewest combinations of them that were run",
        source="chosen by eye: fewer runs are no search yet",
        ge=2,
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return a search without the rate, one with it, and a single comparison."""
        shapes = [(w, d) for w in (32, 64, 128) for d in (0.1, 0.3)]
        fixed = [
            (0.5 + 0.01 * i, {"lr": 1e-3, "hidden": w, "dropout": d})
            for i, (w, d) in enumerate(shapes)
        ]
        moved = [(s, {**c, "lr": 10.0 ** -(2 + i % 3)}) for i, (s, c) in enumerate(fixed)]
        unknown = [(s, {"hidden": c["hidden"], "dropout": c["dropout"]}) for s, c in fixed]
        return (
            StudyExample("width and dropout at one rate", tried(*fixed), fires=True),
            StudyExample("the rate as well", tried(*moved), fires=False),
            StudyExample("the rate is not recorded", tried(*unknown), fires=False),
            StudyExample("three runs", tried(*fixed[:3]), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look for what varied while the rate did not."""
        value = as_number(search.constant.get("learning_rate"))
        varied = [f for f in search.factors if f.name not in LENGTHS]
        if value is None or any(_RATE.search(leaf(f.name)) for f in varied):
            return
        if len(varied) < self.settings or search.configurations < self.configurations:
            return
        optimizer = search.best.tuned.get("optimizer")
        if optimizer is not None and _RATELESS.search(str(optimizer.key)):
            return
        yield self.finding(
            confidence=0.6,
            evidence=[cite(search, "combinations at one rate", search.configurations)],
            runs=len(search.trials),
            count=search.configurations,
            names=tuple(f.path for f in varied),
            path=search.best.tuned["learning_rate"].path
            if "learning_rate" in search.best.tuned
            else "learning_rate",
            rate=value,
            best=search.best.name,
        )
