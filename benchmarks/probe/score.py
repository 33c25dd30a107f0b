"""Counts what the rows of the measurements come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from benchmarks.diagnosis.rates import wilson

from .rows import Row

LOUD = ("warning", "error")
DEFAULT = "plain default"
"""The rate that a user begins with, among the suggestions."""
RATE_RULE, NOT_FINITE = "probe-lr-range", "probe-not-finite"


class Share(NamedTuple):
    """So many of so many."""

    part: int
    of: int

    def __str__(self) -> str:
        """Return counts, and the share with Wilson's 95 % interval."""
        if not self.of:
            return "none measured"
        low, high = wilson(self.part, self.of)
        return f"{self.part:,} of {self.of:,}, {self.part / self.of:.1%} ({low:.1%} to {high:.1%})"


def share(rows: Iterable[Row], test: Callable[[Row], bool]) -> Share:
    """Return how many rows pass a test."""
    passed = [test(row) for row in rows]
    return Share(sum(passed), len(passed))


def of_kind(rows: Iterable[Row], *kinds: str) -> list[Row]:
    """Return the programs of some kinds."""
    return [row for row in rows if row["kind"] in kinds]


def named(row: Row) -> bool:
    """Tell whether a fault was named, or a rate called in the right direction."""
    if row["kind"] == "high":
        return any(_rule(f) == NOT_FINITE or _calls(f, low=False) for f in row["fired"].split())
    if row["kind"] == "low":
        return any(_calls(finding, low=True) for finding in row["fired"].split())
    return any(_rule(finding) in row["rules"].split() for finding in row["fired"].split())


def loud(row: Row) -> bool:
    """Tell whether any rule fired as a warning or an error."""
    return bool(alarms(row))


def alarms(row: Row) -> list[str]:
    """Return the rules that fired as a warning or an error."""
    return [_rule(f) for f in row["fired"].split() if f.split(":")[1] in LOUD]


def called_loud(row: Row) -> bool:
    """Tell whether a rate was called in the right direction by more than a note."""
    kept = " ".join(f for f in row["fired"].split() if f.split(":")[1] in LOUD)
    return named({**row, "fired": kept})


def by_rule(rows: Sequence[Row]) -> Counter[str]:
    """Return of how many sound programs each rule gave a false alarm."""
    return Counter(rule for row in rows for rule in set(alarms(row)))


def _rule(finding: str) -> str:
    return finding.partition(":")[0]


def _calls(finding: str, *, low: bool) -> bool:
    rule, _, variant = finding.partition(":")
    return rule == RATE_RULE and variant.endswith(":low") == low


class Regret(NamedTuple):
    """What following one tool costs, over all cells."""

    mean: float
    ninth: float
    """The ninth decile."""
    over: Share
    """Trainings that lose more than a tenth."""
    worse: Share
    """Trainings that end worse than guessing."""
    above: float
    """Mean regret above that of the plain default."""


def regrets(rows: Sequence[Row], rule: str) -> list[float]:
    """Return the regret of each training: 0 where it is the best, at most 1."""
    return [min(max(one, 0.0), 1.0) for row in rows for one in _lost(row, rule)]


def regret(rows: Sequence[Row], rule: str) -> Regret:
    """Return what following one tool costs."""
    values = sorted(regrets(rows, rule))
    unclipped = [one for row in rows for one in _lost(row, rule)]
    return Regret(
        sum(values) / len(values),
        values[int(0.9 * len(values))],
        Share(sum(one > 0.1 for one in values), len(values)),
        Share(sum(one > 1 for one in unclipped), len(values)),
        (sum(values) - sum(regrets(rows, DEFAULT))) / len(values),
    )


def _lost(row: Row, rule: str) -> list[float]:
    best, guessing = float(row["best_loss"]), float(row["guessing"])
    ends = map(float, row[f"{rule} losses"].split())
    return [(end - best) / (guessing - best) for end in ends]
