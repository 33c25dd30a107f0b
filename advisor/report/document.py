"""The report: one versioned document, the only thing that a renderer sees.

It holds no clock, host, cache state, worker count or absolute path: the same input gives the
same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

from pydantic import Field
from pydantic_core import PydanticSerializationError

from advisor.drawing.drawn import Curve, EvidenceWindow
from advisor.finding import Change, Citation, Finding, OtherCause, Severity
from advisor.model import Document
from advisor.report.comparison import Comparison
from advisor.report.spelling import spelled, without_halves
from advisor.report.sweep import Sweep
from advisor.report.whole import broken
from advisor.roles import Understanding
from advisor.run import Axis, ConfigValue
from advisor.text import Message, clean
from advisor.verification import Verification

SCHEMA_VERSION = 1
"""Raised when a field changes its meaning or goes; a new field alone does not raise it."""


class Status(Document):
    """What a rule came to on the runs it was asked about."""

    rule: str
    outcome: Literal["passed", "failed", "not-applicable", "missing-input", "error"]
    reason: Message | None = None
    """Why it was not applicable, what to log, or what went wrong."""
    runs: tuple[str, ...]


class Span(Document):
    """A stretch of a run whose compute was lost, and why."""

    first_step: int
    last_step: int
    share: float
    """Of the run's steps."""
    finding: str
    """The id of the finding that measured it."""


class RunEntry(Document):
    """One run in the report."""

    name: str
    """Path relative to LOGS; what ``findings[].runs`` and ``diagnoses[].runs`` use."""
    source: str
    files: tuple[str, ...]
    axis: Axis
    first_step: int
    last_step: int
    points: int
    """Logged values over all series."""
    understanding: Understanding
    objective_value: float | None
    """The best value of the objective in this run."""
    objective_step: int | None
    objective_level: float | None = None
    """The best value of the smoothed objective: one lucky point does not make it."""
    config: dict[str, ConfigValue]
    notes: tuple[Message, ...]
    severity: Severity | None
    """Of its worst diagnosis; ``None`` if it has none, or none but asides about the log and what
    was found across runs."""
    state: Message
    """The run in a few words: ``Diverged at step 8,412``, ``The log shows no problem``."""
    useful: float | None = Field(ge=0, le=1)
    """The share of the run's steps that were not measurably lost; ``None`` if unknown."""
    lost: tuple[Span, ...]
    curves: tuple[Curve, ...]
    windows: tuple[EvidenceWindow, ...] = ()


class Settled(Document):
    """What probes of the user's own program say of a hypothesis."""

    outcome: Literal["confirmed", "refuted", "open"]
    message: Message
    """What was measured, or why it is still open."""


class Hypothesis(Document):
    """One explanation of a symptom."""

    rule: str
    probability: float = Field(ge=0, le=1)
    finding: str
    """The finding's id."""
    settled: Settled | None = None
    """``None`` if no probe was asked."""


class NextStep(Document):
    """What to do next about a diagnosis: change something, or tell the hypotheses apart."""

    kind: Literal["change", "separate", "look"]
    message: Message
    changes: tuple[Change, ...] = ()


class Diagnosis(Document):
    """Findings on one symptom, joined: ranked hypotheses, consequences and one next action."""

    id: str
    severity: Severity
    """Of the gravest finding that it joins or explains."""
    runs: tuple[str, ...]
    symptom: str
    hypotheses: tuple[Hypothesis, ...]
    """The first one's finding leads: the most severe, and among equals the likeliest."""
    consequences: tuple[str, ...] = ()
    """Ids of findings that the leading one explains, and of caveats of what stands here."""
    aside: bool = False
    """True where it is only about the log, and weakens no finding: shown last."""
    next: NextStep
    also: tuple[OtherCause, ...] = ()
    """What else it may be, of which no finding speaks; the likeliest first."""

    @property
    def leading(self) -> str:
        """The id of the finding that leads."""
        return self.hypotheses[0].finding


class Experiment(Document):
    """The one training to start next: settings of one stage, for one run."""

    run: str
    """The run to start from."""
    stage: str
    diagnoses: tuple[str, ...]
    """Ids of the diagnoses that it answers."""
    changes: tuple[Change, ...]
    """What to change, each parameter once, under the run's own names."""
    why: Message
    check: Message
    """What will be seen if it worked."""


