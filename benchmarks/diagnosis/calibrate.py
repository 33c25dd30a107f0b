"""From findings whose truth is known to the confidence that such findings shall have.

The method: sort the findings by the confidence that their rule gave, cut them into bins of
equal weight, draw the share that was right in each bin to that of all (as if ``STRENGTH`` more
trainings had come out like all of them, all by Jeffreys' prior), and join neighbours until a
surer bin is nowhere less often right. It is monotone, and never 0 or 1. A rule with too few
findings takes the bins of its group, drawn to the share of its own that was right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from advisor.accuracy import ConfidenceBin, Rate

FEWEST = 50
"""Trainings with a judged finding below which findings are too few to calibrate by."""
IN_A_BIN = 25
"""The fewest trainings that a bin is cut for."""
MOST_BINS = 5
STRENGTH = 10.0
"""Trainings that the share of all findings weighs in each bin."""


class Judged(NamedTuple):
    """A finding whose truth is known."""

    estimate: float
    """The confidence that the rule gave."""
    right: bool
    case: str
    """The rule and the training: all findings of one case weigh 1 together."""


class Counted(NamedTuple):
    """A bin before its confidence is known."""

    up_to: float
    part: float
    of: float


def calibrated(findings: Sequence[Judged]) -> tuple[ConfidenceBin, ...]:
    """Return the bins; none if there are too few findings."""
    if len({finding.case for finding in findings}) < FEWEST:
        return ()
    counted = _cut(findings)
    part, of = sum(b.part for b in counted), sum(b.of for b in counted)
    overall = (part + 0.5) / (of + 1)
    return tuple(
        ConfidenceBin(
            up_to=found.up_to,
            right=Rate(part=round(found.part, 2), of=round(found.of, 2)),
            confidence=_told(_drawn(found, overall)),
        )
        for found in _rising(counted, overall)
    )


def drawn_to(bins: Iterable[ConfidenceBin], own: Rate) -> tuple[ConfidenceBin, ...]:
    """Draw the bins of a group to the share that was right of a rule's own findings.

    As if ``STRENGTH`` more of its findings had come out like those of the group.
    """
    return tuple(
        found.model_copy(
            update={
                "confidence": _told((own.part + STRENGTH * found.confidence) / (own.of + STRENGTH))
            }
        )
        for found in bins
    )


def _told(confidence: float) -> float:
    """Round a confidence; nothing is so sure that it is told as 0 or 1."""
    return min(max(round(confidence, 3), 0.001), 0.999)


def _cut(findings: Sequence[Judged]) -> list[Counted]:
    """Cut into bins of about equal weight; findings of one estimate stay together."""
    copies = Counter(finding.case for finding in findings)
    bins = min(MOST_BINS, len(copies) // IN_A_BIN)
    cut: list[Counted] = []
    part = of = 0.0
    ordered = sorted(findings)
    for finding, after in zip(ordered, [*ordered[1:], None], strict=True):
        weight = 1 / copies[finding.case]
        part, of = part + weight * finding.right, of + weight
        full = of >= len(copies) / bins - 1e-9
        if after is None or (full and after.estimate > finding.estimate):
            cut.append(Counted(1.0 if after is None else finding.estimate, part, of))
            part = of = 0.0
    return cut


def _rising(counted: Iterable[Counted], overall: float) -> list[Counted]:
    """Join each bin with those before it that are less sure of themselves and more often right."""
    rising: list[Counted] = []
    for found in counted:
        joined = found
        while rising and (
            joined.of < IN_A_BIN / 2 or _drawn(rising[-1], overall) >= _drawn(joined, overall)
        ):
            before = rising.pop()
            joined = Counted(joined.up_to, before.part + joined.part, before.of + joined.of)
        rising.append(joined)
    return rising


def _drawn(found: Counted, overall: float) -> float:
    return (found.part + STRENGTH * overall) / (found.of + STRENGTH)
