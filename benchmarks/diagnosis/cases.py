"""One log, what was the matter, and what advisor said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.diagnosis.answers import ANSWERS, Answer
from benchmarks.diagnosis.truth import Truth

NOTHING = Answer(())
RECORDED = "with settings and learning rate"
"""What a log shows that keeps neither back."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One log of one training, what was the matter, and what advisor said."""

    training: str
    log: str
    title: str
    """The way to train, or the fault and its strength."""
    fault: str
    """Empty where nothing was planted, or where it did no harm."""
    truth: Truth
    answer: Answer
    facts: frozenset[str]
    """Rules that are right about this log whatever its training did."""
    conditions: Mapping[str, bool]
    """For each option whose condition is known: whether it holds."""
    findings: tuple[dict[str, Any], ...]
    diagnoses: tuple[dict[str, Any], ...]
    errors: tuple[str, ...]
    """Rules that failed."""
    judged: frozenset[str] = frozenset()
    """Rules that had what they need."""
    rules: frozenset[str] = frozenset()
    """All rules that were asked."""
    unknown: frozenset[str] = frozenset()
    """Rules of which nobody knows whether they are right, unless the fault says so."""
    damage: str = ""
    """What the log keeps back so that it can be known from it, as ``log-NAME``; or empty."""
    whole: bool = True
    """Whether the log keeps nothing back."""
    shows: str = ""
    """The grain, and whether settings and learning rate are logged, in words."""

    @property
    def id(self) -> str:
        """What is listed where advisor was wrong."""
        return f"{self.training} {self.log} ({self.title})"

    @property
    def base(self) -> str:
        """The data set and the model."""
        return self.training.rsplit("-", 2)[0]

    @property
    def fine(self) -> bool:
        """Whether a warning on the training would be a false alarm."""
        return self.truth.state in ("healthy", "harmless")

    @property
    def loud(self) -> list[dict[str, Any]]:
        """Findings that are warnings or errors."""
        return [f for f in self.findings if f["severity"] != "note"]

    @property
    def first(self) -> list[str]:
        """The rules of the first diagnosis, the likeliest first."""
        return list(self.diagnoses[0]["rules"]) if self.diagnoses else []

    @property
    def also(self) -> list[str]:
        """What the first diagnosis may be else, by the names of faults."""
        return list(self.diagnoses[0]["also"]) if self.diagnoses else []

    def says(self, rule: str) -> bool:
        """Tell whether a rule has a finding."""
        return any(f["rule"] == rule for f in self.findings)

    def means_to_warn(self, rule: str) -> bool:
        """Tell whether a rule has a finding that it gave as a warning or an error."""
        return any(f["rule"] == rule and f["meant"] != "note" for f in self.findings)

    def right(self, rule: str) -> bool | None:
        """Tell whether a finding of ``rule`` on this log is true; ``None`` if nobody knows.

        Of a training of which it is unclear what is the matter no finding counts, not even one
        that is known to be true: else what is true would count there, and what is false would not.
        """
        if self.truth.state == "unclear":
            return None
        if rule in self.facts or rule in ANSWERS.get(self.damage, NOTHING).names:
            return True
        planted = self.answer if self.truth.state == "planted" else NOTHING
        if rule in planted.names or rule in planted.follows:
            return True
        if rule in self.conditions:
            return self.conditions[rule]
        return None if rule in self.unknown else False


def read(row: Mapping[str, Any]) -> Case:
    """Return the case of a row that ``judge`` wrote."""
    statuses: Mapping[str, str] = row["statuses"]
    return Case(
        training=row["training"],
        log=row["log"],
        title=row["title"],
        fault=row["fault"],
        truth=Truth(row["state"], row["level"], row["lost"]),
        answer=ANSWERS[row["fault"]] if row["fault"] else NOTHING,
        facts=frozenset(row["facts"]),
        unknown=frozenset(row["unknown"]),
        conditions=row["conditions"],
        findings=tuple(row["findings"]),
        diagnoses=tuple(row["diagnoses"]),
        errors=tuple(rule for rule, outcome in statuses.items() if outcome == "error"),
        judged=frozenset(r for r, outcome in statuses.items() if outcome in ("passed", "failed")),
        rules=frozenset(statuses),
        damage=row["damage"],
        whole=not row["form"]["damage"],
        shows=_shown(row["form"]),
    )


def _shown(form: Mapping[str, Any]) -> str:
    grain = "by step" if form["by_step"] else "by epoch"
    if form["config"] and form["rate"]:
        return f"{grain}, {RECORDED}"
    return f"{grain}, without one of them" if form["config"] or form["rate"] else f"{grain}, bare"
