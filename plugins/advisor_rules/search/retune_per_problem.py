"""The rule ``retune-per-problem``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding, Severity
from advisor.rule import Nature, NotApplicable, Stage, StudyExample, StudyRule, option
from advisor.study import Study
from advisor.sweep import Factor, Search
from advisor.sweep.names import is_rate_like, names_data
from advisor_rules import sources, symptoms
from advisor_rules.comparing import cite, named, numbers, written
from advisor_rules.trials import tried


class RetunePerProblem(StudyRule):
    """Rates that were searched on one data set were used on another as they are.

    ## What it checks
    Whether the runs name their data, whether for one data set at least ``values`` values of a
    learning rate or penalty were tried, and whether all runs on another data set use its best
    value there, with none of these settings varied.

    ## Why it matters
    The best values depend on the data and on the model: a different number of samples, another
    noise, other inputs. A value that was best once is a good start, not a result.

    ## What to do
    Try the value of one run on the new data three times as large and as small.

    ## When to ignore it
    The point is to show that one setting works for several problems.
    """

    name = "retune-per-problem"
    stage = Stage.SEARCH
    severity = Severity.NOTE
    nature = Nature.OPTION
    symptoms = (symptoms.SEARCH_CARRIED_OVER,)
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.bullettech(9, "A tip may or may not fit your own problem: try."),
        sources.overview("Which values are best depends on the data and the task."),
    )
    basis: ClassVar[str] = "the settings as recorded; a search outside these logs is not seen"
    texts: ClassVar[dict[str, str]] = {
        "title": "Search {path:name} on the new data as well",
        "observed": "A rate was carried over to other data",
        "evidence": "{path:name} was searched at {count:count value|values} on {first:name}, "
        "where {best:text} was best; {runs:count run|runs} on {second:name} all use that value.",
        "do": "Repeat {name:name}, the best run on {second:name}, with {path:name} three times as "
        "large and three times as small.",
        "why": "The best rate depends on the data: a value found elsewhere is a start, not a "
        "result.",
        "check": "Either {best:text} is best here too, or the score rises.",
        "unless": "the same settings on all data are the point of these runs.",
    }

    values: int = option(
        3, "fewest values on the first data set", source="two values are no search", ge=2
    )

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return a rate carried over, one searched on both data sets, and one data set."""
        rates = (1e-3, 1e-2, 1e-1)
        first = [
            (0.8 - 0.1 * abs(i - 1), {"dataset": "cifar10", "lr": rates[i], "layers": 2})
            for i in range(3)
        ]
        fixed = [(0.6, {"dataset": "svhn", "lr": 1e-2, "layers": i + 1}) for i in range(3)]
        again = [(0.6, {"dataset": "svhn", "lr": r, "layers": 2}) for r in rates]
        return (
            StudyExample("the best rate carried over", tried(*first, *fixed), fires=True),
            StudyExample("searched on both", tried(*first, *again), fires=False),
            StudyExample("one data set", tried(*first), fires=False),
        )

    def check(self, study: Study) -> Iterator[Finding]:
        """Look for a pair of data sets; the first found stands for all.

        Raises ``NotApplicable``.
        """
        if len(study.searches) < 2:
            raise NotApplicable("there are no two groups of runs that each can be compared")
        for source in study.searches:
            searched = [f for f in numbers(source) if is_rate_like(f.name) and self._is_searched(f)]
            for target in study.searches if searched else ():
                if target is source or not _comparable(source, target):
                    continue
                if all(_carried(source, target, factor) for factor in searched):
                    yield self._found(source, target, searched[0])
                    return

    def _is_searched(self, factor: Factor) -> bool:
        return len(factor.levels) >= self.values

    def _found(self, source: Search, target: Search, factor: Factor) -> Finding:
        best = source.best.tuned[factor.name].value
        finding = self.finding(
            confidence=0.5,
            evidence=[cite(target, f"values of {factor.name} on the new data", 1, self.values)],
            path=factor.path,
            count=len(factor.levels),
            best=written(best),
            first=_data(source),
            second=_data(target),
            runs=len(target.trials),
            name=target.best.name,
        )
        return finding.located(*named(target))


def _data(search: Search) -> str:
    return ", ".join(value for path, value in search.problem if names_data(path))


def _comparable(source: Search, target: Search) -> bool:
    """Tell whether two groups are named after different data, and judged alike."""
    both = bool(_data(source)) and bool(_data(target)) and _data(source) != _data(target)
    return both and source.direction == target.direction and source.key == target.key


def _carried(source: Search, target: Search, factor: Factor) -> bool:
    """Tell whether the best value of one search is the only one of the other."""
    best = source.best.tuned.get(factor.name)
    used = {trial.tuned[factor.name].key for trial in target.trials if factor.name in trial.tuned}
    return best is not None and used == {best.key}
