"""What another rule sees too is more certain than what one rule sees alone.

Of weak evidence that the steps are too small, 97 % was right where another rule saw the same
symptom, and 83 % where none did (measured on small trainings of 33 data sets and models).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from advisor.finding import Finding
from advisor.rule import BaseRule, Nature


def supported(findings: Sequence[Finding], rules: Mapping[str, BaseRule]) -> frozenset[str]:
    """Return the ids of the findings whose symptom another rule sees in the same runs.

    An option sees none: what may be tried shows nothing wrong.
    """
    seen: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for finding in findings:
        rule = rules[finding.rule]
        for symptom in rule.symptoms if rule.nature is Nature.FAULT else ():
            seen.setdefault(finding.runs, {}).setdefault(symptom, set()).add(rule.name)
    return frozenset(
        finding.id
        for finding in findings
        for symptom in rules[finding.rule].symptoms
        if seen.get(finding.runs, {}).get(symptom, set()) - {finding.rule}
    )
