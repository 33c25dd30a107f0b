"""The rule ``weight-averaging``."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from advisor.curve import Curve
from advisor.curve.smoothing import robust_sd
from advisor.finding import Citation, Finding
from advisor.hyperparameters import Hyperparameters, canonical
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import ConfiguredRule, change, shown
from advisor_rules.examples import falling, noise
from advisor_rules.given.recorded import switched_on
from advisor_rules.program.never_learned import NeverLearned
from advisor_rules.signs import schedule
from advisor_rules.signs.measure import certainty, judged_validation, relative, stretch, turn

_LATE = 0.67
"""The last third of a run is its end."""


class WeightAveraging(ConfiguredRule):
    """Validation scatters at the end of a run whose learning rate was never lowered much.

    ## What it checks
    Takes the last third of what the run is judged by on validation data. The rule fires if it is
    level there, scatters from point to point by ``scatter`` of its level or more, the logged
    learning rate ends at ``held`` of its peak or more, and the config names no averaging of the
    weights. Without a logged rate it says so and stays silent. It is silent, too, of a model
    that learned nothing, as ``never-learned`` finds: such weights move about no good place.

    ## Why it matters
    At a rate that does not vanish the weights keep moving about a good place. Their average is
    nearer to it than any one of them.

    ## What to do
    Keep a moving average of the weights (0.995 in each step) and use it for evaluation; or
    average the weights of the last epochs under a constant or cyclical rate (SWA). Lowering the
    rate at the end does much the same; try one of the two first.

    ## When to ignore it
    The scatter comes from few validation samples: then all runs scatter alike.
    """

    name = "weight-averaging"
    stage = Stage.AVERAGING
    uses = ("lr", "objective", *roles_of(NeverLearned))
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.NOISY_END,)
    separated_by = ("the validation of the average of the last checkpoints",)
    basis = "0.55 to 0.7, growing with the scatter: few validation samples look the same."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.notes("Keep a moving average of the weights (0.995) and use it at test time."),
        sources.wandb(
            8, "SWA: averaging along the path under a cyclical or constant rate generalizes better."
        ),
        Citation(
            source="Izmailov et al. (2018), Averaging weights leads to wider optima",
            supports="The paper on stochastic weight averaging.",
            url="https://arxiv.org/abs/1803.05407",
        ),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Average the weights for evaluation",
        "observed": "Validation scatters by {scatter:percent} at the end",
        "evidence": "{judged:name} scattered by {scatter:percent} of its level from {axis:text} "
        "{since:step} on, while {rate:name} ended at {held:percent} of its peak.",
        "do": "Keep a moving average of the weights (0.995 in each step), or average the last "
        "checkpoints, and evaluate that.",
        "why": "At a rate that does not vanish the weights move about a good place; their average "
        "is nearer to it than any one of them.",
        "check": "{judged:name} of the averaged weights is at least as good as its best point, "
        "and scatters less.",
        "unless": "the scatter comes from few validation samples.",
    }

    scatter: float = option(
        0.03,
        "Smallest scatter of one validation, as a share of its level (or of a third of the gain, "
        "for a loss that may be negative).",
        source="chosen by eye: scatter that shows in a drawn curve",
        gt=0,
    )
    held: float = option(
        0.2,
        "Share of its peak that the learning rate must have at the end.",
        source="chosen by eye: schedules commonly end at a tenth of the peak or less",
        gt=0,
        le=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a noisy end at a constant rate, and ends that are calm, decayed or averaged."""
        loss, full = falling(60, seed=457, rate=12), np.full(60, 0.1)
        noisy = {"train/loss": loss, "val/loss": loss + noise(60, 0.05, 458), "lr": full}
        calm = noisy | {"val/loss": falling(60, seed=459, rate=12, size=0.005)}
        lowered = noisy | {"lr": 0.1 * (1.01 - np.linspace(0, 1, 60))}
        return (
            shown("a noisy end at a constant rate", noisy, {}, fires=True),
            shown("an average is kept", noisy, {"model_ema": True}, fires=False),
            shown("a calm end", calm, {}, fires=False),
            shown("the rate fell to 0", lowered, {}, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at the scatter of validation at the end, and at the rate there."""
        rate, curve = run.get("lr"), judged_validation(run, 15)
        if rate is None or curve is None or not schedule.readable(rate):
            raise NotApplicable(
                "15 validations and a logged learning rate are needed; log both to know"
            )
        held = float(rate.values[-1]) / schedule.peak(rate)
        if held < self.held or averages(run.settings) or _moves(curve):
            return
        scatter = relative(curve, _end_scatter(curve), curve.trend.tail(1 - _LATE))
        if scatter >= self.scatter and first_finding(run, NeverLearned) is None:
            yield self._found(run, curve, rate, scatter, held)

    def _found(
        self, run: RunView, curve: Curve, rate: Curve, scatter: float, held: float
    ) -> Finding:
        first, last = int(curve.steps[0]), int(curve.steps[-1])
        since = int(first + _LATE * (last - first))
        words = "scatter of one validation, as a share of its level"
        found = self.told(
            run,
            certainty(scatter / self.scatter, 0.55, 0.7),
            change(run.settings, "averaging", 0.995, "set"),
            judged=curve.tag,
            axis=curve.axis.value,
            since=since,
            scatter=scatter,
            rate=rate.tag,
            held=held,
        )
        seen = stretch(curve, since, last, words, scatter, self.scatter)
        return found.model_copy(update={"evidence": (seen,)})


def averages(settings: Hyperparameters) -> bool:
    """Tell whether a config names an average of the weights, and does not turn it off.

    Ultralytics keeps one in every training, and is known by its name for the size of an image.
    """
    named = [v for path, v in settings.recorded.items() if canonical(path) == "averaging"]
    always = any(path.rpartition(".")[2] == "imgsz" for path in settings.recorded)
    return always or any(map(switched_on, named))


def _moves(curve: Curve) -> bool:
    """Tell whether a curve still gets better at the end, or got worse after its best."""
    turned = turn(curve)
    return abs(curve.trend.slope(_LATE).t) > 2.5 or (turned.t > 3 and turned.relative > 0.01)


def _end_scatter(curve: Curve) -> float:
    """Return the standard deviation of one point of the last third, by second differences."""
    late = np.asarray(np.diff(curve.values[round(_LATE * len(curve)) :], 2), dtype=np.float64)
    return robust_sd(late) / math.sqrt(6.0)
