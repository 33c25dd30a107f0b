"""Which runs of a study can be compared: one objective, one problem, settings alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from advisor.roles import Direction, Kind, Role, Task
from advisor.summary import RunSummary
from advisor.sweep.names import folds
from advisor.sweep.search import Search
from advisor.sweep.settings import Settings, settings_of
from advisor.sweep.trial import Trial, trial

FEW, VARIED = 3, 0.5
"""Runs that differ in more than so many settings, and in more than this share of all of them,
are a search only if they are many (chosen by eye)."""
LEAST = 3
"""Fewer runs are no search."""
ALIKE = 0.5
"""The share of the usual settings that a run must record to be compared (chosen by eye)."""
SHORT = 0.5
"""A run shorter than this share of the median is not finished (chosen by eye)."""


class _Problem(NamedTuple):
    key: str
    series: str
    """The objective as logged: one program gives one name to it."""
    direction: Direction
    task: Task
    source: str
    """The kind of log: one program writes one."""
    loss: str
    """The loss function, where the objective is a loss: two of them have two units."""
    data: tuple[tuple[str, str], ...]


def searches_of(runs: Sequence[RunSummary]) -> tuple[Search, ...]:
    """Return the groups of at least ``LEAST`` comparable runs, the largest first."""
    groups: dict[_Problem, list[Trial]] = {}
    fold = folds(run.name for run in runs)
    for run, recorded in zip(runs, settings_of(run.config for run in runs), strict=True):
        settings = recorded
        if run.name in fold:
            data = (*recorded.problem, ("fold", fold[run.name]))
            settings = recorded._replace(problem=data)
        problem = _problem(run, settings)
        if problem is not None:
            groups.setdefault(problem, []).append(trial(run, settings))
    found = [s for p in sorted(groups) if (s := _search(p, groups[p])) is not None]
    return tuple(sorted(found, key=lambda search: -len(search.trials)))


def _problem(run: RunSummary, settings: Settings) -> _Problem | None:
    role = objective_role(run)
    objective = run.understanding.objective
    if role is None or objective is None:
        return None
    loss = settings.tuned.get("loss_function") if role.kind is Kind.LOSS else None
    said = str(loss.key) if loss else ""
    return _Problem(
        key=role.key,
        series=role.series,
        direction=objective.direction,
        task=run.understanding.task,
        source=run.source,
        loss=said,
        data=settings.problem,
    )


def objective_role(run: RunSummary) -> Role | None:
    """Return what the run's objective means; ``None`` if the run has none."""
    objective = run.understanding.objective
    if objective is None:
        return None
    return next((r for r in run.understanding.roles if r.series == objective.series), None)


def _search(problem: _Problem, trials: Sequence[Trial]) -> Search | None:
    judged = [t for t in trials if math.isfinite(t.cost) or t.diverged]
    like, unlike = _alike(judged)
    finished, unfinished = _finished(like)
    if sum(math.isfinite(t.cost) for t in finished) < LEAST:
        return None
    ranked = sorted(finished, key=lambda t: (t.cost, t.name))
    objective = ranked[0].run.understanding.objective
    search = Search(
        key=problem.key,
        direction=problem.direction,
        weak=objective is not None and objective.weak,
        problem=problem.data,
        trials=tuple(ranked),
        unfinished=tuple(sorted(t.name for t in unfinished)),
        unlike=tuple(sorted(t.name for t in unlike)),
    )
    return None if _is_collection(search) else search


def _is_collection(search: Search) -> bool:
    """Tell runs of which nearly every setting differs: a collection of programs, no search."""
    varied, constant = len(search.factors), len(search.constant)
    mostly = varied > FEW and varied > VARIED * (varied + constant)
    return mostly and search.configurations <= 2 * varied


def _alike(trials: Iterable[Trial]) -> tuple[list[Trial], list[Trial]]:
    """Part runs that record most of the usual settings from those that do not.

    Where no run records any, nothing differs, and all are alike.
    """
    listed = list(trials)
    recorded = [t for t in listed if t.tuned]
    counts = Counter(name for t in recorded for name in t.tuned)
    usual = {name for name, count in counts.items() if 2 * count > len(recorded)}
    like: list[Trial] = []
    unlike: list[Trial] = []
    for t in listed:
        alike = len(usual & t.tuned.keys()) >= ALIKE * len(usual)
        (like if alike else unlike).append(t)
    return like, unlike


def _finished(trials: Sequence[Trial]) -> tuple[list[Trial], list[Trial]]:
    """Part runs that are far shorter than the others, on their own axis; what diverged counts.

    Larger batches take fewer steps for as many samples, or more samples in as many steps: a run
    must be short by both.
    """
    lengths: dict[str, list[tuple[float, float]]] = {}
    for t in trials:
        lengths.setdefault(t.run.axis.value, []).append(t.lengths)
    usual = {a: [median(m) for m in zip(*many, strict=True)] for a, many in lengths.items()}
    finished: list[Trial] = []
    unfinished: list[Trial] = []
    for t in trials:
        both = zip(t.lengths, usual[t.run.axis.value], strict=True)
        short = all(length < SHORT * typical for length, typical in both)
        (unfinished if short and not t.diverged else finished).append(t)
    return finished, unfinished
