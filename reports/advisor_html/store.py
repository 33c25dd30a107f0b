"""The report as its page holds it: all that advisor found, with the curves that the page draws.

The page's script draws charts anew from it, so that no curve is on the page twice. A curve that
is only drawn small is held as coarse as that, and one that no chart shows is left out: a study
logs far more of them than anybody looks at. So are the sources of rules that found nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf
from typing import NamedTuple, TypeVar

from advisor.drawing.drawn import Curve, EvidenceWindow
from advisor.drawing.thinning import coarsen
from advisor.report import Report, RuleInfo, RunEntry
from advisor.report.comparison import ScoreChange

T = TypeVar("T")

DIGITS, FEW, MANY = 5, 3, 6
"""Significant digits of a curve; of one that is drawn small; of one flat beside its height."""
FLAT = 0.01
"""Share of its largest value within which a curve is flat."""


class Detail(NamedTuple):
    """How finely a curve is drawn."""

    buckets: float
    band: bool
    """Whether with its range."""


WHOLE = Detail(inf, True)
"""As it is."""

Key = tuple[str, ...]
"""Which of the report's curves: where it stands, whatever object stands there."""


def whole(run: str, series: str) -> Key:
    """Return the key of a run's curve."""
    return ("whole", run, series)


def near(run: str, series: str, finding: str) -> Key:
    """Return the key of a finding's stretch of a run's curve."""
    return ("near", run, series, finding)


def before(change: ScoreChange, series: str) -> Key:
    """Return the key of a curve of the baseline."""
    return ("before", change.runs[0], series)


class Store:
    """Knows in how many buckets each curve of the report is drawn, and gives some a number."""

    def __init__(self) -> None:
        self._drawn: dict[Key, Detail] = {}
        self._numbers: dict[Key, int] = {}

    def number(self, key: Key) -> int:
        """Return the number of a curve that the script draws."""
        self.keep(key)
        return self._numbers.setdefault(key, len(self._numbers))

    def keep(self, key: Key) -> None:
        """Hold a curve as it is."""
        self._drawn[key] = WHOLE

    def sketch(self, run: RunEntry, curve: Curve, buckets: int, *, band: bool = True) -> Curve:
        """Return a run's curve in so many buckets, without its range if ``band`` is false."""
        detail, key = Detail(buckets, band), whole(run.name, curve.series)
        self._drawn[key] = max(detail, self._drawn.get(key, detail))
        return _in(detail, curve)

    def held(self, report: Report) -> Report:
        """Return the report with the curves that are drawn, and the sources that are cited."""
        runs = tuple(self._run(run) for run in report.runs)
        found = {finding.rule for finding in report.findings}
        rules = tuple(rule if rule.name in found else _unsourced(rule) for rule in report.rules)
        return report.model_copy(update={"runs": runs, "rules": rules})

    def _run(self, run: RunEntry) -> RunEntry:
        curves = (_in(self._drawn[key], curve) for key, curve in self._curves(run).items())
        windows = tuple(self._windows(run).values())
        return run.model_copy(update={"curves": tuple(curves), "windows": windows})

    def _curves(self, run: RunEntry) -> dict[Key, Curve]:
        return self._first((whole(run.name, curve.series), curve) for curve in run.curves)

    def _windows(self, run: RunEntry) -> dict[Key, EvidenceWindow]:
        return self._first(
            (near(run.name, window.curve.series, window.finding), window) for window in run.windows
        )

    def _first(self, keyed: Iterable[tuple[Key, T]]) -> dict[Key, T]:
        """Return what is drawn, the first one of each key: no chart shows another."""
        drawn: dict[Key, T] = {}
        for key, value in keyed:
            if key in self._drawn:
                drawn.setdefault(key, value)
        return drawn

    def places(self, report: Report) -> list[str]:
        """Return where the numbered curves are in what is held of the report, by number."""
        found: dict[Key, str] = {}
        for key, where in self._found(report):
            found.setdefault(key, where)
        return [found[key] for key in self._numbers]

    def _found(self, report: Report) -> Iterator[tuple[Key, str]]:
        for number, run in enumerate(report.runs):
            for place, key in enumerate(self._curves(run)):
                yield key, f"runs/{number}/curves/{place}"
            for place, key in enumerate(self._windows(run)):
                yield key, f"runs/{number}/windows/{place}/curve"
        for number, change in enumerate(report.comparison.scores if report.comparison else ()):
            for place, curve in enumerate(change.curves):
                yield before(change, curve.series), f"comparison/scores/{number}/curves/{place}"


def _unsourced(rule: RuleInfo) -> RuleInfo:
    return rule.model_copy(update={"citations": (), "separated_by": ()})


def _in(detail: Detail, curve: Curve) -> Curve:
    whole = detail == WHOLE
    thin = curve if whole else coarsen(curve, int(detail.buckets))
    digits = MANY if _flat(thin) else DIGITS if whole else FEW
    columns = {"mean": thin.mean, "low": thin.low, "high": thin.high}
    short = {name: _short(values, digits) for name, values in columns.items() if values}
    return thin.model_copy(update=short if detail.band else {**short, "low": None, "high": None})


def _flat(curve: Curve) -> bool:
    known = [value for value in (*curve.mean, *(curve.low or ()), *(curve.high or ())) if value]
    largest = max(map(abs, known), default=0.0)
    return max(known, default=0.0) / 2 - min(known, default=0.0) / 2 < FLAT / 2 * largest


def _short(values: tuple[float | None, ...], digits: int) -> tuple[float | None, ...]:
    return tuple(None if value is None else float(f"{value:.{digits}g}") for value in values)
