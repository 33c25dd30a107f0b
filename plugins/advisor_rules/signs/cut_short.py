"""Whether a run ended long before what it had planned: its schedule, or its recorded length."""

from __future__ import annotations

import numpy as np

from advisor.curve import Curve
from advisor.finding import Finding, Severity
from advisor.notes import NoteKind
from advisor.rule import ADVICE_PARTS, Rule
from advisor.view import RunView
from advisor_rules.given.recorded import Recorded, early_stopping, ended_by_patience
from advisor_rules.signs import schedule
from advisor_rules.signs.end_rate import NEAR_PEAK
from advisor_rules.signs.epochs_done import ended_in_first
from advisor_rules.signs.half_way import HALF, HALF_SURE, HALF_TEXTS, half_variants, half_way
from advisor_rules.signs.measure import has_direction, judged_validation, stretch
from advisor_rules.signs.plan_done import MOVED, Cut, down, of_plan

_LATELY = 1
"""The most validations after the best one that do not show early stopping: it seldom waits for
only one (chosen by eye)."""
_SHAKES = 3
"""The most validations after the best one that may be worse by scatter, where early stopping is
off: more of them show that the run was past its best (chosen by eye)."""
_ROSE = 0.5
"""Share of a run from which a rise of the rate is no warm-up of all there was to be: that is
usually a tenth of a run, in one cycle 0.3 (PyTorch) or a little less than a half (Smith).
Measured on the starts, 0.3 of the whole, of 67 small trainings with one cycle: of 50 that are near
their best 42 then gained more than 0.02 of all that they learned."""
_HELD = 0.9
"""Share of a run after which a rate that no longer moves is held (chosen by eye)."""
_SHAKEN = 2.0
"""Scatters of one value by which the last one may miss the best one while the rate rises: two
values of one level are farther apart in one case of six."""

CUT_TEXTS = {
    "title.schedule": "Let the run reach the end of its schedule",
    "title.rise": "Let the run reach the end of its schedule",
    "title.epochs": "Train all of the {planned:number} epochs",
    "title.one": "Train the whole epoch",
    "title.steps": "Train all of the {planned:step} steps",
    "observed.schedule": "Ended {share:percent} into its schedule",
    "observed.rise": "The learning rate rose for {share:percent} of the run",
    "observed.epochs": "Ended after {level:number} of {planned:number} epochs",
    "observed.one": "Ended after {level:number} of one epoch",
    "observed.steps": "Ended after {level:step} of {planned:step} steps",
    "evidence.schedule": "{plan:name} stood at {level:percent} of its peak at the end, "
    "{share:percent} into its schedule, and {series:name} at {end:number}; its best was "
    "{best:number}.",
    "evidence.rise": "{plan:name} rose for {share:percent} of the run and ended at "
    "{level:percent} of its peak, and {series:name} at {end:number}; its best was {best:number}.",
    "evidence.epochs": "{path:name} is {planned:number}, {plan:name} ends after {level:number}, "
    "and {series:name} ended at {end:number}; its best was {best:number}.",
    "observed.validated": "Validated in {level:number} of {planned:number} epochs",
    "evidence.validated": "{path:name} is {planned:number}, and nothing in the log shows more "
    "than {level:number} epochs: {series:name} has its values at even distances from the start, "
    "and ended at {end:number}; its best was {best:number}.",
    "unless.validated": "it was stopped on purpose, or validated only after every few epochs.",
    "do.schedule": "Resume it, or start it again, and let it run until the learning rate is down.",
    "do.rise": "Resume it, or start it again, and let it run until the learning rate is down; if "
    "it was to be no longer, make the schedule as short as the run.",
    "do.epochs": "Resume it, or start it again, and let it run for all of its epochs.",
    "do.steps": "Resume it, or start it again, and let it run for all of its steps.",
    "why.schedule": "The last and best part of what a schedule brings comes as the rate falls, and "
    "this run did not get there.",
    "why.rise": "A rate rises at the start of a schedule, in a warm-up or the first part of one "
    "cycle: most of this schedule is missing.",
    "why.epochs": "Nothing in the curves says that the planned length was too long.",
    "check.schedule": "The last {series:name} is better than {end:number}.",
    "check.rise": "The last {series:name} is better than {end:number}.",
    "check.epochs": "The last {series:name} is better than {end:number}.",
    "unless.schedule": "it was stopped on purpose, and its successor did better.",
    "unless.rise": "it was stopped on purpose, or tried one learning rate after the other.",
    "unless.epochs": "it was stopped on purpose, and its successor did better.",
    **HALF_TEXTS,
}
"""What a finding says of such a run, by part: of its schedule, its rise, and its epochs; and what
else it says of steps, and of epochs that only validations count."""


