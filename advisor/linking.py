"""One run in two formats: told by where they lie and what they hold, and read once.

Many trainers log the same run twice: a table beside event files, a trainer's state above them.
Both are read, since only their content shows that they are one; the richer one is kept, and
says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from advisor.execution import RunResult
from advisor.notes import NoteKind, note
from advisor.summary import RunSummary, SeriesSummary

TOLERANCE = 2e-3
"""Relative difference up to which values are equal: formats round to 3 or 4 digits."""
FLOOR = 1e-4
"""The same for values near 0, which are logged with 4 decimals."""
KEYS = ("train/loss", "val/loss", "val/metric", "return")
"""The roles whose series are compared."""


def link(results: Sequence[RunResult]) -> list[RunResult]:
    """Leave out each run that another one, in the same directory or around it, holds as well."""
    by_name: dict[str, list[RunResult]] = {}
    for result in results:
        by_name.setdefault(result.summary.name, []).append(result)
    poorer: dict[int, RunResult] = {}
    for result in results:
        for other in _around(result, by_name):
            if id(other) not in poorer and id(result) not in poorer and same(result, other):
                kept, left = sorted((result, other), key=_richness, reverse=True)
                poorer[id(left)] = kept
    also: dict[int, list[RunSummary]] = {}
    for result in results:
        if id(result) in poorer:
            also.setdefault(id(_last(poorer, result)), []).append(result.summary)
    return [_noted(r, also.get(id(r), [])) for r in results if id(r) not in poorer]


def _around(result: RunResult, by_name: dict[str, list[RunResult]]) -> Iterator[RunResult]:
    """Yield the runs of other formats in the run's directory and in those above it."""
    parts = result.summary.name.split("/")
    places = ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
    for place in dict.fromkeys((*places, ".")):
        for other in by_name.get(place, ()):
            if other is not result and other.summary.source != result.summary.source:
                yield other


def same(one: RunResult, other: RunResult) -> bool:
    """Whether two runs hold the same curve in every role that both have."""
    pairs = [
        (a, b)
        for key in KEYS
        if (a := _series(one.summary, key)) and (b := _series(other.summary, key))
    ]
    return bool(pairs) and all(_equal(a, b) for a, b in pairs)


def _series(summary: RunSummary, key: str) -> SeriesSummary | None:
    role = summary.understanding.primary(key)
    return summary.series[role.series] if role else None


def _equal(one: SeriesSummary, other: SeriesSummary) -> bool:
    ends = ((one.first, other.first), (one.last, other.last))
    extremes = ((one.lowest, other.lowest), (one.highest, other.highest))
    return one.points > 1 and all(_close(a, b) for a, b in (*ends, *extremes))


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=FLOOR)


def _richness(result: RunResult) -> tuple[int, int, str]:
    """Sort key: the settings tell more than a few further points; names settle the rest."""
    summary = result.summary
    return (bool(summary.config), summary.points, summary.source)


def _last(poorer: dict[int, RunResult], result: RunResult) -> RunResult:
    while id(result) in poorer:
        result = poorer[id(result)]
    return result


def _noted(result: RunResult, also: list[RunSummary]) -> RunResult:
    if not also:
        return result
    files = tuple(file for summary in also for file in summary.files)
    sources = " and ".join(sorted({summary.source for summary in also}))
    told = note(NoteKind.LINKED, source=sources, files=files)
    summary = result.summary
    return result.model_copy(
        update={"summary": summary.model_copy(update={"notes": (*summary.notes, told)})}
    )
