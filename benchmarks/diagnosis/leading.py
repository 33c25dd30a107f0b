"""What a diagnosis may say of what else it may be: what was planted where its rule led."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from advisor.finding import OtherCause
from advisor_rules.causes import CAUSES
from benchmarks.diagnosis.answers import ANSWERS, is_about_logs

ENOUGH = 50
"""Trainings that a rule must have led before anything is said of what else it was."""
FEWEST, RARE, MOST = 3, 0.05, 4
"""A cause is told that stood behind so many trainings, and such a share of them; so many are."""


def also(rule: str, faults: Mapping[str, int]) -> tuple[OtherCause, ...]:
    """Return what else it was where a rule led: the faults that it does not name itself."""
    whole = sum(faults.values())
    if whole < ENOUGH or is_about_logs(rule):
        return ()
    others = Counter({f: part for f, part in faults.items() if rule not in ANSWERS[f].names})
    return tuple(
        OtherCause(name=fault, text=CAUSES[fault].text, rule=CAUSES[fault].rule,
                   part=part, of=whole)
        for fault, part in others.most_common(MOST)
        if part >= max(FEWEST, RARE * whole)
    )  # fmt: skip