def cut_short(run: RunView, most: float) -> Cut | None:
    """Return how much of its plan a run had done, if ``most`` and not ended by early stopping.

    Or about half of it, if validation clearly still improved (``half_way``). A log that is still
    being written has not ended.

    Early stopping waits after the best validation: here the best one is the last, or nearly. Where
    it is recorded as off, a few more may scatter, and any number before the rate comes down. A run
    whose rate rose for most of it had not done much of its plan either, and there a validation that
    shakes is enough if it is near its best. Where there is none yet, nothing can have stopped a run
    in its first epoch but a fault or a hand. The rule must declare ``objective``, ``lr``,
    ``epoch``, the training loss, and the validation loss and metric.
    """
    if run.notes(NoteKind.GROWING):
        return None
    validation = judged_validation(run, 1)
    if validation is None:
        return _before_validation(run, most)
    found = of_plan(run, validation)
    waited = not _ends_near_best(run, validation) and not _never_stopped(run)
    if found is not None and not waited and _is_past_best(run, validation, found):
        return None
    if found is not None and found.share <= most and not waited:
        return found
    rise = _of_rise(run, validation, waited)
    if rise is not None or found is None or waited:
        return rise
    late = half_way(run, validation, found.curve, found.share)
    return None if late is None else found._replace(late=late)


def _before_validation(run: RunView, most: float) -> Cut | None:
    """Return how much of its epochs or schedule a run had done that never validated."""
    train = run.get("train/loss")
    if train is None or not len(train) or early_stopping(run.settings).state is Recorded.ON:
        return None
    cut = _in_first_epoch(run, train) or down(run, train)
    return cut if cut is not None and cut.share <= most else None


def _in_first_epoch(run: RunView, train: Curve) -> Cut | None:
    planned, counter = run.settings.number("epochs"), ended_in_first(run)
    if planned is None or counter is None:
        return None
    return Cut(1.0 / planned, train, counter, 1.0, planned, "epochs")


def _of_rise(run: RunView, validation: Curve, waited: bool) -> Cut | None:
    """Return for how much of a run its rate rose, if for most, and it was neither held nor down."""
    rate = run.get("lr")
    if rate is None or not schedule.readable(rate):
        return None
    share, level = schedule.rise(rate), float(rate.values[-1]) / schedule.peak(rate)
    if share <= _ROSE or level < NEAR_PEAK or _is_held(rate):
        return None
    if waited and not _shakes_near_best(run, validation):
        return None
    return Cut(share, validation, rate, level, 0.0, "rise")


def _is_held(rate: Curve) -> bool:
    """Tell whether a rate did not move in the end, from one logged value to the next at least."""
    late = rate.steps[0] + _HELD * (rate.steps[-1] - rate.steps[0])
    end = rate.values[min(int(np.searchsorted(rate.steps, late)), len(rate) - 2) :]
    return bool(end.max() - end.min() <= MOVED * schedule.peak(rate))


def _shakes_near_best(run: RunView, validation: Curve) -> bool:
    """Tell whether the last validation is as good as the best, but for scatter, and none waited."""
    if early_stopping(run.settings).state is Recorded.ON:
        return False
    values = validation.sign * validation.values
    return bool(values[-1] - values.min() <= _SHAKEN * validation.trend.noise)


def _never_stopped(run: RunView) -> bool:
    return early_stopping(run.settings).state is Recorded.OFF


def _is_past_best(run: RunView, validation: Curve, found: Cut) -> bool:
    """Tell whether some validation was best long ago, and not at a rate that has hardly fallen."""
    if found.variant == "schedule" and found.level >= NEAR_PEAK:
        return False
    return any(curve.after_best > _SHAKES for curve in _validations(run, validation))


def _ends_near_best(run: RunView, validation: Curve) -> bool:
    """Tell whether by no measure the best validation was long ago, or as a patience waits."""
    known = _validations(run, validation)
    if any(curve.after_best > _LATELY for curve in known):
        return False
    return not any(c.after_best and ended_by_patience(run.settings, c) for c in known)


def _validations(run: RunView, validation: Curve) -> list[Curve]:
    curves = (validation, run.get("val/loss"), run.get("val/metric"))
    return [c for c in curves if c is not None and len(c) and has_direction(c)]


def cut_finding(
    rule: Rule, run: RunView, cut: Cut, threshold: float, *, surely: bool = False
) -> Finding:
    """Say by a rule that has ``CUT_TEXTS`` that a run ended long before its plan.

    ``surely`` where it is known to gain from the rest: the title then asks for that.
    """
    first, last = int(cut.curve.steps[0]), int(cut.curve.steps[-1])
    measured = "share of the plan that was trained"
    if cut.variant == "rise":
        measured, threshold = "share of the run in which the rate rose", _ROSE
    variants = {
        part: cut.variant if f"{part}.{cut.variant}" in CUT_TEXTS else "epochs"
        for part in ADVICE_PARTS
    }
    if cut.variant == "epochs" and cut.planned == 1:
        variants |= {"title": "one", "observed": "one"}
    if cut.late:
        threshold, variants = HALF, variants | half_variants(cut.variant, surely=surely)
    sure = 0.6 if cut.variant == "validated" else 0.7
    return rule.finding(
        confidence=HALF_SURE if cut.late else sure,
        severity=Severity.NOTE,
        evidence=[stretch(cut.curve, first, last, measured, cut.share, threshold)],
        variants=variants,
        plan=cut.curve.tag,
        series=cut.validation.tag,
        path=run.settings.path("steps" if cut.variant == "steps" else "epochs") or "epochs",
        share=cut.share,
        level=cut.level,
        planned=cut.planned,
        late=cut.late,
        end=float(cut.validation.values[-1]),
        best=float(cut.validation.values[-1 - cut.validation.after_best]),
    )
