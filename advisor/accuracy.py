"""How often a rule was right, and what that allows its findings to say.

A plugin may declare what was measured of its rules, on trainings whose answer is known
(``register_measurements``). Findings of such a rule are warnings or errors only where the rule
has shown that it leaves healthy runs alone, and their confidence is how often such findings
were right. Of a rule without a measurement the severity and the confidence are its author's:
whoever wrote it for their own runs decides.
"""

from __future__ import annotations

import math

from pydantic import Field

from advisor.finding import Finding, OtherCause, Record, Severity
from advisor.model import Document
from advisor.text import Message, message

ENOUGH = 200
"""Healthy and harmless runs on which a rule must have been asked before it may warn."""
MOST_ALARMS = 0.02
"""The rate of false alarms that the interval of a rule that warns may reach."""
SURE = 0.975
"""The confidence from which a rule's weaker evidence warns as its strong evidence does: half the
errors that warnings may make, as what was measured is less sure on data that nobody tuned on."""
Z = 1.96
"""Normal quantile of a two-sided 95 % interval."""


class Rate(Document):
    """A part of a number of trainings. Copies of one training share its weight of 1."""

    part: float = Field(default=0.0, ge=0)
    of: float = Field(default=0.0, ge=0)

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share (Wilson 1927); all that is possible without data."""
        if not self.of:
            return 0.0, 1.0
        share, z2 = self.part / self.of, Z * Z
        middle = (share + z2 / (2 * self.of)) / (1 + z2 / self.of)
        spread = share * (1 - share) / self.of + z2 / (4 * self.of**2)
        half = Z * math.sqrt(spread) / (1 + z2 / self.of)
        return max(0.0, middle - half), min(1.0, middle + half)


class ConfidenceBin(Document):
    """Findings of which the rule itself was about equally sure."""

    up_to: float = Field(ge=0, le=1)
    """The highest confidence, as the rule gave it, that belongs here."""
    right: Rate
    confidence: float = Field(gt=0, lt=1)
    """What such findings say: the share that was right, drawn to that of all bins.

    Those of a group are drawn to the rule's own share, too."""


class Measurement(Document):
    """What was measured of one rule. All counts are of trainings."""

    name: str
    """The rule's."""
    alarms: Rate = Rate()
    """Warnings and errors on healthy and harmless runs that the rule could judge."""
    right: Rate = Rate()
    """Of the trainings on which it spoke, those on which it was right."""
    recall: dict[str, Rate] = {}
    """By how plain a planted fault is (``blatant``, ``clear``, ``subtle``): those that it found."""
    group: str = ""
    """Whose findings the bins hold, in words; empty if they are the rule's own."""
    bins: tuple[ConfidenceBin, ...] = ()
    """By confidence, lowest first, each at least as sure as the one before."""
    also: tuple[OtherCause, ...] = ()
    """What else it was where the rule led, the most frequent first."""

    @property
    def unproven(self) -> Message | None:
        """Why the rule may not warn; ``None`` if it may."""
        healthy = round(self.alarms.of)
        if healthy < ENOUGH:
            text = (
                "By itself a note: measured on only {healthy:count healthy run|healthy runs}, "
                "and a warning takes {enough:step}."
            )
            return message("unproven.few", text, healthy=healthy, enough=ENOUGH)
        highest = self.alarms.interval[1]
        if highest <= MOST_ALARMS:
            return None
        text = (
            "By itself a note: wrong on {alarms:number} of "
            "{healthy:count healthy run|healthy runs}, so perhaps on {highest:number}%, "
            "and a warning takes {most:percent} or less."
        )
        alarms = self.alarms.part
        return message(
            "unproven.alarms",
            text,
            alarms=alarms,
            healthy=healthy,
            highest=100 * highest,
            most=MOST_ALARMS,
        )

    def bin_of(self, estimate: float) -> ConfidenceBin | None:
        """Return where a finding belongs of which the rule is so sure; ``None`` if unmeasured."""
        inside = (found for found in self.bins if estimate <= found.up_to)
        return next(inside, self.bins[-1] if self.bins else None)


def why_quieter(severity: Severity, measurement: Measurement | None) -> Message | None:
    """Return why measurement makes a note of what a rule gives this severity, if it does."""
    if measurement is None or severity is Severity.NOTE:
        return None
    return measurement.unproven


def allowed(severity: Severity, measurement: Measurement | None) -> Severity:
    """Return the severity that measurement leaves of the one that a rule gives."""
    return Severity.NOTE if why_quieter(severity, measurement) else severity


def as_measured(
    finding: Finding,
    measurement: Measurement | None,
    *,
    loudest: Severity = Severity.NOTE,
    severity_is_set: bool = False,
) -> Finding:
    """Return a finding as loud and as sure as measurement allows.

    ``loudest`` is the severity of its rule, whose weaker evidence is a note until it has shown
    that it is right as often as a warning has to be. ``severity_is_set`` tells that the user's
    settings gave the severity: then it stays.
    """
    told = _calibrated(finding, measurement)
    if severity_is_set:
        return told
    if unproven := why_quieter(finding.severity, measurement):
        update = {"severity": Severity.NOTE, "meant": finding.severity, "unproven": unproven}
        return told.model_copy(update=update)
    may_warn = allowed(loudest, measurement) is not Severity.NOTE
    if may_warn and told.severity is Severity.NOTE and _is_sure(told):
        return told.model_copy(update={"severity": Severity.WARNING, "meant": Severity.NOTE})
    return told


def _is_sure(told: Finding) -> bool:
    """Tell whether such findings of the rule itself were right nearly always."""
    own = told.record is not None and not told.record.group
    return own and told.confidence >= SURE


def _calibrated(finding: Finding, measurement: Measurement | None) -> Finding:
    found = measurement.bin_of(finding.confidence) if measurement else None
    if measurement is None or found is None:
        text = "The author's estimate, not measured: {basis:sentence}"
        basis = message("confidence.estimate", text, basis=finding.basis)
        return finding.model_copy(update={"basis": basis})
    record = Record(right=found.right.part, of=found.right.of, group=measurement.group)
    update = {
        "confidence": found.confidence,
        "estimate": finding.confidence,
        "record": record,
        "basis": _basis(record),
    }
    return finding.model_copy(update=update)


def _basis(record: Record) -> Message:
    # Copies of one training count as one, so that a count of what was right may be no whole number.
    share, of = record.share, round(record.of)
    if not record.group:
        text = (
            "Such findings were right in {share:percent} of {of:count training|trainings} "
            "of the benchmark."
        )
        return message("confidence.measured", text, share=share, of=of)
    text = (
        "This rule has too few judged findings of its own; such findings of {group:text} were "
        "right in {share:percent} of {of:count training|trainings} of the benchmark. The "
        "confidence allows for both."
    )
    return message("confidence.group", text, share=share, of=of, group=record.group)
