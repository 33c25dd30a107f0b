"""The report as its page holds it: all that advisor found, with the curves that the page draws.

The page's script draws charts anew from it, so that no curve is on the page twice. A curve that
is only drawn small is held as coarse as that, and one that no chart shows is left out: a study
logs far more of them than anybody looks at. So are the sources of rules that found nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import NamedTuple

from advisor.drawing.drawn import Curve
from advisor.drawing.thinning import coarsen
from advisor.report import Report, RuleInfo, RunEntry

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


class Store:
    """Knows in how many buckets each curve of the report is drawn, and gives some a number."""

    def __init__(self) -> None:
        self._drawn: dict[int, Detail] = {}
        self._numbers: dict[int, int] = {}

    def place(self, curve: Curve) -> int:
        """Return the number of a curve that the script draws; equal curves may have two."""
        self.keep(curve)
        return self._numbers.setdefault(id(curve), len(self._numbers))

    def keep(self, curve: Curve) -> None:
        """Hold a curve as it is."""
        self._drawn[id(curve)] = WHOLE

    def sketch(self, curve: Curve, buckets: int, *, band: bool = True) -> Curve:
        """Return a curve in so many buckets, without its range if ``band`` is false."""
        detail = Detail(buckets, band)
        self._drawn[id(curve)] = max(detail, self._drawn.get(id(curve), detail))
        return _in(detail, curve)

    def held(self, report: Report) -> Report:
        """Return the report with the curves that are drawn, and the sources that are cited."""
        runs = tuple(self._run(run) for run in report.runs)
        found = {finding.rule for finding in report.findings}
        rules = tuple(rule if rule.name in found else _unsourced(rule) for rule in report.rules)
        return report.model_copy(update={"runs": runs, "rules": rules})

    def _run(self, run: RunEntry) -> RunEntry:
        windows = tuple(window for window in run.windows if id(window.curve) in self._drawn)
        return run.model_copy(update={"curves": tuple(self._curves(run)), "windows": windows})

    def _curves(self, run: RunEntry) -> Iterator[Curve]:
        for curve in run.curves:
            if detail := self._drawn.get(id(curve)):
                yield _in(detail, curve)

    def places(self, report: Report) -> list[str]:
        """Return where the numbered curves are in what is held of the report, by number."""
        found = {id(curve): where for where, curve in self._found(report)}
        return [found[curve] for curve in self._numbers]

    def _found(self, report: Report) -> Iterator[tuple[str, Curve]]:
        for number, run in enumerate(report.runs):
            drawn = (curve for curve in run.curves if id(curve) in self._drawn)
            for place, curve in enumerate(drawn):
                yield f"runs/{number}/curves/{place}", curve
            near = (window.curve for window in run.windows if id(window.curve) in self._drawn)
            for place, curve in enumerate(near):
                yield f"runs/{number}/windows/{place}/curve", curve
        for number, change in enumerate(report.comparison.scores if report.comparison else ()):
            for place, curve in enumerate(change.curves):
                yield f"comparison/scores/{number}/curves/{place}", curve


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
