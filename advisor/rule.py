"""Rules: one frozen model in one file, whose class says everything about it.

Class variables are metadata, fields are options, the docstring is the documentation page,
and ``check`` is the rule. Page, listing, schema and conformance tests come from the class.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from advisor.finding import Advice, Change, Citation, Cost, Evidence, Finding, Severity
from advisor.model import UserInput
from advisor.roles import Task
from advisor.run import Run
from advisor.text import Message, Param, message

if TYPE_CHECKING:
    from advisor.study import Study
    from advisor.view import RunView


class Stage(StrEnum):
    """The part of tuning that a rule belongs to, in the order in which they are worth doing."""

    TELEMETRY = "telemetry"
    NON_FINITE = "non-finite"
    PROGRAM = "program"
    LEARNING_RATE = "learning-rate"
    EPOCHS = "epochs"
    BATCH_SIZE = "batch-size"
    DECAY = "decay"
    FIT = "fit"
    VALIDATION = "validation"
    GRADIENTS = "gradients"
    OPTIMIZER = "optimizer"
    AVERAGING = "averaging"
    SEARCH = "search"

    @property
    def rank(self) -> int:
        """0 for what must be settled first."""
        return _RANKS[self]


_RANKS = {stage: rank for rank, stage in enumerate(Stage)}


class Nature(StrEnum):
    """Whether a finding is somebody's mistake, or an opportunity (then always a note)."""

    FAULT = "fault"
    OPTION = "option"


Subject = Literal["run", "config", "sweep"]


class NotApplicable(Exception):
    """Raised by a rule that has what it requires, and still cannot judge this run.

    The reason is a template with parameters, like every text: ``NotApplicable("only
    {n:count point|points}", n=3)``.
    """

    def __init__(self, reason: str, **params: Param) -> None:
        self.message: Message = (
            message("not-applicable", reason, **params) if params else _plain(reason)
        )
        super().__init__(self.message.text)


@lru_cache(maxsize=1024)  # most rules say the same of most runs
def _plain(reason: str) -> Message:
    return message("not-applicable", reason)


ADVICE_PARTS = tuple(Advice.model_fields)
"""The sentences that every rule has: title, observed, evidence, do, why, check, unless."""

OPTION_SOURCE = "source"
"""The key of a field's ``json_schema_extra`` that says where its default comes from."""


