"""What the rules on the log itself share: they are facts, told where something rests on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from advisor.curve import Curve
from advisor.finding import Evidence, Finding, Severity
from advisor.notes import Note, NoteKind
from advisor.roles import Kind
from advisor.rule import NotApplicable, Rule, Stage
from advisor.run import Axis
from advisor.view import RunView
from advisor_rules import symptoms
from advisor_rules.signs.measure import stretch

CURVES = (
    "train/loss", "val/loss", "test/loss", "loss",
    "train/metric", "val/metric", "test/metric", "metric",
    "return", "val/return", "test/return", "lr", "grad_norm", "other",
)  # fmt: skip
"""Every role that a fact about a log can hold for."""
LOSSES = CURVES[:4]
CITED = 4
"""So many series are cited; a fact about a log may hold for hundreds."""
SPIKES = ("stage:gradients", "lr-too-high", "lr-warmup", "batch-too-small-noise")
"""Rules that rest on single points, or on the scatter of points."""
STARTS = ("initial-loss", "hockey-stick", "never-learned")
"""Rules that rest on the first points."""
SLOPES = ("stage:decay", "lr-too-low", "still-improving", "underfitting", "never-learned")
"""Rules that rest on small changes."""
ENDS = ("stage:epochs", "diverged", "lr-too-low", "underfitting", "no-validation")
"""Rules that rest on where a run ends."""


class LogRule(Rule):
    """A rule whose findings are caveats of others; it holds for every task."""

    stage = Stage.TELEMETRY
    severity = Severity.NOTE
    uses: ClassVar[tuple[str, ...]] = CURVES
    symptoms = (symptoms.LOG_INEXACT,)
    basis: ClassVar[str] = "It was seen in the log itself."

    def fact(self, evidence: Sequence[Evidence], **params: Any) -> Finding:
        """Return the finding that states a fact."""
        return self.finding(confidence=0.99, evidence=evidence, **params)


class NoteRule(LogRule):
    """A rule that tells what the reader noted of a log."""

    kind: ClassVar[NoteKind]

    def check(self, run: RunView) -> Iterator[Finding]:
        """Tell the notes of one kind, with the series that they hold for."""
        notes = run.notes(self.kind)
        if notes:
            yield self.noted(run, notes)

    def noted(self, run: RunView, notes: Sequence[Note]) -> Finding:
        """Return the finding that tells some notes: the first in full, the others by number."""
        more = len(notes) - 1
        return self.fact(
            [self.place(curve, notes) for curve in affected(run, notes)],
            variants={"evidence": "more"} if more else {},
            said=notes[0].message,
            more=more,
        )

    def place(self, curve: Curve, notes: Sequence[Note]) -> Evidence:
        """Return where a fact holds for a curve: all of it, unless a rule knows better."""
        return whole(curve, "places in the log", float(max(len(notes), 1)))


def affected(run: RunView, notes: Iterable[Note]) -> tuple[Curve, ...]:
    """Return the curves that notes hold for, at most ``CITED``.

    Where a note holds for the whole run, the longest curve of each axis stands for all.
    Raises ``NotApplicable`` where no such curve has a finite value.
    """
    curves = [curve for curve in run.every("|".join(CURVES)) if len(curve)]
    named = {tag for note in notes for tag in note.series}
    found = [curve for curve in curves if curve.tag in named]
    if not found:
        longest: dict[Axis, Curve] = {}
        for curve in sorted(curves, key=_length):
            longest[curve.axis] = curve
        found = list(longest.values())
    if not found:
        raise NotApplicable("no series with a finite value")
    return tuple(sorted(found, key=_length, reverse=True)[:CITED])


def whole(curve: Curve, measured: str, value: float, threshold: float | None = None) -> Evidence:
    """Cite all of a curve."""
    return stretch(curve, curve.steps[0], curve.steps[-1], measured, value, threshold)


def _length(curve: Curve) -> tuple[bool, int, str]:
    return curve.role.kind is not Kind.OTHER, len(curve), curve.tag
