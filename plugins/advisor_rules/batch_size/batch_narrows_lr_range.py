"""The rule ``batch-narrows-lr-range``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from advisor.finding import Citation, Finding
from advisor.rule import Stage, StudyExample, option
from advisor.sweep import Search, Trial
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite, listed
from advisor_rules.trials import tried


class _Range(NamedTuple):
    batch: float
    stable: frozenset[float]
    diverged: frozenset[float]

    @property
    def tried(self) -> frozenset[float]:
        return self.stable | self.diverged


class BatchNarrowsLrRange(SearchRule):
    """Rates that were stable with a small batch diverged with a larger one.

    ## What it checks
    Runs that record batch size and learning rate: whether of at least ``rates`` rates that were
    tried with two batch sizes, some ended in NaN or infinity with the larger batch and not with
    the smaller one, and none the other way round.

    ## Why it matters
    Larger batches can take larger steps, but the range of rates that converge narrows at both
    ends. A rate from the usual list may then miss it.

    ## What to do
    Search the rate in finer steps with the larger batch, and add a warm-up.

    ## When to ignore it
    The larger batch was only a test.
    """

    name = "batch-narrows-lr-range"
    stage = Stage.BATCH_SIZE
    symptoms = (symptoms.RATE_RANGE_NARROW,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(1, "Larger batches narrow the range of rates that train stably."),
    )
    basis: ClassVar[str] = "which of these runs became NaN or infinite; other causes are possible"
    texts: ClassVar[dict[str, str]] = {
        "title": "Search rates in finer steps with batch size {large:number}",
        "observed": "Fewer rates are stable with the larger batch",
        "evidence": "With batch size {large:number} the rates {lost:text} diverged, with "
        "{small:number} they did not; {kept:text} trained with both.",
        "do": "With batch size {large:number}, try rates in steps of two or three below "
        "{bound:rate}, with a warm-up.",
        "why": "Larger batches narrow the range of rates that converge.",
        "check": "A rate in the narrower range does as well as the best with batch size "
        "{small:number}.",
        "unless": "the larger batch is not needed.",
    }

    rates: int = option(3, "fewest rates tried with both batch sizes", source="chosen by eye", ge=2)

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return a narrower range with the larger batch, an equal one, and a wider one."""
        nan = float("nan")
        rates = (1e-3, 1e-2, 1e-1)

        def runs(batch: int, *scores: float) -> list[tuple[float, dict[str, float]]]:
            pairs = zip(scores, rates, strict=True)
            return [(score, {"lr": rate, "batch_size": batch}) for score, rate in pairs]

        small = runs(32, 0.5, 0.6, 0.7)
        return (
            StudyExample("0.1 diverges", tried(*small, *runs(512, 0.5, 0.6, nan)), fires=True),
            StudyExample("all are stable", tried(*small, *runs(512, 0.5, 0.6, 0.7)), fires=False),
            StudyExample(
                "0.1 diverges with both",
                tried(*runs(32, 0.5, 0.6, nan), *runs(512, 0.5, 0.6, nan)),
                fires=False,
            ),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Hold the largest batch that lost rates against the smallest that kept them."""
        ranges = _ranges(search)
        for large in reversed(ranges):
            for small in ranges[: ranges.index(large)]:
                if self._narrower(small, large):
                    yield self._found(search, small, large)
                    return

    def _narrower(self, small: _Range, large: _Range) -> bool:
        both = small.tried & large.tried
        lost, won = small.stable & large.diverged, small.diverged & large.stable
        kept = small.stable & large.stable
        return len(both) >= self.rates and bool(lost) and bool(kept) and not won

    def _found(self, search: Search, small: _Range, large: _Range) -> Finding:
        lost = small.stable & large.diverged
        return self.finding(
            confidence=0.5,
            evidence=[cite(search, "rates that diverged with the larger batch only", len(lost))],
            large=large.batch,
            small=small.batch,
            lost=listed(sorted(lost)),
            kept=listed(sorted(small.stable & large.stable)),
            bound=min(lost),
        )


def _ranges(search: Search) -> list[_Range]:
    """Return what became of the rates at each batch size; rates that did both are left out."""
    outcomes: dict[float, dict[float, set[bool]]] = {}
    for trial in search.trials:
        batch, rate = trial.number("batch_size"), trial.number("learning_rate")
        if batch is not None and rate is not None:
            outcomes.setdefault(batch, {}).setdefault(rate, set()).add(_diverged(trial))
    return [
        _Range(
            batch,
            frozenset(rate for rate, ends in rates.items() if ends == {False}),
            frozenset(rate for rate, ends in rates.items() if ends == {True}),
        )
        for batch, rates in sorted(outcomes.items())
    ]


def _diverged(trial: Trial) -> bool:
    return trial.diverged
