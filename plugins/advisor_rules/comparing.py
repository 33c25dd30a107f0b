"""What rules across runs share: which runs they name, what they cite, how values are written."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from advisor.finding import Change, Evidence, Finding, Severity
from advisor.model import Value
from advisor.rule import Nature, NotApplicable, Stage, StudyRule
from advisor.study import Study
from advisor.summary import RunSummary
from advisor.sweep import Factor, Scale, Search
from advisor.sweep.names import leaf
from advisor.text import clean, number, rate
from advisor_rules.given.regularizers import names_augmentation

NAMED = 50
"""Runs that a finding names, the best first: as many as the report's table has."""

_REGULARIZERS = ("dropout", "weight_decay", "label_smoothing", "drop_path")
"""Settings that regularize beside augmentations, by the last part of their name."""


class SearchRule(StudyRule):
    """A rule on the largest group of comparable runs; an opportunity unless it says otherwise."""

    stage: ClassVar[Stage] = Stage.SEARCH
    severity: ClassVar[Severity] = Severity.NOTE
    nature: ClassVar[Nature] = Nature.OPTION

    def check(self, study: Study) -> Iterator[Finding]:
        """Look at the largest group of runs that can be compared. Raises ``NotApplicable``."""
        if not study.searches:
            raise NotApplicable("there are no three finished runs that can be compared")
        search = study.searches[0]
        for finding in self.look(search):
            yield finding.located(*named(search))

    @abstractmethod
    def look(self, search: Search) -> Iterator[Finding]:
        """Look at comparable runs; at most one finding. May raise ``NotApplicable``."""


def named(search: Search) -> tuple[str, ...]:
    """Return the runs that a finding on a search names."""
    return tuple(trial.name for trial in search.trials[:NAMED])


def cite(search: Search, measured: str, value: float, threshold: float | None = None) -> Evidence:
    """Cite the objective of the best run, by which all are ranked."""
    return cited(search.best.run, search.role.series, measured, value, threshold)


def cited(
    run: RunSummary, series: str, measured: str, value: float, threshold: float | None = None
) -> Evidence:
    """Cite the whole of a series of one run."""
    curve = run.curves.get(series)
    steps = curve.steps if curve and curve.steps else (run.first_step, run.last_step)
    return Evidence(
        series=series,
        first_step=min(steps),
        last_step=max(steps),
        measured=measured,
        value=value,
        threshold=threshold,
    )


def written(value: Value) -> str:
    """Write the value of a setting the way people type it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return rate(float(value)) if abs(value) < 1e-2 else number(float(value)).replace(",", "")
    return clean(str(value), 40)


def listed(values: Iterable[Value], most: int = 5) -> str:
    """List values in words: ``0.1, 0.2 and 0.3``; of many, the first few and the last."""
    texts = [written(value) for value in values]
    if len(texts) > most:
        return f"{', '.join(texts[: most - 1])} … {texts[-1]}"
    return " and ".join((", ".join(texts[:-1]), texts[-1])) if len(texts) > 1 else "".join(texts)


def numbers(search: Search) -> tuple[Factor, ...]:
    """Return the numeric hyperparameters that varied."""
    return tuple(f for f in search.factors if f.scale is not Scale.CATEGORY)


def regularizes(name: str) -> bool:
    """Tell whether a setting regularizes, by its name."""
    return leaf(name) in _REGULARIZERS or names_augmentation(name)


def set_to(factor: Factor, before: Value, after: Value, direction: str) -> Change:
    """Propose another value of a hyperparameter."""
    return Change.model_validate(
        {
            "parameter": factor.name,
            "path": factor.path,
            "from": before,
            "to": after,
            "direction": direction,
            "horizon": "full",
        }
    )