def option(default: Any, description: str, *, source: str, **bounds: Any) -> Any:
    """Declare an option of a rule: its default, what it means, and where the default comes from.

    ``bounds`` are pydantic's (``ge``, ``le``, ``gt``, ``lt``). No option may be infinite or NaN.
    """
    return Field(
        default, description=description, json_schema_extra={OPTION_SOURCE: source}, **bounds
    )


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A run that shows what a rule does: part of its page, and of the conformance tests."""

    title: str
    """What kind of run this is, in words."""
    run: Run
    fires: bool


@dataclass(frozen=True, slots=True, eq=False)
class StudyExample:
    """A study that shows what a rule across runs does."""

    title: str
    """What kind of study this is, in words."""
    study: Study
    fires: bool


class BaseRule(UserInput, ABC):
    """What rules on one run and rules across runs have in common."""

    model_config = ConfigDict(allow_inf_nan=False)

    name: ClassVar[str]
    """Permanent. The catalogue's key, or ``topic/kebab-case`` for other people's rules."""
    stage: ClassVar[Stage]
    severity: ClassVar[Severity]
    notes_may_warn: ClassVar[bool] = True
    """Whether what it gave as a note warns where such findings were right as often as a warning
    has to be; not where a note means that the rule may not apply."""
    nature: ClassVar[Nature] = Nature.FAULT
    subject: ClassVar[Subject]
    """What it looks at: the curves of one run, what a run has recorded, or a set of runs."""
    symptoms: ClassVar[tuple[str, ...]]
    """What a user sees; findings of one run that share a symptom join in one diagnosis."""
    silences: ClassVar[tuple[str, ...]] = ()
    """Rules, or stages as ``stage:NAME``, whose findings this one explains where both fire."""
    precedes: ClassVar[tuple[str, ...]] = ()
    """Rules, or stages as ``stage:NAME``, that say of an effect what this one says of its cause.

    In one diagnosis this hypothesis ranks before theirs, however sure they are of the effect, if
    it is likelier than not."""
    ends_run: ClassVar[bool] = False
    """True if what it silences may lie anywhere in the run: a run that ends in NaN was in
    trouble before. Otherwise the steps must overlap."""
    undermines: ClassVar[tuple[str, ...]] = ()
    """Rules, or stages as ``stage:NAME``, whose evidence is worth less where this one fires.

    Its findings are then caveats: shown inside what they weaken, or else last of all."""
    doubt: ClassVar[float] = 0.2
    """The share of its confidence, 0 to 1, that an undermined finding loses."""
    confirmed_by: ClassVar[tuple[str, ...]] = ()
    """Rules on what probes measure: a finding of any of them confirms this hypothesis."""
    cleared_by: ClassVar[tuple[str, ...]] = ()
    """Those of ``confirmed_by`` that cannot miss it: where all of them pass, it is refuted."""
    separated_by: ClassVar[tuple[str, ...]] = ()
    """The probes or logs that would tell this hypothesis from the others."""
    do_separates: ClassVar[tuple[str, ...]] = ()
    """The texts of what to do, ``do`` or ``do.VARIANT``, that begin with the first of
    ``separated_by``: who does as they say tells the hypotheses apart, and is asked once."""
    citations: ClassVar[tuple[Citation, ...]]
    basis: ClassVar[str] = "chosen by its author"
    """What the confidence that the rule gives rests on; measurement may replace it."""
    texts: ClassVar[dict[str, str]]
    """English templates: the parts of ``Advice``, ``cost`` where a cost is given, and variants
    of a part as ``part.variant``."""

    def finding(
        self,
        *,
        confidence: float,
        evidence: Sequence[Evidence],
        changes: Sequence[Change] = (),
        cost: Cost | None = None,
        variants: Mapping[Any, str] | None = None,
        severity: Severity | None = None,
        **params: Param,
    ) -> Finding:
        """Build a finding of this rule; every template gets all of ``params``.

        ``variants`` picks another template for a part: ``{"do": "no-rate"}`` uses
        ``texts["do.no-rate"]``. ``severity`` may lower the rule's own, never raise it.
        """
        picked = variants or {}
        sentences = {
            part: self.say(f"{part}.{picked[part]}" if part in picked else part, **params)
            for part in ADVICE_PARTS
        }
        lowest = max(severity or self.severity, self.severity, key=lambda s: s.rank)
        return Finding(
            rule=self.name,
            severity=Severity.NOTE if self.nature is Nature.OPTION else lowest,
            confidence=confidence,
            basis=message(f"{self.name}.basis", self.basis),
            advice=Advice(**sentences),
            evidence=tuple(evidence),
            changes=tuple(changes),
            cost=cost,
        )

    def is_among(self, names: Sequence[str]) -> bool:
        """Tell whether this rule is one of ``names``: rules, or stages as ``stage:NAME``."""
        return self.name in names or f"stage:{self.stage.value}" in names

    def separates_by_doing(self, order: Message) -> bool:
        """Tell whether one of the rule's orders begins with what tells hypotheses apart."""
        return order.id in {self._id_of(part) for part in self.do_separates}

    def say(self, part: str, **params: Param) -> Message:
        """Return one of the rule's sentences. Raises ``KeyError`` if the rule has no such part."""
        return message(self._id_of(part), self.texts[part], **params)

    def _id_of(self, part: str) -> str:
        return f"{self.name}.{part}"


class Rule(BaseRule):
    """A rule on one run.

    The engine calls ``check`` only where everything in ``requires`` is there, finite and long
    enough, and the run's task is none of ``not_for``.
    """

    subject: ClassVar[Subject] = "run"
    requires: ClassVar[tuple[str, ...]] = ()
    """Roles, such as ``train/loss``; alternatives as ``val/loss|val/metric``."""
    uses: ClassVar[tuple[str, ...]] = ()
    """Roles that the rule looks at where they are there."""
    points: ClassVar[int] = 1
    """The fewest finite points that every required series must have."""
    reads_non_finite: ClassVar[bool] = False
    """True if the rule wants to see series whose values are NaN or infinite."""
    compares: ClassVar[bool] = True
    """False if it only asks what is logged. Others are not shown losses whose weights change."""
    not_for: ClassVar[frozenset[Task]] = frozenset()
    after_end: ClassVar[bool] = False
    """True if it can judge a training only when it is over; `advisor watch` looks earlier."""

    @classmethod
    @abstractmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return at least one run on which the rule fires and one on which it stays silent."""

    @abstractmethod
    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at one run. May raise ``NotApplicable``; must not change what it is given."""


class StudyRule(BaseRule):
    """A rule across the runs of a study."""

    subject: ClassVar[Subject] = "sweep"

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        """Return studies on which the rule fires and stays silent: at least one of each, or none.

        They are part of its page and of the conformance tests.
        """
        return ()

    @abstractmethod
    def check(self, study: Study) -> Iterator[Finding]:
        """Look at all runs. The findings name their runs by ``Finding.located``."""
