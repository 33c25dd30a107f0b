"""What the checks came to, as every renderer says it."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.language import tell
from advisor.presentation.entries import and_more
from advisor.presentation.hints import NEEDS_PROBE
from advisor.report import Report, Status
from advisor.text import clean


def statuses(report: Report, outcome: str) -> tuple[Status, ...]:
    """Return what rules came to, of one outcome, in the order of the rules.

    Those that need a probe are left out: ``probe_phrase`` says it of all together.
    """
    return tuple(s for s in report.statuses if s.outcome == outcome and not needs_probe(s))


def needs_probe(status: Status) -> bool:
    """Tell whether a rule had nothing to judge because it judges what a probe measures."""
    return status.reason is not None and status.reason.id == NEEDS_PROBE


def needing_probe(report: Report) -> tuple[str, ...]:
    """Return the rules that judge only what a probe measures, where no probe was judged."""
    judged = {status.rule for status in report.statuses if not needs_probe(status)}
    waiting = dict.fromkeys(s.rule for s in report.statuses if needs_probe(s))
    return tuple(rule for rule in waiting if rule not in judged)


def probe_phrase(report: Report, shown: int = 3) -> str:
    """Say in one line how many checks need a probe, and name some; empty if none does."""
    rules = needing_probe(report)
    if not rules:
        return ""
    names = and_more(", ".join(clean(rule) for rule in rules[:shown]), len(rules) - shown)
    text = "{n:count check needs|checks need} `advisor probe`: {names:sentence}"
    return tell(text, n=len(rules), names=names)


def joined(group: Sequence[Status]) -> tuple[tuple[tuple[str, ...], Status], ...]:
    """Join statuses that differ only in their rule: the rules, and one status for all of them."""
    rules: dict[tuple[object, ...], list[Status]] = {}
    for status in group:
        reason = status.reason.text if status.reason else ""
        rules.setdefault((status.outcome, reason, status.runs), []).append(status)
    return tuple((tuple(s.rule for s in same), same[0]) for same in rules.values())
