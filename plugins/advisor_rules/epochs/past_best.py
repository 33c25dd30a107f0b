"""The rule ``past-best``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.finding import Change, Citation, Cost, Finding, Severity
from advisor.roles import Kind, Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, noise, turning
from advisor_rules.given.recorded import ended_by_patience
from advisor_rules.signs.better_before import better_before
from advisor_rules.signs.guessing import never_left_guessing
from advisor_rules.signs.large_rise import LargeRise
from advisor_rules.signs.measure import (
    Turn,
    certainty,
    judged_validation,
    stretch,
    surely_rises,
    turn,
)
from advisor_rules.signs.plan_done import of_epochs
from advisor_rules.signs.rising import SLIGHT, SLIGHT_SOURCE, given_back, is_slight, is_sloped
from advisor_rules.signs.said import At, course, ending, single_best
from advisor_rules.signs.validation_size import demand_many


class PastBest(LargeRise):
    """Training went on long after validation was at its best.

    ## What it checks
    Takes the validation series that the run is judged by, smooths it and finds its best point; the
    step that is named is that of the best single value there. The rule fires if at least ``share``
    of the run came after it and the end is worse by ``t`` standard errors, by ``drop``, and by
    ``worth`` of all that was gained, a loss by ``worth`` of its best level too. A curve that is
    merely flat is left alone, and so are an accuracy that never left what guessing gives, what a
    few validation samples can make, a fall of an accuracy that other samples, as many as it shows,
    would change by as much, and a run that a recorded patience ended: it had to wait. Another seed
    may cost as much as a loss that rose by less than ``slight``: the slope of all that follows its
    best point must be ``t`` standard errors too, and it is only a note. Where ``many_points`` came
    after the best one, an end that gave back ``large`` of all that was gained need be only
    ``large_t`` standard errors worse, if ``large_lasting`` of the later points are, and the slope
    of them all shows it by ``steady_t``: that is a note. So is what came after the best point where
    the settings show early stopping. However much a curve scatters, it is a note where three
    validations in a row, of the first half, were better than every one of the later half, and the
    end gave back ``before`` of all that they had gained.

    ## Why it matters
    The compute after the best step bought nothing, and the last checkpoint is not the one
    to use.

    ## What to do
    Use the checkpoint of the best step. Stop early next time: keep a large number of epochs
    and end the run when validation has not improved for a while.

    ## When to ignore it
    You keep the best checkpoint anyway and the compute costs nothing.
    """

    name = "past-best"
    stage = Stage.EPOCHS
    severity = Severity.WARNING
    requires = ("val/metric|val/loss",)
    uses = ("objective", "val/metric", "val/loss", "train/loss", "epoch")
    points = 8
    after_end = True
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.VALIDATION_WORSE,)
    silences = ("still-improving", "early-stopping-missing", "best-checkpoint-not-kept")
    separated_by = ("a run that stops at the best step",)
    basis = "Grows with the drop against its threshold and error, from 0.6 to 0.95."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.overview("Early stopping prevents needless training and overfitting."),
        sources.wandb(1, "Start with many epochs and stop when performance stops improving."),
        sources.wandb(4, "Early stopping keeps the best model."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Stop near {axis:text} {step:step}",
        "observed": "Validation gained nothing after {axis:text} {step:step}",
        "evidence": "{series:name} was best around {axis:text} {step:step}, {best:number} there, "
        "and ended at {end:number}.",
        "evidence.apart": "{series:name} was best around {axis:text} {step:step}, {best:number} "
        "there, and ended at {end:number}; its best single value, {single:number} at {axis:text} "
        "{alone:step}, has worse neighbours.",
        "do": "Use the checkpoint of {axis:text} {step:step}; next time stop after {patience:step} "
        "validations without improvement.",
        "why": "After the best step, training goes on to change the model without making it "
        "better on data that it has not seen.",
        "check": "The run ends within {patience:step} validations of its best one, at a value near "
        "{best:number}.",
        "unless": "you keep the best checkpoint anyway and the compute costs nothing.",
        "cost": "{share:percent} of the run came after its best validation.",
    }

    share: float = option(
        0.3,
        "Smallest share of the run after its best point.",
        source="chosen by eye",
        gt=0,
        lt=1,
    )
    drop: float = option(
        0.02,
        "Smallest drop, as a share of the best level (or of a third of the gain, for a loss "
        "that may be negative).",
        source="chosen by eye",
        gt=0,
    )
    worth: float = option(
        0.05,
        "Smallest drop, as a share of all that had been gained, and of the best level of a loss.",
        source="measured on small trainings of 49 data sets and models: 14 of 18 logs below did "
        "not get worse over the seeds, 7 of 20 between this and twice as much",
        ge=0,
    )
    t: float = option(5.0, "The drop in units of its standard error.", source="chosen by eye", gt=0)
    lasting: float = option(
        0.5,
        "Share of the later half of the points after the best one that must be worse than noise.",
        source="chosen by eye: most of them; on small trainings of 33 data sets and models, "
        "3 logs are between this and 0.7, all of models that were better before",
        gt=0,
        le=1,
    )
    skill: float = option(
        0.15,
        "How far an accuracy must have come from guessing, 0, to perfect, 1: it has no best else.",
        source="that up to which never-learned says that a model guesses",
        ge=0,
        lt=1,
    )
    note_below: float = option(
        0.5,
        "Share of compute after the best point below which this is only a note.",
        source="chosen by eye",
        ge=0,
        le=1,
    )
    slight: float = option(
        SLIGHT,
        "Rise of a loss, as a share of its best level, below which this is only a note.",
        source=SLIGHT_SOURCE,
        ge=0,
    )

    before: float = option(
        0.2,
        "Drop below three validations in a row that were better than each of the later half, as a "
        "share of all that they had gained, that is a note by itself.",
        source="measured on small trainings of 49 data sets and models: 22 of 24 logs that only "
        "this finds were of models that were better before; simulated: of 2,400 curves that "
        "scatter about a level by a third of what they gained, or more, one in three hundred",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return runs past their best, and runs that are flat, improving or turn at the end."""
        past = turning(100, seed=20, at=0.25)
        flat = falling(100, seed=21, rate=12)
        fallen = np.concatenate([np.linspace(0.9, 0.3, 5), 0.9 + noise(25, 0.15, 30)])
        return (
            Example(
                "validation is best at a quarter",
                make_run(val_loss=past, config={"epochs": 100}),
                fires=True,
            ),
            Example("a good start that never came back", make_run(val_loss=fallen), fires=True),
            Example("a plateau", make_run(val_loss=flat), fires=False),
            Example("still falling", make_run(val_loss=falling(100, seed=22)), fires=False),
            Example(
                "turns at the very end",
                make_run(val_loss=turning(100, seed=23, at=0.9)),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the series that the run is judged by."""
        curve = judged_validation(run, self.points)
        if curve is None:
            raise NotApplicable(
                "no validation series is long enough and has a known better direction"
            )
        turned = turn(curve)
        best: tuple[int, float] = curve.best_point
        past = self._is_past(curve, turned)
        sure = past and self._is_sure(curve, turned)
        if not sure and not (past and self.is_large_and_steady(curve, turned, curve.trend.gain)):
            before = better_before(curve)
            if before is None or before.share < self.before:
                return
            turned, best = before.turned, before.best
            if turned.relative < self.drop:
                return
        validated = run.every("val/loss|val/metric")
        if any(ended_by_patience(run.settings, each) for each in (curve, *validated)):
            return
        if never_left_guessing(run, curve, self.skill):
            return
        demand_many(run, curve, turned.rise)
        yield self._found(run, curve, turned, best, sure=sure)

    def _is_past(self, curve: Curve, turned: Turn) -> bool:
        """Tell whether the end is worse than the best point, by enough and for long."""
        if 1.0 - turned.best.at < self.share or turned.lasting < self.lasting:
            return False
        worth = given_back(curve, turned, curve.trend.gain) >= self.worth
        return worth and turned.relative >= self.drop

    def _is_sure(self, curve: Curve, turned: Turn) -> bool:
        """Tell whether the end is worse beyond all scatter."""
        return surely_rises(curve, turned, self.t) and is_sloped(curve, turned, self.t, self.slight)

    def _found(
        self, run: RunView, curve: Curve, turned: Turn, named: tuple[int, float], *, sure: bool
    ) -> Finding:
        step, value = named
        single = single_best(curve, value)
        alone = single or At(step, value)
        best, end = course(curve, At(step, value), ending(curve))
        at = curve.fraction(step)
        share = 1.0 - at
        strength = min(turned.t / self.t, turned.relative / self.drop)
        last = int(curve.steps[-1])
        return self.finding(
            confidence=certainty(strength, 0.6, 0.95),
            severity=None if sure and not self._minor(run, curve, turned) else Severity.NOTE,
            evidence=[
                stretch(
                    curve,
                    step,
                    last,
                    "drop from the best level, relative",
                    turned.relative,
                    self.drop,
                )
            ],
            changes=_shorter(run, curve, at),
            variants={"evidence": "apart"} if single else None,
            cost=Cost(
                share=share,
                of="compute",
                first_step=step,
                last_step=last,
                message=self.say("cost", share=share),
            ),
            series=curve.tag,
            axis=curve.axis.value,
            step=step,
            best=best,
            end=end,
            share=share,
            patience=max(3, round(0.1 * len(curve))),
            single=alone.level,
            alone=int(alone.step),
        )

    def _minor(self, run: RunView, curve: Curve, turned: Turn) -> bool:
        """Tell whether little compute was lost, another seed may cost as much, or it was patience.

        Early stopping cannot end a run at its best point: it has to wait.
        """
        slight = curve.role.kind is Kind.LOSS and is_slight(curve, turned, self.slight)
        waited = (run.settings.number("patience") or 0) > 0
        return slight or waited or 1.0 - turned.best.at < self.note_below


def _shorter(run: RunView, curve: Curve, at: float) -> tuple[Change, ...]:
    """Propose the share of its epochs at which validation was best, where they are recorded.

    Of those that were trained, where a log counts them: fewer may have been than were planned.
    """
    epochs, done = run.settings.number("epochs"), of_epochs(run, curve)
    if epochs is None or epochs < 2:
        return ()
    seen = done is not None and done.variant == "epochs"
    trained = min(done.level, epochs) if done is not None and seen else epochs
    target = max(1, round(at * trained))
    change = Change.model_validate(
        {
            "parameter": "epochs",
            "path": run.settings.path("epochs"),
            "from": epochs,
            "to": target,
            "direction": "down",
            "horizon": "full",
        }
    )
    return (change,)
