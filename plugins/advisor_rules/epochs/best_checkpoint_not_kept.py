"""The rule ``best-checkpoint-not-kept``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Change, Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, turning
from advisor_rules.given.recorded import Recorded, Said, best_saving
from advisor_rules.signs.guessing import never_left_guessing
from advisor_rules.signs.measure import Turn, certainty, judged_validation, stretch, turn
from advisor_rules.signs.rising import is_sloped
from advisor_rules.signs.said import At, course, ending
from advisor_rules.signs.validation_size import demand_many

_KEEPS_ITSELF = ("ultralytics", "yolo")
"""Kinds of logs whose trainer always writes ``best.pt`` beside ``last.pt``."""


class BestCheckpointNotKept(Rule):
    """The last model is worse than the best one, and nothing recorded says that it was kept.

    ## What it checks
    Takes the validation series that the run is judged by and compares its level at the end
    with that around its best point. The rule fires if the end is worse by ``drop``, by
    ``worth`` of all that was gained and by ``t`` standard errors (of a slight rise of a loss by
    those of its slope too, as ``past-best``), most points in between are worse, and the config does
    not say that the best checkpoint is kept. A config that keeps it (``save_best_only``,
    ``load_best_model_at_end``, ``save_top_k``, a best checkpoint named by the trainer) silences it.
    An accuracy that never left what guessing gives has no best, nor has what a few validation
    samples, or other ones, can make.

    ## Why it matters
    The log proves that a better model existed. If only the last one was saved, it is gone.

    ## What to do
    Save a checkpoint whenever validation reaches a new best, and evaluate and deploy that one.

    ## When to ignore it
    The best checkpoint is kept by code that the config does not show.
    """

    name = "best-checkpoint-not-kept"
    stage = Stage.EPOCHS
    severity = Severity.NOTE
    requires = ("val/metric|val/loss",)
    uses = ("objective", "val/metric", "val/loss")
    points = 8
    after_end = True
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.VALIDATION_WORSE,)
    separated_by = ("a list of the checkpoints that were saved",)
    basis = (
        "0.7 to 0.95, growing with the drop, where the config turns it off; "
        "0.4 to 0.6 where saving is not recorded."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(4, "Early stopping also saves the best performing model for you."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Keep the best checkpoint, not the last",
        "observed": "Nothing says that the best model was kept",
        "observed.off": "The best model was not kept",
        "evidence": "Nothing recorded says that the model of {axis:text} {step:step} was kept: "
        "{series:name} was {best:number} there, and {end:number} at the end.",
        "evidence.off": "{path:name} does not keep the model of {axis:text} {step:step}: "
        "{series:name} was {best:number} there, and {end:number} at the end.",
        "do": "Save a checkpoint whenever {series:name} reaches a new best, and use that one. If "
        "you do already, record it in the config.",
        "do.off": "Turn {path:name} on, with {series:name} as what it watches, and use the best "
        "checkpoint.",
        "why": "Validation can get worse long before a run ends; only a saved checkpoint brings "
        "the best model back.",
        "check": "The checkpoint that you evaluate has {series:name} near {best:number}.",
        "unless": "the best checkpoint is kept by code that the config does not show.",
    }

    drop: float = option(
        0.02,
        "Smallest drop, as a share of the best level (or of a third of the gain, for a loss "
        "that may be negative).",
        source="as past-best, so that it goes beneath that finding",
        gt=0,
    )
    worth: float = option(
        0.05, "Smallest drop, as a share of all that had been gained.", source="as past-best", ge=0
    )
    t: float = option(5.0, "The drop in units of its standard error.", source="as past-best", gt=0)
    skill: float = option(
        0.15,
        "How far an accuracy must have come from guessing, 0, to perfect, 1: it has no best else.",
        source="as past-best",
        ge=0,
        lt=1,
    )
    lasting: float = option(
        0.5,
        "Share of the later half of the points after the best one that must be worse than noise.",
        source="as past-best",
        gt=0,
        le=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run that ends below its best, and runs that kept it or end at it."""
        past = turning(100, seed=80, at=0.4)
        return (
            Example(
                "ends worse, nothing recorded",
                make_run(val_loss=past, config={"epochs": 100, "lr": 1e-3}),
                fires=True,
            ),
            Example(
                "the best one is loaded at the end",
                make_run(val_loss=past, config={"load_best_model_at_end": True}),
                fires=False,
            ),
            Example("ends at its best", make_run(val_loss=falling(100, seed=81)), fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the end of the series that the run is judged by against its best level."""
        curve = judged_validation(run, self.points)
        if curve is None:
            raise NotApplicable(
                "no validation series is long enough and has a known better direction"
            )
        turned = turn(curve)
        large = turned.relative >= self.drop and turned.rise >= self.worth * curve.trend.gain
        if not large or turned.t < self.t or turned.lasting < self.lasting:
            return
        if not is_sloped(curve, turned, self.t) or never_left_guessing(run, curve, self.skill):
            return
        said = best_saving(run.settings)
        trainer = run.source.lower()
        if said.state is not Recorded.ON and not any(word in trainer for word in _KEEPS_ITSELF):
            demand_many(run, curve, turned.rise)
            yield self._found(curve, turned, said)

    def _found(self, curve: Curve, turned: Turn, said: Said) -> Finding:
        strength = min(turned.t / self.t, turned.relative / self.drop)
        off = said.state is Recorded.OFF
        measured = "drop from the best level to the end, relative"
        best, last = curve.best_point, int(curve.steps[-1])
        kept, end = course(curve, At(*best), ending(curve))
        return self.finding(
            confidence=certainty(strength, 0.7, 0.95) if off else certainty(strength, 0.4, 0.6),
            evidence=[stretch(curve, best.step, last, measured, turned.relative, self.drop)],
            changes=[_keep(said)],
            variants=dict.fromkeys(("observed", "evidence", "do"), "off") if off else None,
            series=curve.tag,
            axis=curve.axis.value,
            step=best.step,
            best=kept,
            end=end,
            path=said.path or "",
        )


def _keep(said: Said) -> Change:
    before = False if said.state is Recorded.OFF else None
    return Change.model_validate(
        {
            "parameter": "save_best",
            "path": said.path,
            "from": before,
            "to": True,
            "direction": "set",
            "horizon": "full",
        }
    )
