"""The rule ``still-improving``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Citation, Finding, Severity
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Rule, Stage, option
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.examples import falling, turning
from advisor_rules.signs.cut_short import CUT_TEXTS, cut_finding, cut_short
from advisor_rules.signs.end_rate import EndRate, end_rate
from advisor_rules.signs.half_way import half_way_examples
from advisor_rules.signs.hardly_begun import BEGUN_TEXTS, begun_finding, hardly_begun
from advisor_rules.signs.improving import SLOPED, Improving, is_validation
from advisor_rules.signs.learning_time import over_learning_time
from advisor_rules.signs.measure import certainty, stretch
from advisor_rules.signs.rest_of_plan import longer_or_rest
from advisor_rules.signs.run_end import early_stopping_saw, got_worse, judged_by
from advisor_rules.signs.said import later_half

_FEWEST = 4
"""Fewer training losses than this are no curve."""


class StillImproving(Rule):
    """Training and validation were both still improving when the run ended.

    ## What it checks
    Looks at every series that the run is judged by: validation metric and loss, the return of an
    agent, or the training loss where there is nothing else. A validation fires if the last third of
    the run made ``worth`` of all that was learned: from the first training losses, where the loss
    is that of validation too; of an accuracy since guessing. It must fall by ``t`` standard errors
    over the last half, by ``clear`` times the scatter of one value in the last third, or twice
    ``worth`` where that is small, with its best value near the end (``recent``) or as long before
    as a recorded patience; of fewer than six, each must be better than the one before, and the last
    third by 1.5%. A loss of ``few`` validations at a rate that is known to be high in the end
    cannot have come to rest: ``few_share`` is enough, of training too unless each was better.

    What a rate on its way down, or below a third of its peak, brings is no sign: there it takes
    ``warn_share``. Where the rate is gone, a curve flattens done or not: the last third of the
    learning rate that was spent must have made ``spent_share``, by a curve that scatters by
    ``scatter`` at most and is best in its last twentieth; unless the rate was gone for half of the
    run. At an unknown rate, none of fewer than six validations may be missing. A validation loss
    must have made half of all that even where a metric made the whole (all, at an unknown rate);
    and an accuracy of more than ``few`` values, above 0.9 or where training was right for half of
    the run, must have made ``few_share`` of its gain then: the loss of right answers falls on as
    they get surer. A training loss falls to the end of any schedule; at a rate that is not gone it
    must have improved by ``progress`` over the last half, the last third its part, and, of fewer
    than a hundred at a rate not known to be high, made ``warn_share`` there: data are learned by
    heart. Nothing fires where a series that matters gets worse, or ended worse than half-way, or a
    recorded patience ended the run by a curve at rest. Notes also name runs less than ``planned``
    into a plan, or 0.7 if the last third made 0.08, if one of the last two (with early stopping
    off, four) validations was best; those whose rate rose; few fast epochs.

    ## Why it matters
    The best model is probably beyond the end of the run, and comparing the run with others
    says more about their lengths than about their settings.

    ## What to do
    Finish the plan first; else train half as long again, with the schedule stretched. If the
    budget is fixed, look for a faster way down first: a larger learning rate.

    ## When to ignore it
    The run was meant to be short: a search trial, a smoke test, a fixed budget.
    """

    name = "still-improving"
    stage = Stage.EPOCHS
    severity = Severity.WARNING
    requires = ("train/loss|val/loss|val/metric|return|val/return",)
    uses = ("objective", "val/metric", "val/loss", "train/loss", "train/metric", "lr", "epoch")
    points = 1
    after_end = True
    not_for = frozenset({Task.GAN})
    symptoms = (symptoms.STOPPED_EARLY, symptoms.TOO_SLOW)
    silences = ("telemetry-too-few-points",)
    separated_by = ("the same run, half as long again",)
    basis = (
        "Grows with the share of all progress, from 0.6 to 0.95; without validation with the slope "
        "against its error, up to 0.75; at most 0.65 of few points, 0.6 where the training loss is "
        "a straight line; 0.7 where a plan was cut off, 0.5 half-way, 0.6 of four epochs and fewer."
    )
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("Training and validation both still climbing: train longer."),
        sources.wandb(1, "Start with many epochs and let early stopping end the run."),
        sources.overview("The number of epochs needed depends on the task and the data."),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "Train longer: half as long again",
        "observed": "Still improving at {axis:text} {last:step}",
        "evidence": "{series:name} went from {before:number} to {end:number} in the last half "
        "of the run; its last third made {share:percent} of all progress.",
        "evidence.spent": "{series:name} went from {before:number} to {end:number} in the last "
        "half of the run; the last third of all learning rate spent made {share:percent} of all "
        "progress.",
        "evidence.few": "{series:name} went from {before:number} to {end:number}; the last third "
        "of the run made {share:percent} of all progress.",
        "do": "Continue to about {axis:text} {target:step}, with the learning-rate schedule "
        "stretched to the new length.",
        "why": "It improved by more than noise to the end, so the curve has not reached its floor.",
        "check": "{series:name} is better than {end:number} at {axis:text} {target:step}, by "
        "more than {noise:number}.",
        "check.few": "The next values of {series:name} are better than {end:number}.",
        "unless": "the run was meant to be short (a search trial, a fixed budget).",
        **CUT_TEXTS,
        **BEGUN_TEXTS,
    }

    worth: float = option(
        0.1,
        "Share of all progress that the last third of the run must have made, in validation.",
        source="an exponential decay of which 6% is still to come makes it; of which 2% is, 0.05",
        gt=0,
        lt=1,
    )
    clear: float = option(
        5.0,
        "What less than twice that must be in units of the scatter of one value.",
        source="measured on the same trainings: of 72 logs of more than ten validations 68 gain "
        "from more steps, of 14 below it six",
        gt=0,
    )
    few: int = option(
        10,
        "Validations at a high rate up to which a loss is not seen to come to rest.",
        source="measured on the same trainings: of 13 of eleven to fifteen five gain, see below",
        ge=2,
    )
    few_share: float = option(
        0.02,
        "Share of all progress that the last third must have made of such few, and of training.",
        source="measured on the same trainings: 22 of 308 such logs are of runs that were done",
        gt=0,
        lt=1,
    )
    spent_share: float = option(
        0.12,
        "Share of all progress in the last third of the learning rate that was spent.",
        source="measured on small trainings of 33 data sets and models: of 373 logs above it 355 "
        "gain from more steps, and of 66 between 0.1 and it 56; an exponential decay two time "
        "constants long makes 0.15",
        gt=0,
        lt=1,
    )
    scatter: float = option(
        0.0075,
        "Largest scatter of single validations, as a share of all progress, at a rate gone.",
        source="measured on the same trainings: between it and 0.02 every other one gains nothing",
        gt=0,
    )
    recent: float = option(
        0.08,
        "Largest share of the validations after the best single one.",
        source="measured on the same trainings: of those that end long after it few gain",
        gt=0,
        lt=1,
    )
    t: float = option(
        2.5,
        "The improvement in units of its standard error.",
        source="the usual two and a half: chance does that once in 160 runs",
        gt=0,
    )
    progress: float = option(
        0.01,
        "Smallest improvement of a training loss over the last half, as a share of the level at "
        "the end (or of a third of the gain, for a loss that may be negative).",
        source="chosen by eye; below, more training hardly pays",
        gt=0,
    )
    late: float = option(
        0.4,
        "Share of the improvement of the last half that the last third must have made.",
        source="a straight line makes 0.67, an exponential decay five time constants long 0.38",
        gt=0,
        le=1,
    )
    warn_share: float = option(
        0.2,
        "Share of all progress in the last third from which this is a warning.",
        source="an exponential decay one time constant long makes 23%, a straight line 33%",
        gt=0,
        lt=1,
    )
    warn_t: float = option(
        5.0,
        "The improvement in standard errors from which this is a warning.",
        source="chosen by eye",
        gt=0,
    )
    straight: float = option(
        3.0,
        "Time constant of the training loss, in run lengths, from which the rate may be why.",
        source="chosen by eye: the slope at the end is then still 72% of the one at the start",
        gt=0,
    )
    planned: float = option(
        0.35,
        "Share of a schedule, or of the recorded epochs, below which a run was cut short.",
        source="a cosine is then still at seven tenths of its peak; measured on small trainings of "
        "57 data sets and models: nine tenths gain from more at a quarter, half-way every other",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run that stopped early, and runs that are done or getting worse."""
        short = falling(60, seed=30, rate=0.8)
        return (
            Example(
                "one time constant long",
                make_run(train_loss=short, val_loss=short + 0.1, config={"trainer.max_epochs": 60}),
                fires=True,
            ),
            *half_way_examples(),
            Example("levelled off", make_run(train_loss=falling(60, seed=31, rate=9)), fires=False),
            Example(
                "validation rises",
                make_run(train_loss=short, val_loss=turning(60, seed=32)),
                fires=False,
            ),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the end of what the run is judged by."""
        curves = [c for c in judged_by(run, 2) if is_validation(c) or len(c) >= _FEWEST]
        cut, begun = cut_short(run, self.planned), hardly_begun(run)
        if not curves and cut is None and begun is None:
            raise NotApplicable("too few points of the series that the run is judged by")
        end = end_rate(run, curves[0]) if curves else EndRate.UNKNOWN
        improving = self._improving()
        rising = [curve for curve in curves if improving.shown_by(run, curve, end)]
        if not (rising or cut or begun) or got_worse(run, curves):
            return
        done = early_stopping_saw(run, curves, rising)
        if rising and not done and not improving.rests(run, end):
            curve = max(rising, key=lambda c: improving.share(run, c, end)[0])
            yield longer_or_rest(self, run, curve, cut, self._found(run, curve, end))
        elif cut is not None:
            yield cut_finding(self, run, cut, self.planned)
        elif begun is not None and not done:
            yield begun_finding(self, begun)

    def _improving(self) -> Improving:
        return Improving(
            worth=self.worth,
            clear=self.clear,
            few=self.few,
            few_share=self.few_share,
            spent_share=self.spent_share,
            falling_share=self.warn_share,
            scatter=self.scatter,
            recent=self.recent,
            t=self.t,
            progress=self.progress,
            late=self.late,
        )

    def _found(self, run: RunView, curve: Curve, end: EndRate) -> Finding:
        few, validation = len(curve) < SLOPED, is_validation(curve)
        share, least = self._improving().share(run, curve, end)
        t = -curve.trend.slope(0.5).t
        sure = share >= self.warn_share and t >= self.warn_t and validation
        loud = sure and len(curve) >= 10 and end not in (EndRate.GONE, EndRate.FALLING)
        last, measured = int(curve.steps[-1]), "share of all progress in the last third"
        span, strength = last - float(curve.steps[0]), share / least if validation else t / self.t
        how = "few" if few else "spent" if end is EndRate.GONE else ""
        third = round(last - span / 3)
        before, now = curve.values[[0, -1]].tolist() if few else later_half(curve)
        return self.finding(
            confidence=certainty(strength, 0.6, self._highest(run, curve)),
            severity=None if loud else Severity.NOTE,
            evidence=[stretch(curve, third, last, measured, share, least if validation else None)],
            variants={"evidence": how} | ({"check": how} if few else {}) if how else {},
            series=curve.tag,
            axis=curve.axis.value,
            last=last,
            target=round(last + 0.5 * span),
            before=before,
            end=now,
            share=share,
            noise=curve.noise,
        )

    def _highest(self, run: RunView, curve: Curve) -> float:
        """Return the most that can be known; a straight loss may as well have too low a rate."""
        train = run.get("train/loss")
        spent = over_learning_time(run, train) if train is not None and len(train) else None
        if spent is not None and spent.time_constant >= self.straight:
            return 0.6
        if len(curve) < SLOPED:
            return 0.65
        return 0.95 if is_validation(curve) else 0.75
