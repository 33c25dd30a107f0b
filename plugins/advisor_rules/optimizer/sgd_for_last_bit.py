"""The rule ``sgd-for-last-bit``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from advisor.curve import Curve
from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.asking import first_finding, roles_of
from advisor_rules.configured import Config, ConfiguredRule, change, own_name, shown
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.examples import falling
from advisor_rules.signs.measure import END, judged_validation, ratio, turn

_SOON = frozenset({"adam", "nadam", "rmsprop", "adamax"})
"""What the guide recommends for a near-optimal result soon."""
_CONVOLUTIONAL = re.compile(
    r"resnet|resnext|vgg|densenet|mobilenet|efficientnet|inception|alexnet|(^|[^a-z])cnn|convnet",
    re.IGNORECASE,
)


class SgdForLastBit(ConfiguredRule):
    """A convolutional net trained with Adam levelled off just short of its declared goal.

    ## What it checks
    Needs a goal in the config, such as ``target_accuracy``. The rule fires if a run of Adam,
    Nadam, RMSprop or Adamax on a convolutional architecture has levelled off, neither improving
    nor past its best, and what it is judged by is short of the goal by no more than ``short``
    of it. Without a goal it stays silent: Adam is fine then.

    ## Why it matters
    A well-tuned SGD is found to end slightly better than Adam on convolutional nets. It takes
    longer to tune and to train.

    ## What to do
    If time allows, train with SGD and momentum, with the rate tuned for it, and compare at an
    equal budget.

    ## When to ignore it
    Time counts more than the last bit of quality.
    """

    name = "sgd-for-last-bit"
    stage = Stage.OPTIMIZER
    uses = ("objective", "val/metric", *roles_of(StillImproving, PastBest))
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN, Task.LANGUAGE_MODEL})
    symptoms = (symptoms.SHORT_OF_GOAL,)
    separated_by = ("a run with SGD at an equal budget, the rate tuned for it",)
    do_separates = ("do",)
    basis = "0.5: what was found on other nets and data need not hold here."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            6,
            "SGD where quality matters and time does not: well tuned, it nearly always ends "
            "slightly better on ConvNets; Adam and its kin for a near-optimal point soon.",
        ),
    )
    texts: ClassVar[dict[str, str]] = {
        "title": "For the last bit, try a well-tuned SGD",
        "observed": "Levelled off {gap:percent} short of the goal",
        "evidence": "{judged:name} levelled off at {level:number}; {path:name} is {goal:number}, "
        "and the optimizer is {optimizer:text}.",
        "do": "If time allows, train with SGD, momentum 0.9 and a rate tuned for it, and compare "
        "at an equal budget.",
        "why": "On convolutional nets a well-tuned SGD was found to end slightly better than Adam.",
        "check": "{judged:name} reaches {goal:number}.",
        "unless": "time counts more than the last bit of quality.",
    }

    short: float = option(
        0.02,
        "Largest distance from the goal, as a share of it.",
        source="chosen by eye: the guide speaks of slightly better",
        gt=0,
        lt=1,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return Adam just short of a goal, and runs that reached it, or have none."""
        loss = falling(60, seed=455, rate=12)
        score = 0.93 - 0.8 * falling(60, seed=456, start=1, floor=0, rate=15, size=0.004)
        series = {"train/loss": loss, "val/loss": loss + 0.05, "val/accuracy": score}
        adam: Config = {"optimizer": "adam", "arch": "resnet18"}
        return (
            shown("short of 0.94", series, {**adam, "target_accuracy": 0.94}, fires=True),
            shown("the goal is reached", series, {**adam, "target_accuracy": 0.9}, fires=False),
            shown("no goal", series, adam, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the end of what the run is judged by against the goal."""
        settings = run.settings
        goal, optimizer = settings.number("target_metric"), settings.choice("optimizer")
        model, curve = settings.get("architecture"), judged_validation(run, 10)
        if goal is None or goal <= 0 or optimizer is None or model is None or curve is None:
            raise NotApplicable(
                "no goal, optimizer, architecture or validation metric to hold against each "
                "other; add `target_accuracy`, `optimizer` and `arch` to the config"
            )
        if optimizer not in _SOON or not _CONVOLUTIONAL.search(str(model.value)):
            return
        level = curve.sign * curve.trend.tail(END).value
        gap = ratio(goal - level, goal)
        if curve.sign < 0 and 0 < gap <= self.short and self._levelled(run, curve):
            yield self.told(
                run,
                0.5,
                change(settings, "optimizer", "sgd", "set"),
                judged=curve.tag,
                level=level,
                goal=goal,
                gap=gap,
                path=own_name(settings, "target_metric"),
                optimizer=optimizer,
            )

    def _levelled(self, run: RunView, curve: Curve) -> bool:
        moves = abs(curve.trend.slope(0.67).t) > 3 or turn(curve).t > 3
        return not moves and first_finding(run, StillImproving, PastBest) is None
