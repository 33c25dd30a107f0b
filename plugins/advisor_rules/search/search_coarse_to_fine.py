"""The rule ``search-coarse-to-fine``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.rule import StudyExample, option
from advisor.sweep import Factor, Search
from advisor.sweep.names import is_rate_like
from advisor.sweep.profile import Profile, profile, tied
from advisor.sweep.region import Region, region
from advisor_rules import sources, symptoms
from advisor_rules.comparing import SearchRule, cite, numbers, regularizes, set_to
from advisor_rules.trials import along


class SearchCoarseToFine(SearchRule):
    """The best value lies at the end of what was tried, or far from its neighbours.

    ## What it checks
    Each learning rate, penalty and dropout with at least three values between which nothing else
    differed (or which a grid or random draws cover). If the best is the first or last of them and
    the scores get better towards it over the last three, the range should reach further. If it
    lies within, and its neighbours are a factor of ``gap`` or more away, the range between them
    should be refined. Where several seeds were run, the best must be better than the next by
    more than their noise.

    ## Why it matters
    A coarse search finds the region, not the value. At the end of the range even the region is
    not known yet: the best value may lie beyond.

    ## What to do
    Extend the range where the best lies at its end; else refine it around the best, and train
    longer while doing so.

    ## When to ignore it
    The gain between the best value and its neighbours is too small to care about.
    """

    name = "search-coarse-to-fine"
    symptoms = (symptoms.SEARCH_EDGE,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes(
            "A coarse search of one to five epochs first, then a finer and longer one around the "
            "best; beware of best values at the edge of the range."
        ),
    )
    basis: ClassVar[str] = "higher where seeds show that the best value is no luck"
    texts: ClassVar[dict[str, str]] = {
        "title": "Refine {path:name} around its best value",
        "title.edge": "Try {path:name} beyond {best:rate}",
        "observed": "The search is still coarse around its best value",
        "observed.edge": "The best value lies at the end of the range",
        "evidence": "Of {count:count value|values} of {path:name}, {best:rate} was best; its "
        "neighbours are {low:rate} and {high:rate}.",
        "evidence.edge": "Of {count:count value|values} of {path:name}, from {first:rate} to "
        "{last:rate}, {best:rate} was best, and the two before it were worse in turn.",
        "do": "Try {path:name} between {low:rate} and {high:rate}, training longer than before.",
        "do.edge": "Try {path:name} from {low:rate} to {high:rate}.",
        "why": "A coarse search finds the region; the best value lies somewhere between the "
        "neighbours.",
        "why.edge": "As long as the score rises towards the end of the range, the best value may "
        "lie beyond it.",
        "check": "The score falls off on both sides of the best value.",
        "unless": "the difference to the neighbours is too small to matter.",
    }

    gap: float = option(
        5.0,
        "factor between neighbours from which on there is room between them",
        source="ten-fold steps are a coarse search in the sources, two- or three-fold a fine one",
        gt=1,
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return a best value at the end, a coarse one within, a fine one, and a rugged end."""
        edge = {1e-4: 0.5, 1e-3: 0.7, 1e-2: 0.8}
        coarse = {1e-4: 0.5, 1e-3: 0.8, 1e-2: 0.6, 1e-1: 0.2}
        fine = {5e-4: 0.7, 1e-3: 0.8, 2e-3: 0.75}
        rugged = {1e-3: 0.7, 2e-3: 0.5, 4e-3: 0.8}
        return (
            StudyExample("better towards the end", along("lr", edge), fires=True),
            StudyExample("ten-fold steps", along("lr", coarse), fires=True),
            StudyExample("two-fold steps", along("lr", fine), fires=False),
            StudyExample("no slope towards the end", along("lr", rugged), fires=False),
            StudyExample("the width", along("hidden", {8: 0.5, 64: 0.6, 512: 0.7}), fires=False),
        )

    def look(self, search: Search) -> Iterator[Finding]:
        """Look at the rate first, then at the others by name."""
        chosen = [f for f in numbers(search) if is_rate_like(f.name) or regularizes(f.name)]
        for factor in sorted(chosen, key=lambda f: (f.name != "learning_rate", f.name)):
            found, where = profile(search, factor), region(search, factor)
            if found is None or where is None or len(tied(search, found)) > 1:
                continue
            if where.edge or self._is_coarse(found):
                yield self._found(search, factor, found, where)
                return

    def _is_coarse(self, found: Profile) -> bool:
        if not 0 < found.best < len(found.values) - 1:
            return False
        low, best, high = found.values[found.best - 1 : found.best + 2]
        return low > 0 and min(best / low, high / best) >= self.gap

    def _found(self, search: Search, factor: Factor, found: Profile, where: Region) -> Finding:
        best = found.values[found.best]
        parts = ("title", "observed", "evidence", "do", "why") if where.edge else ()
        beyond = where.low if where.edge == "low" else where.high
        direction = "down" if where.edge == "low" else "up"
        return self.finding(
            confidence=0.7 if search.noise else 0.5,
            evidence=[cite(search, f"best {factor.name} of those tried", best)],
            changes=[set_to(factor, best, beyond, direction)] if where.edge else (),
            variants=dict.fromkeys(parts, "edge"),
            path=factor.path,
            best=best,
            count=len(found.values),
            first=found.values[0],
            last=found.values[-1],
            low=where.low,
            high=where.high,
        )
