"""The rule ``early-stopping-missing``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Finding, Severity
from advisor.model import Value
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.overfitting import Overfitting
from advisor_rules.given.recorded import (
    RICH,
    RICH_SOURCE,
    Recorded,
    Said,
    early_stopping,
    ended_by_patience,
    patience,
)
from advisor_rules.signs.measure import judged_validation, stretch, turn
from advisor_rules.signs.validation_size import falls_by_chance


class EarlyStoppingMissing(Rule):
    """The run went past its best without early stopping, or was stopped too soon by it.

    ## What it checks
    Two things. Where ``past-best`` fires, or ``overfitting`` does: whether the config turns early
    stopping off, has a patience that is as long as the run, or, with at least ``settings``
    recorded and rate and length among them, names none. Of a config that is poorer than that
    nothing is concluded, nor of a run that is judged by an accuracy which fell by no more than
    other validation samples would change it. Where ``still-improving`` fires: whether the run ended
    as many validations after its best single one as its recorded patience allows, before the number
    of epochs that it was given.

    ## Why it matters
    Early stopping is what makes a large number of epochs harmless. Without it the end of the
    budget decides when a run ends; with too little patience, one unlucky validation does.

    ## What to do
    Stop when validation has not improved for a tenth of the run, and keep the best checkpoint.
    Where the patience ended a run that was improving, double it.

    ## When to ignore it
    Runs must have one length, to be compared or for the sake of a learning-rate schedule.
    """

    name = "early-stopping-missing"
    stage = Stage.EPOCHS
    severity = Severity.NOTE
    requires = ("val/metric|val/loss",)
    uses = roles_of(PastBest, Overfitting, StillImproving)
    points = 8
    after_end = True
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.STOPPED_EARLY, symptoms.VALIDATION_WORSE)
    silences = ("still-improving",)
    separated_by = ("a run with early stopping, and the epoch at which it ends",)
    basis = (
        "0.9 where the config turns early stopping off, 0.6 where it names none; 0.8 where the "
        "run ended when its patience did."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.overview("Early stopping prevents needless training and overfitting."),
        sources.wandb(4, "Stop when performance has not improved for n epochs in a row."),
        sources.wandb(1, "Start with many epochs and let early stopping end the run."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Stop after {patience:count validation|validations} without improvement",
        "title.soon": "Raise the patience to {patience:count validation|validations}",
        "observed": "No early stopping in the config",
        "observed.soon": "Stopped by its patience while improving",
        "evidence": "None of the {settings:count setting|settings} recorded is about early "
        "stopping, and {after:percent} of the run came after {axis:text} {step:step}.",
        "evidence.off": "With {path:name} as it is, nothing stops the run: {after:percent} of it "
        "came after {axis:text} {step:step}.",
        "evidence.soon": "The run ended {since:count validation|validations} after the best "
        "single value of {series:name}, at {axis:text} {last:step}, while its trend was still "
        "improving; {path:name} is {before:number}.",
        "do": "Watch {series:name}, and end the run after {patience:count validation|validations} "
        "without a new best.",
        "do.soon": "Set {path:name} to {patience:step} and continue from the last checkpoint.",
        "why": "With early stopping a generous number of epochs costs nothing: the run ends "
        "itself when validation no longer improves.",
        "why.soon": "Validation scatters from one to the next. With little patience a few unlucky "
        "ones in a row end a run whose trend still goes down.",
        "check": "The next run ends about {patience:count validation|validations} after its best.",
        "check.soon": "The next run gets beyond {axis:text} {last:step} and below its best so far.",
        "unless": "all runs must have one length, or a schedule that depends on it.",
    }

    settings: int = option(
        RICH,
        "Recorded settings from which a config that does not name early stopping has none.",
        source=RICH_SOURCE,
        ge=1,
    )
    ended: float = option(
        0.95,
        "Share of its epochs below which a run ended before its time.",
        source="chosen by eye: counts from 0 and from 1 differ by one epoch",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return runs without early stopping and with too little patience, and runs in order."""
        past = turning(100, seed=82, at=0.3)
        stopped = falling(40, seed=83, rate=1.2, size=0.01)
        stopped[-4:] = stopped[-5] + np.abs(noise(4, 0.01, 84))
        off = {"early_stopping": False, "epochs": 100}
        return (
            Example("past its best, turned off", make_run(val_loss=past, config=off), fires=True),
            Example(
                "stopped by a patience of 4",
                make_run(val_loss=stopped, config={"patience": 4, "epochs": 200}),
                fires=True,
            ),
            Example(
                "past its best, turned on",
                make_run(val_loss=past, config={"early_stopping": True}),
                fires=False,
            ),
            Example(
                "past its best, hardly anything recorded",
                make_run(val_loss=past, config={"lr": 1e-3}),
                fires=False,
            ),
            Example(
                "falls to its end",
                make_run(val_loss=falling(100, seed=85), config=off),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at what the run did after its best, and what the config says of stopping."""
        past = first_finding(run, PastBest) or self._overfitted(run)
        if past is not None:
            said = early_stopping(run.settings, self.settings)
            if said.state is Recorded.UNKNOWN:
                raise NotApplicable("too little config is recorded to tell how runs are stopped")
            if said.state is not Recorded.ON:
                yield self._missing(run, _curve(run, past.evidence[0].series), past, said)
        else:
            yield from self._too_soon(run)

    def _overfitted(self, run: RunView) -> Finding | None:
        """Return that the loss rose, unless the run is judged by a metric that fell by chance."""
        rose, judged = first_finding(run, Overfitting), judged_validation(run, self.points)
        if rose and judged is not None and falls_by_chance(judged, turn(judged).rise):
            return None
        return rose

    def _missing(self, run: RunView, curve: Curve, past: Finding, said: Said) -> Finding:
        step, last = past.evidence[0].first_step, int(curve.steps[-1])
        off = said.state is Recorded.OFF
        wanted = max(3, round(0.1 * len(curve)))
        after = 1.0 - curve.fraction(step)
        measured = "share of the run after its best validation"
        current = run.settings.recorded.get(said.path) if said.path else None
        return self.finding(
            confidence=0.9 if off else 0.6,
            evidence=[stretch(curve, step, last, measured, after, None)],
            changes=[_patience(said.path, current, wanted, "set")],
            variants={"evidence": "off"} if off else None,
            series=curve.tag,
            axis=curve.axis.value,
            step=step,
            after=after,
            settings=len(run.settings.recorded),
            path=said.path or "",
            patience=wanted,
        )

    def _too_soon(self, run: RunView) -> Iterator[Finding]:
        found, epochs = patience(run.settings), run.settings.number("epochs")
        if found is None or epochs is None:
            return
        path, allowed = found
        for curve in run.every("val/loss|val/metric"):
            if len(curve) < self.ended * epochs and ended_by_patience(run.settings, curve):
                if first_finding(run, StillImproving) is not None:
                    yield self._stopped(curve, path, allowed)
                return

    def _stopped(self, curve: Curve, path: str, allowed: float) -> Finding:
        since = curve.after_best
        best, last = int(curve.steps[-1 - since]), int(curve.steps[-1])
        wanted = round(2 * allowed)
        measured = "validations after the best single one"
        parts = ("title", "observed", "evidence", "do", "why", "check")
        return self.finding(
            confidence=0.8,
            evidence=[stretch(curve, best, last, measured, float(since), allowed)],
            changes=[_patience(path, allowed, wanted, "up")],
            variants=dict.fromkeys(parts, "soon"),
            series=curve.tag,
            axis=curve.axis.value,
            last=last,
            since=since,
            path=path,
            before=allowed,
            patience=wanted,
        )


def _curve(run: RunView, tag: str) -> Curve:
    return next(c for c in run.every("val/loss|val/metric") if c.tag == tag)


def _patience(path: str | None, before: Value, wanted: int, direction: str) -> Change:
    return Change.model_validate(
        {
            "parameter": "patience",
            "path": path,
            "from": before,
            "to": wanted,
            "direction": direction,
            "horizon": "full",
        }
    )
