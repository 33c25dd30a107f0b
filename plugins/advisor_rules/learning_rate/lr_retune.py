"""The rule ``lr-retune``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from advisor.finding import Citation, Finding
from advisor.model import Value
from advisor.rule import NotApplicable, Stage, StudyExample, option
from advisor.sweep import Factor, Search
from advisor.sweep.names import is_model
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite, listed, written
from advisor_rules.trials import tried


class _Carried(NamedTuple):
    factor: Factor
    searched: int
    """The level at which the rate was searched."""
    fixed: int
    """The level at which it was not."""
    rate: float
    """The one rate that was used there."""


class LrRetune(SearchRule):
    """The learning rate was searched for one batch size, optimizer or model, and kept for another.

    ## What it checks
    Whether at one value of batch size, optimizer or model at least ``rates`` learning rates were
    tried, while at another, with at least ``runs`` runs, one of these rates was used throughout.

    ## Why it matters
    The best rate depends on all three: larger batches bear larger rates, optimizers scale their
    steps in their own way, larger models want smaller rates. Without a search of its own, the
    new value is judged at a rate that was best for the old one.

    ## What to do
    Try three rates with the new value before comparing it with the old one.

    ## When to ignore it
    The new value is clearly better already, and the last bit does not matter.
    """

    name = "lr-retune"
    stage = Stage.LEARNING_RATE
    symptoms = (symptoms.RATE_CARRIED_OVER,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(2, "Tune the rate again after every other change."),
        sources.overview("Rate and batch size depend on each other."),
        sources.wandb(1, "Larger batches go with another rate."),
    )
    basis: ClassVar[str] = "the settings as recorded; a search outside these logs is not seen"
    texts: ClassVar[dict[str, str]] = {
        "title": "Search the learning rate again for {what:name} = {new:text}",
        "observed": "The learning rate was carried over",
        "evidence": "With {what:name} = {old:text} the rates {rates:text} were tried; all "
        "{runs:count run|runs} with {what:name} = {new:text} use {rate:rate}.",
        "do": "Try {path:name} three times as large and three times as small with {what:name} = "
        "{new:text}.",
        "why": "The best rate changes with {what:name}: at a rate that was found for another "
        "value, the comparison favours that one.",
        "check": "Either {rate:rate} stays best, or {what:name} = {new:text} gains.",
        "unless": "{what:name} = {new:text} wins by far already.",
    }

    rates: int = option(
        3, "fewest rates that make a search of them", source="two values are no search", ge=2
    )
    runs: int = option(
        2, "fewest runs with the new value", source="a single controlled pair is no search", ge=1
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return a rate kept for a larger batch, one searched for both, and a single pair."""
        searched = [(0.8 - 0.05 * i, {"lr": 10.0**-i, "batch_size": 32}) for i in range(1, 4)]
        kept = [(0.6, {"lr": 0.1, "batch_size": 512, "layers": i}) for i in (1, 2)]
        again = [(0.6, {"lr": 10.0**-i, "batch_size": 512}) for i in range(1, 4)]
        own = [(0.6, {"lr": 0.7, "batch_size": 512, "layers": i}) for i in (1, 2)]
        return (
            StudyExample("kept for the larger batch", tried(*searched, *kept), fires=True),
            StudyExample("searched for both", tried(*searched, *again), fires=False),
            StudyExample("one run with the new size", tried(*searched, kept[0]), fires=False),
            StudyExample("a rate of its own", tried(*searched, *own), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look for the value with the most runs and a single, carried-over rate."""
        rate = search.factor("learning_rate")
        if rate is None or not rate.numbers:
            raise NotApplicable("the learning rate did not vary between the runs")
        found = [c for f in search.factors if _is_asked(f) for c in self._carried(rate, f)]
        if not found:
            return
        most = max(found, key=lambda c: (c.factor.counts[c.fixed], c.factor.name, c.fixed))
        factor = most.factor
        yield self.finding(
            confidence=0.5,
            evidence=[cite(search, f"rates tried at this {factor.name}", 1, self.rates)],
            what=factor.path,
            path=rate.path,
            old=_text(factor, most.searched),
            new=_text(factor, most.fixed),
            rates=listed(sorted(_rates(rate, factor, most.searched))),
            rate=most.rate,
            runs=int(factor.counts[most.fixed]),
        )

    def _carried(self, rate: Factor, factor: Factor) -> Iterator[_Carried]:
        tried_at = [_rates(rate, factor, level) for level in range(len(factor.levels))]
        searched = max(range(len(tried_at)), key=lambda level: (len(tried_at[level]), -level))
        if len(tried_at[searched]) < self.rates:
            return
        for level, rates in enumerate(tried_at):
            carried = len(rates) == 1 and rates <= tried_at[searched]
            if carried and factor.counts[level] >= self.runs:
                yield _Carried(factor, searched, level, next(iter(rates)))


def _is_asked(factor: Factor) -> bool:
    return factor.name in ("batch_size", "optimizer") or is_model(factor.name)


def _rates(rate: Factor, factor: Factor, level: int) -> set[float]:
    """Return the learning rates of the runs at one value of another setting."""
    rows = (factor.index == level) & (rate.index >= 0)
    return {rate.numbers[place] for place in rate.index[rows]}


def _text(factor: Factor, level: int) -> str:
    value: Value = factor.levels[level]
    return written(value)
