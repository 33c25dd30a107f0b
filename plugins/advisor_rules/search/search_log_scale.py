"""The rule ``search-log-scale``."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.rule import StudyExample, option
from advisor.sweep import Factor, Search
from advisor.sweep.names import is_rate_like
from advisor.sweep.profile import profile
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite, listed, numbers
from advisor_rules.trials import along, tried

_DRAWN = 8
"""Values from which on their spread over the decades tells how they were drawn."""
_TOP = 0.8
"""Of values drawn evenly over two decades, nine in ten lie in the upper one; of values drawn
evenly by their logarithm, a half."""
_EVEN = 0.1
"""Relative difference up to which steps are equal: values are rounded."""
_REACH = 3.0
"""Below such a factor from end to end the two scales hardly differ."""


class SearchLogScale(SearchRule):
    """A learning rate or a penalty was searched in equal steps, or over less than a decade.

    ## What it checks
    The values of every learning rate, weight decay and similar penalty that varied: whether at
    least ``values`` of them lie in equal steps, whether they were drawn evenly instead of by
    their logarithm (nearly all in the upper of two or more decades), or whether all lie within
    one decade and the best is not surrounded by worse ones.

    ## Why it matters
    A rate works by its order of magnitude: 0.0001 to 0.0002 is as large a step as 0.1 to 0.2.
    Equal steps spend nearly all runs on the largest order of magnitude.

    ## What to do
    Go in steps of a constant factor: ten for a first look, three or two around the best value.

    ## When to ignore it
    A wider search was done before, elsewhere.
    """

    name = "search-log-scale"
    symptoms = (symptoms.SEARCH_SCALE,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(3, "Search the learning rate in ten-fold steps."),
        sources.wandb(2, "Raise the rate by a constant factor, and look at it on a log scale."),
    )
    basis: ClassVar[str] = "the values that were tried, as recorded"
    texts: ClassVar[dict[str, str]] = {
        "title": "Search {name:name} in steps of a constant factor",
        "observed": "A rate was searched on the wrong scale",
        "evidence": "{name:name} was tried at {count:count value|values} in equal steps: "
        "{values:text}.",
        "evidence.drawn": "Of {count:count value|values} of {name:name}, from {low:rate} to "
        "{high:rate}, {share:percent} lie in the upper decade.",
        "evidence.narrow": "All {count:count value|values} of {name:name} lie within a factor of "
        "{factor:number}: {values:text}.",
        "do": "Try {name:name} at values that differ by a factor of 10, then by 2 or 3 around the "
        "best.",
        "why": "The effect of a rate goes by its order of magnitude: equal steps look closely at "
        "the largest values, and hardly at the others.",
        "check": "The score, drawn over the logarithm of {name:name}, falls off on both sides.",
        "unless": "a wider search came before these runs.",
    }

    values: int = option(
        4,
        "fewest distinct values that show a scale; five within a decade",
        source="chosen by eye: three equal steps can be chance",
        ge=3,
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return rates in equal steps and within a decade, and in steps of a factor."""
        even = {0.01 * i: 0.5 + 0.02 * i for i in range(1, 7)}
        narrow = {0.01 * 1.3**i: 0.6 + 0.02 * i for i in range(6)}
        wide = {10.0**-i: 0.9 - 0.05 * (i - 3) ** 2 for i in range(1, 6)}
        refined = {1e-3 * 1.5**i: 0.9 - 0.05 * (i - 2) ** 2 for i in range(5)}
        other = ((0.5 + 0.05 * i, {"lr": 0.1, "layers": i}) for i in range(1, 7))
        return (
            StudyExample("equal steps", along("lr", even), fires=True),
            StudyExample("within a factor of four", along("lr", narrow), fires=True),
            StudyExample("ten-fold steps", along("lr", wide), fires=False),
            StudyExample("fine, with the best inside", along("lr", refined), fires=False),
            StudyExample("another setting in equal steps", tried(*other), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look at the values of each rate and penalty; the first finding stands for all."""
        for factor in numbers(search):
            values = tuple(value for value in factor.numbers if value > 0)
            how = self._wrong(search, factor, values)
            if not is_rate_like(factor.name) or not how:
                continue
            low, high = values[0], values[-1]
            yield self.finding(
                confidence=0.6,
                evidence=[cite(search, f"values of {factor.name} that were tried", len(values))],
                variants={} if how == "even" else {"evidence": how},
                name=factor.path,
                count=len(values),
                values=listed(values),
                low=low,
                high=high,
                share=_upper(values),
                factor=high / low,
            )
            return

    def _wrong(self, search: Search, factor: Factor, values: tuple[float, ...]) -> str:
        """Return what is wrong with the scale: ``even``, ``drawn``, ``narrow`` or nothing."""
        if len(values) < self.values:
            return ""
        reach = values[-1] / values[0]
        if reach >= _REACH and _equal_steps(values):
            return "even"
        if reach >= 100.0:
            return "drawn" if len(values) >= _DRAWN and _upper(values) >= _TOP else ""
        found = profile(search, factor)
        bracketed = found is None or 0 < found.best < len(found.values) - 1
        narrow = reach < 10.0 and len(values) > self.values
        return "narrow" if narrow and not bracketed else ""


def _equal_steps(values: tuple[float, ...]) -> bool:
    steps = [high - low for low, high in pairwise(values)]
    return max(steps) - min(steps) <= _EVEN * max(steps)


def _upper(values: tuple[float, ...]) -> float:
    """Return the share of values within a factor of ten of the largest."""
    return sum(value > values[-1] / 10.0 for value in values) / len(values)
