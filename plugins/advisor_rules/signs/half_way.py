"""Whether a run that ended about half-way through its plan still improved.

What is left then need not bring much: every other such run gains nothing from it that can be
measured. So validation itself must show that more was to come.
"""

from __future__ import annotations

import math

import numpy as np

from advisor.curve import Curve
from advisor.rule import Example
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.view import RunView
from advisor_rules.given.recorded import Recorded, early_stopping
from advisor_rules.signs.late_gain import late_gain, learned

HALF = 0.7
"""Share of a plan up to which a run ended about half-way: a cosine is then at a fifth of its peak,
and the rest brings little (chosen by eye)."""
HALF_SURE = 0.5
"""How sure it is that such a run gains from the rest: of 33 small trainings of 73 data sets and
models that were cut half-way and look like this 23 do, but the bounds were chosen on them."""
_LATE = 0.08
"""The least share of all progress in the last third of such a run: an exponential three time
constants long makes 0.09."""
_SCATTERS = math.sqrt(2.0)
"""What that must be in units of the scatter of one value: so far two values of one level lie apart
(one standard deviation)."""
_FALLS = 1.0
"""Standard errors by which the validation loss, too, must have fallen over the last half: what
falls by less stands as likely as not, and what a metric gained beside it is its scatter."""
_FEWEST = 4
"""The fewest validations in which a fall has an error (chosen by eye)."""
_START = 0.1
"""The first logged step, as a share of the last, beyond which a log is a later part of a run
(chosen by eye)."""

HALF_TEXTS = {
    "title.half": "Finish the run before you judge it",
    "evidence.half-schedule": "{plan:name} stood at {level:percent} of its peak at the end, "
    "{share:percent} of its way down, and {series:name} still improved: it ended at {end:number}, "
    "and the last third of the run made {late:percent} of all progress.",
    "evidence.half-length": "{path:name} is {planned:number}, {plan:name} ends after "
    "{level:number}, and {series:name} still improved: it ended at {end:number}, and the last "
    "third of the run made {late:percent} of all progress.",
    "evidence.half-validated": "{path:name} is {planned:number}, and nothing in the log shows more "
    "than {level:number} epochs: {series:name} has its values at even distances from the start. It "
    "still improved: it ended at {end:number}, and the last third of the run made {late:percent} "
    "of all progress.",
    "do.half": "Resume it from its last checkpoint, or start it again, and let it run to the end "
    "of its plan.",
    "why.half": "It ended before its plan did, and got better to the end. What such a run comes to "
    "says little about its settings.",
}
"""What a finding says of such a run; the rest as of any that was cut short."""


def half_way(run: RunView, validation: Curve, plan: Curve, share: float) -> float | None:
    """Return the share of all progress in the last third, if large, of a run cut half-way.

    ``share`` of the plan, 0 to 1, is what the log shows to its last point: up to the next one that
    was to be logged the run may have gone on. A recorded early stopping may have ended it by a
    measure that is not logged, and a log that begins late is the rest of another one. Nor may the
    validation loss stand, whatever a metric did. The rule must declare ``train/loss`` and
    ``val/loss``.
    """
    if early_stopping(run.settings).state is Recorded.ON or _begins_late(plan):
        return None
    if share * (1.0 + between(plan)) > HALF:
        return None
    late, whole = late_gain(run, validation), learned(run, validation)
    clear = late * whole >= _SCATTERS * validation.trend.noise
    return late if late >= _LATE and clear and not _loss_stands(run) else None


def _loss_stands(run: RunView) -> bool:
    loss = run.get("val/loss")
    return loss is not None and len(loss) >= _FEWEST and -loss.trend.slope(0.5).t < _FALLS


def half_way_examples() -> tuple[Example, ...]:
    """Return a run cut half-way down a cosine, and runs that were done or stopped there."""
    at = np.linspace(0.0, 0.5, 12)
    learns, rests = 0.3 + 0.5 * np.exp(-4.0 * at), 0.3 + 0.5 * np.exp(-30.0 * at)
    stands = np.where(np.arange(12) % 2 == 0, 0.34, 0.32) - 0.005 * (np.arange(12) == 11)
    half, whole = (5e-4 * (1.0 + np.cos(np.pi * at * far)) for far in (1, 2))

    def ended(name: str, rate: Floats, loss: Floats, fires: bool = False, **config: int) -> Example:
        run = make_run(train_loss=loss, val_loss=loss + 0.02, lr=rate, config=config)
        return Example(name, run, fires=fires)

    return (
        ended("half-way down a cosine", half, learns, fires=True),
        ended("half-way, and at rest", half, rests),
        Example(
            "half-way, where an accuracy rose and the loss stood",
            make_run(
                series={
                    "train/loss": rests,
                    "val/loss": stands,
                    "val/accuracy": 0.9 - learns / 2,
                    "lr": half,
                }
            ),
            fires=False,
        ),
        ended("half-way, where early stopping may have ended it", half, learns, patience=2),
        ended("the end of a cosine", whole, rests),
    )


def half_variants(variant: str, *, surely: bool) -> dict[str, str]:
    """Return which texts say it, by part, where ``variant`` says what the plan was."""
    plan = "length" if variant in ("epochs", "steps") else variant
    texts = {"evidence": f"half-{plan}", "do": "half", "why": "half"}
    return texts if surely else texts | {"title": "half"}


def between(plan: Curve) -> float:
    """Return the usual distance of two points, as a share of what the log spans."""
    gaps = np.diff(plan.steps)
    return float(np.median(gaps) / gaps.sum()) if len(gaps) else 1.0


def _begins_late(plan: Curve) -> bool:
    gap = float(np.median(np.diff(plan.steps))) if len(plan) > 1 else 0.0
    return float(plan.steps[0]) - gap > _START * float(plan.steps[-1])
