"""Whether a report that was read is whole: whoever edits one by hand may break what it refers to.

Renderers look things up and draw curves without asking first; a report of ours always holds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import TYPE_CHECKING

from advisor.drawing.drawn import Curve

if TYPE_CHECKING:
    from advisor.report.document import Report

FAR = 2**63
"""Steps beyond are none that a log can hold, and too large to be drawn."""


def broken(report: Report) -> Iterator[str]:
    """Yield what a report lacks or holds wrongly: ``findings: there is no 'x'``."""
    findings, rules = {f.id for f in report.findings}, {rule.name for rule in report.rules}
    yield from (
        f"findings: there is no '{name}'" for name in _named(report) if name not in findings
    )
    for diagnosis in report.diagnoses:
        if not diagnosis.hypotheses:
            yield f"diagnoses: '{diagnosis.id}' has no hypothesis"
        wanted = (hypothesis.rule for hypothesis in diagnosis.hypotheses)
        yield from (f"rules: there is no '{name}'" for name in wanted if name not in rules)
    if report.sweep and not report.sweep.rows:
        yield "sweep: it has no rows"
    for curve in _curves(report):
        if fault := _fault(curve):
            yield f"the curve of '{curve.series}' {fault}"


def _named(report: Report) -> Iterator[str]:
    """Yield the ids under which findings are looked up."""
    for diagnosis in report.diagnoses:
        yield from (hypothesis.finding for hypothesis in diagnosis.hypotheses)
        yield from diagnosis.consequences
    for finding in report.findings:
        yield from finding.caveats
    for run in report.runs:
        yield from (span.finding for span in run.lost)
    if report.comparison:
        yield from (new.finding for new in report.comparison.new)


def _curves(report: Report) -> Iterator[Curve]:
    for run in report.runs:
        yield from run.curves
        yield from (window.curve for window in run.windows)
    for change in report.comparison.scores if report.comparison else ():
        yield from change.curves


def _fault(curve: Curve) -> str:
    columns = [column for column in (curve.mean, curve.low, curve.high) if column is not None]
    if any(len(column) != len(curve.steps) for column in columns):
        return "has columns of unlike length"
    if any(abs(step) >= FAR for step in curve.steps):
        return "has a step that is too large"
    if not all(value is None or isfinite(value) for column in columns for value in column):
        return "has a value that is not finite"
    cells = zip(curve.mean, *columns, strict=True)
    return (
        "has a mean without a range" if any(m is not None and None in c for m, *c in cells) else ""
    )
