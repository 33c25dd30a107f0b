"""The series behind a finding: each piece of evidence with the curve that the report holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from advisor.drawing.drawn import Curve
from advisor.finding import Evidence, Finding
from advisor.presentation import curve_of, run_entry
from advisor.report import Report, RunEntry


@dataclass(frozen=True, slots=True)
class Trace:
    """One piece of evidence whose series the report holds."""

    run: RunEntry
    evidence: Evidence
    curve: Curve
    """What is drawn of the series: the whole of it, or a window of it."""
    near: bool = False
    """Whether it is a window."""

    @property
    def key(self) -> tuple[str, ...]:
        """Traces of one key share a scale: the same axis and the same quantity."""
        roles = self.run.understanding.roles
        role = next((role for role in roles if role.series == self.curve.series), None)
        what = (role.kind.value, role.quantity) if role else (self.curve.series, "")
        return (self.curve.axis.value, *what)


def traces(report: Report, finding: Finding) -> Iterator[Trace]:
    """Yield the evidence of a finding that can be drawn, each series of a run once."""
    seen: set[tuple[str, str]] = set()
    for name in finding.runs:
        run = run_entry(report, name)
        for evidence in finding.evidence if run else ():
            curve = curve_of(run, evidence.series) if run else None
            if run and curve and _drawable(curve) and (name, evidence.series) not in seen:
                seen.add((name, evidence.series))
                yield Trace(run, evidence, curve)


def window(finding: Finding, trace: Trace) -> Trace | None:
    """Return the trace from near, if the report holds the finding's stretch of it."""
    for found in trace.run.windows:
        same = found.finding == finding.id and found.curve.series == trace.curve.series
        if same and _drawable(found.curve):
            return replace(trace, curve=found.curve, near=True)
    return None


def from_near(found: Sequence[Trace]) -> bool:
    """Tell whether traces show windows of their series."""
    return any(trace.near for trace in found)


def _drawable(curve: Curve) -> bool:
    return any(mean is not None for mean in curve.mean)
