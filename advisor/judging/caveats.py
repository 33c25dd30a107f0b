"""What a log lacks makes the findings that rest on it less certain.

A rule on the log itself declares which rules it ``undermines``. Where both fire on one run,
at steps that overlap, the undermined finding names the other as a caveat and loses confidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from advisor.finding import Finding
from advisor.rule import BaseRule


def weakened(findings: Sequence[Finding], rules: Mapping[str, BaseRule]) -> tuple[Finding, ...]:
    """Return the findings, in order, each with its caveats and the confidence they leave."""
    doubts: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        if rules[finding.rule].undermines:
            doubts.setdefault(finding.runs, []).append(finding)
    return tuple(_weakened(finding, doubts.get(finding.runs, ()), rules) for finding in findings)


def _weakened(
    finding: Finding, doubts: Sequence[Finding], rules: Mapping[str, BaseRule]
) -> Finding:
    caveats = [doubt for doubt in doubts if _undermines(doubt, finding, rules)]
    if not caveats:
        return finding
    confidence = finding.confidence
    for rule in dict.fromkeys(caveat.rule for caveat in caveats):
        confidence *= 1.0 - rules[rule].doubt
    update = {"caveats": tuple(c.id for c in caveats), "confidence": round(confidence, 2)}
    return finding.model_copy(update=update)


def _undermines(doubt: Finding, finding: Finding, rules: Mapping[str, BaseRule]) -> bool:
    """Tell whether one finding weakens another; what is about the log itself stays a fact."""
    if rules[finding.rule].undermines:
        return False
    named = rules[finding.rule].is_among(rules[doubt.rule].undermines)
    return named and doubt.overlaps(finding)