class RuleInfo(Document):
    """What a renderer says of a rule apart from its findings."""

    name: str
    summary: str
    """The first sentence of its page."""
    stage: str
    nature: str
    severity: Severity
    plugin: str
    across: bool = False
    """True for a rule across runs, whose findings are not about one of them."""
    citations: tuple[Citation, ...]
    separated_by: tuple[str, ...] = ()
    options: dict[str, str] = {}
    """The options that differ from their defaults, as written in the settings."""


class Refused(Document):
    """A file or directory that gave no run, why, and what to do."""

    path: str
    reason: str
    cure: str


class Problem(Document):
    """A part of advisor or of a plugin that broke, and what it cost."""

    where: str
    """The plugin, reader or rule to blame."""
    what: str
    cure: str


class Verdict(Document):
    """The report in one sentence."""

    severity: Severity | None
    message: Message
    errors: int
    warnings: int
    notes: int
    useful: float | None
    """Share of the steps of all runs that were not measurably lost."""


class Report(Document):
    """Everything that advisor has to say about a study."""

    display: ClassVar[Callable[[Report], str] | None] = None
    """Makes HTML for a notebook; set from above, as a report knows no renderer."""

    schema_version: int = SCHEMA_VERSION
    advisor: str
    """The version that wrote it."""
    title: str
    """The last part of the LOGS argument."""
    verdict: Verdict
    objective: str | None = None
    """The setting, if the user named one; each run says which it used."""
    diagnoses: tuple[Diagnosis, ...]
    experiment: Experiment | None = None
    findings: tuple[Finding, ...]
    verifications: tuple[Verification, ...] = ()
    """What short trainings said of changes that the findings propose, where they were tried."""
    runs: tuple[RunEntry, ...]
    sweep: Sweep | None = None
    """The largest group of runs that can be compared; ``None`` with fewer than three."""
    comparison: Comparison | None = None
    """With a baseline, if there is one."""
    statuses: tuple[Status, ...]
    rules: tuple[RuleInfo, ...]
    """Every rule that was asked, by name."""
    refused: tuple[Refused, ...] = ()
    problems: tuple[Problem, ...] = ()
    accepted: dict[str, str] = {}
    """Rules whose findings the settings accept, each with its reason."""

    def finding(self, identifier: str) -> Finding:
        """Return a finding by its id. Raises ``KeyError`` if there is none."""
        return self._by_id[identifier]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, with other values of some fields; it finds its own findings."""
        copied = super().model_copy(update=update, deep=deep)
        vars(copied).pop("_by_id", None)
        return copied

    @cached_property
    def _by_id(self) -> dict[str, Finding]:
        return {finding.id: finding for finding in self.findings}

    def to_json(self, indent: int | None = 1) -> str:
        """Write the report as JSON with a final newline; on one line if ``indent`` is ``None``.

        Each column of a curve stands on one line: one for each number would make the file of a
        study half as large again. Non-finite numbers are strings.
        Half a character, which a file name or a log may hold and UTF-8 cannot, becomes ``�``.
        Characters that steer a terminal or turn the order of a line are written as escapes.
        """
        try:
            text = self.model_dump_json(indent=indent, by_alias=True)
        except PydanticSerializationError:
            whole = type(self).model_validate(without_halves(self.model_dump()))
            text = whole.model_dump_json(indent=indent, by_alias=True)
        return spelled(text) + "\n"

    def __repr__(self) -> str:
        """Name the report in a line; a notebook stores it beside what it displays."""
        return f"<Report on {clean(self.title, 60)}: {len(self.diagnoses)} diagnoses>"

    __str__ = __repr__

    def _repr_html_(self) -> str | None:
        """Display the report in a notebook; ``advisor.api`` says how."""
        display = type(self).display
        return display(self) if display else None

    @classmethod
    def from_json(cls, text: str | bytes) -> Report:
        """Read a report written by this or an older version.

        Raises ``ValueError`` if it is no report, is not whole, or was written by a newer schema.
        """
        head = _Head.model_validate_json(text)
        if not head.schema_version:
            raise ValueError("it is no report of advisor: it has no schema_version")
        if head.schema_version > SCHEMA_VERSION:
            raise ValueError(
                f"it was written by advisor {head.advisor} with schema version "
                f"{head.schema_version}; this advisor reads up to {SCHEMA_VERSION}: upgrade it"
            )
        report = cls.model_validate_json(text)
        if fault := next(broken(report), None):
            raise ValueError(fault)
        return report


class _Head(Document):
    """What is looked at before the rest, which may mean something else in another version."""

    schema_version: int = 0
    advisor: str = ""
