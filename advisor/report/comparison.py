"""What a report holds of its runs held against those of a baseline."""

from __future__ import annotations

from typing import Literal

from advisor.drawing.drawn import Curve
from advisor.finding import Severity
from advisor.model import Document, Value
from advisor.text import Message

Outcome = Literal["better", "worse", "within-noise", "same", "unjudged"]


class SettingChange(Document):
    """A setting that a run has another value of than in the baseline."""

    setting: str
    was: Value | None = None
    now: Value | None = None
    """``None`` where the setting was not recorded on that side."""


class ScoreChange(Document):
    """The objective of a run, or of several seeds of one configuration, then and now."""

    runs: tuple[str, ...]
    """As the report names them; several are seeds of one configuration."""
    before: tuple[str, ...]
    """The runs of the baseline, under the names that they have there."""
    objective: str = ""
    """The series that both are judged by; empty where there is none."""
    direction: Literal["min", "max", ""] = ""
    was: float | None = None
    now: float | None = None
    """The best level of the smoothed objective, of several runs the mean."""
    outcome: Outcome
    message: Message
    """What the change comes to, what it was held against, and what to do if it cannot be told."""
    curves: tuple[Curve, ...] = ()
    """Of the first run of ``before``: series of which the report holds the curve of the first
    of ``runs`` as well, on the same axis."""
    settings: tuple[SettingChange, ...] = ()
    """In which the first of ``runs`` differs from the first of ``before``."""


class NewFinding(Document):
    """A finding that the baseline does not have, or not as grave."""

    finding: str
    """Its id."""
    remark: Message | None = None
    """Why the baseline could not have it, or how grave it was there; ``None`` where the baseline
    judged the same and found nothing."""


class GoneFinding(Document):
    """A finding of the baseline that the report does not have."""

    finding: str
    """Its id in the baseline."""
    rule: str
    severity: Severity
    runs: tuple[str, ...]
    """As the report names them; a run without a counterpart keeps its name of the baseline."""
    title: Message
    observed: Message
    fixed: bool
    """True where the rule judged the run again and did not find it; what was not judged is not
    fixed."""
    message: Message
    """What became of it."""


class Comparison(Document):
    """A report held against an earlier one."""

    baseline: str
    """The title of the baseline's report."""
    message: Message
    """What is new, fixed and unchanged, in one sentence."""
    matching: tuple[Message, ...]
    """Which runs are held against which, and which have no counterpart."""
    scores: tuple[ScoreChange, ...]
    """What is worse comes first."""
    new: tuple[NewFinding, ...]
    gone: tuple[GoneFinding, ...]
    unchanged: tuple[str, ...]
    """Ids of findings of the report."""
