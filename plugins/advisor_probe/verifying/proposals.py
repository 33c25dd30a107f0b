"""What a report proposes to change, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from advisor.finding import Change, Finding
from advisor.report import Report


class Proposal(NamedTuple):
    """What a finding would change, all of it together, and the findings that propose just that."""

    changes: tuple[Change, ...]
    findings: tuple[str, ...]

    @property
    def parameters(self) -> str:
        """The canonical names of what is changed."""
        return " and ".join(change.parameter for change in self.changes)

    @property
    def late(self) -> bool:
        """Whether only a full training shows all of its effect."""
        return any(change.horizon == "full" for change in self.changes)


def proposals(report: Report, only: tuple[str, ...]) -> list[Proposal]:
    """Return what a report's findings propose, each once, the most pressing first.

    What a probe refuted is proposed no longer. ``only`` names parameters: what changes one of them
    is tried, with all that it changes besides.
    """
    joined: dict[tuple[tuple[str, str], ...], list[Finding]] = {}
    for finding in _standing(report):
        changed = [change.parameter for change in finding.changes]
        if changed and (not only or set(only) & set(changed)):
            key = tuple((change.parameter, repr(change.after)) for change in finding.changes)
            joined.setdefault(key, []).append(finding)
    return [
        Proposal(made[0].changes, tuple(dict.fromkeys(finding.id for finding in made)))
        for made in joined.values()
    ]


def _standing(report: Report) -> Iterator[Finding]:
    refuted = {
        hypothesis.finding
        for diagnosis in report.diagnoses
        for hypothesis in diagnosis.hypotheses
        if hypothesis.settled and hypothesis.settled.outcome == "refuted"
    }
    return (finding for finding in report.findings if finding.id not in refuted)
