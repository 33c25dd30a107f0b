"""What a rule says about a run: a finding, its evidence, and the change it proposes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from pydantic import Field

from advisor.model import Document, Value
from advisor.text import Message, clean


class Severity(StrEnum):
    """How much a finding matters; ``rank`` sorts the worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for an error, 1 for a warning, 2 for a note."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Citation(Document):
    """Where a piece of advice comes from, and what that source supports."""

    source: str
    """Author, year, title."""
    supports: str
    """What the source says, in our words."""
    url: str = ""
    key: str = ""
    """The document's letter and section in the advice catalogue, such as ``B2``."""


class Evidence(Document):
    """A stretch of one series, what was measured there, and what it was held against."""

    series: str
    """The tag as logged."""
    first_step: int
    last_step: int
    measured: str
    """The quantity, in words: ``rise of the validation loss above its minimum``."""
    value: float
    threshold: float | None = None
    """The bound that ``value`` was held against; ``None`` where there is none."""


class Place(Document):
    """A line of a settings file."""

    file: str
    """Relative to the working directory, with ``/`` as separator."""
    line: int = Field(ge=1)
    """From 1."""

    @property
    def text(self) -> str:
        """The place as editors and compilers name it: ``train.yaml:14``."""
        return f"{clean(self.file)}:{self.line}"


class Change(Document):
    """One setting to change."""

    parameter: str
    """Canonical name, such as ``learning_rate``."""
    path: str | None = None
    """The run's own name for it, such as ``optimizer.lr``; ``None`` if the log has none."""
    before: Value = Field(default=None, alias="from")
    after: Value = Field(alias="to")
    """The value to try. A string may describe it where no number can be given."""
    direction: Literal["up", "down", "set"]
    """Which way the parameter moves; two opposite moves of one parameter contradict each other."""
    horizon: Literal["short", "full"] = "short"
    """Whether a short training can show the effect, or only one of full length."""
    place: Place | None = None
    """The line of ``--config-file`` that sets it; ``None`` unless exactly one line fits."""


class Cost(Document):
    """What the log proves was lost. Never a prediction."""

    share: float = Field(ge=0, le=1)
    """The lost part, as a fraction of ``of``."""
    of: Literal["compute", "metric"]
    first_step: int
    last_step: int
    message: Message


class Advice(Document):
    """The sentences of a finding, in the order in which a reader needs them."""

    title: Message
    """What to do, as an imperative, at most 60 characters or so."""
    observed: Message
    """What was seen, in at most 40 characters or so: for lists."""
    evidence: Message
    """One sentence: two numbers and one place."""
    do: Message
    """One or two sentences: a value, a starting point."""
    why: Message
    """The mechanism in plain words."""
    check: Message
    """What will be seen if it worked, and when."""
    unless: Message
    """When to ignore this: completes "Skip this if …"."""


class Record(Document):
    """How often findings like this one were right, where it was measured."""

    right: float = Field(ge=0)
    """Trainings on which they were right; copies of one training share its weight of 1."""
    of: float = Field(ge=0)
    group: str = ""
    """Whose findings were counted, in words; empty if they are of the rule itself."""

    @property
    def share(self) -> float:
        """How many of them were right, from 0 to 1."""
        return self.right / self.of if self.of else 0.0


class OtherCause(Document):
    """What else was wrong with trainings that such a finding led, where it was measured."""

    name: str
    """What was planted, such as ``no-zero-grad``."""
    text: str
    """The same in a few words: ``gradients that add up``."""
    rule: str
    """The rule that is about it; it need not have found anything."""
    part: int = Field(ge=0)
    """Trainings with it."""
    of: int = Field(gt=0)
    """All trainings with something planted that such a finding led."""

    @property
    def share(self) -> float:
        """How many of them had it, from 0 to 1."""
        return self.part / self.of


class Finding(Document):
    """One piece of advice about one run (or, from a rule across runs, about several)."""

    id: str = ""
    """Stable: the same rule, run and series give the same id after a rerun."""
    rule: str
    severity: Severity
    meant: Severity | None = None
    """The severity that the rule gave, where what was measured made it another."""
    unproven: Message | None = None
    """Why measurement allows no more than a note, where it does not."""
    confidence: float = Field(ge=0, le=1)
    """How often findings with such evidence are right."""
    estimate: float | None = Field(default=None, ge=0, le=1)
    """The confidence that the rule gave, where a measured one stands in its place.

    Caveats lower the measured one."""
    record: Record | None = None
    """What the confidence was measured on; ``None`` where it is the author's estimate."""
    basis: Message
    """What the confidence rests on."""
    runs: tuple[str, ...] = ()
    advice: Advice
    evidence: tuple[Evidence, ...]
    caveats: tuple[str, ...] = ()
    """Ids of findings about the log that make this one less certain; the confidence says so."""
    changes: tuple[Change, ...] = ()
    cost: Cost | None = None

    @property
    def first_step(self) -> int:
        """The first step that any evidence covers."""
        return min(e.first_step for e in self.evidence)

    @property
    def last_step(self) -> int:
        """The last step that any evidence covers."""
        return max(e.last_step for e in self.evidence)

    def overlaps(self, other: Finding) -> bool:
        """Tell whether the steps of two findings have any in common."""
        return self.first_step <= other.last_step and other.first_step <= self.last_step

    def located(self, *runs: str) -> Finding:
        """Return this finding with its runs filled in, and the id that follows from them."""
        key = "\n".join((self.rule, *runs, *sorted({e.series for e in self.evidence})))
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
        return self.model_copy(update={"runs": runs, "id": f"{self.rule}-{digest}"})


def distinct(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Tell findings of equal ids apart by a number: one rule, run and series, several places."""
    seen: dict[str, int] = {}
    told_apart = []
    for finding in findings:
        count = seen[finding.id] = seen.get(finding.id, 0) + 1
        if count > 1:
            finding = finding.model_copy(update={"id": f"{finding.id}-{count}"})  # noqa: PLW2901
        told_apart.append(finding)
    return tuple(told_apart)
