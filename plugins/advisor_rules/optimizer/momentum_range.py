"""The rule ``momentum-range``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from advisor.finding import Citation, Finding
from advisor.roles import Task
from advisor.rule import Example, NotApplicable, Stage, option
from advisor.view import RunView
from advisor_rules import sources, symptoms
from advisor_rules.configured import Config, ConfiguredRule, change, own_name, shown
from advisor_rules.examples import falling

_USUAL = 0.9


class MomentumRange(ConfiguredRule):
    """SGD runs with little momentum, or with so much that its steps add up too far.

    ## What it checks
    Fires where the recorded optimizer is SGD and its recorded momentum is below ``low``; and
    where the rate divided by one minus the momentum, which is what steady gradients add up to,
    is more than ``sum``; and where the momentum is above ``high`` and no more than ``large``
    samples are recorded. SGD without Nesterov's form alone is not reported.

    ## Why it matters
    Momentum carries the weights through flat stretches where gradients are tiny. The closer it
    is to 1, the longer steps add up, and the lower the rate has to be.

    ## What to do
    Use 0.9, and go towards 0.99 for large data sets, lowering the rate as much as one minus the
    momentum falls; Nesterov's form is worth a try. The guide names 0.999 for large data sets,
    which needs a rate a hundred times lower than 0.9 does, and does not say so.

    ## When to ignore it
    Plain SGD is wanted, as in studies of it, or the momentum was tuned.
    """

    name = "momentum-range"
    stage = Stage.OPTIMIZER
    not_for = frozenset({Task.REINFORCEMENT, Task.GAN})
    symptoms = (symptoms.MOMENTUM_UNUSUAL,)
    silences = ("batch-too-small-noise",)
    separated_by = ("a run with a momentum of 0.9",)
    do_separates = ("do", "do.long", "do.sum")
    basis = "0.6: momentum nearly always helps, but how much depends on the task."
    citations: ClassVar[tuple[Citation, ...]] = (
        sources.wandb(
            3, "Close to 1: 0.9 for smaller data, towards 0.999 for larger; Nesterov is slightly "
            "better. (0.999 needs a lower rate.)"
        ),
    )  # fmt: skip
    texts: ClassVar[dict[str, str]] = {
        "title": "Train with a momentum of 0.9",
        "title.long": "Lower the momentum to 0.9",
        "title.sum": "Lower momentum or rate: steps add up to {sum:number}",
        "observed": "SGD with a momentum of {momentum:number}",
        "evidence": "{path:name} is {momentum:number}, where 0.9 is usual; {series:name} was "
        "trained so for {count:count point|points}.",
        "evidence.long": "{path:name} is {momentum:number}: each step is a mean of about the last "
        "{memory:count gradient|gradients}; {series:name} was trained so for {count:count "
        "point|points}.",
        "evidence.sum": "{path:name} is {momentum:number} at a rate of {rate:rate}: steady "
        "gradients add up to a step of {sum:number} times the gradient.",
        "do": "Set momentum to 0.9 (`nesterov=True` is worth a try) with a third of the rate, "
        "as steps now add up.",
        "do.long": "Set momentum to 0.9; or keep it and divide the rate by {memory:step}, train "
        "longer, and compare.",
        "do.sum": "Set momentum to 0.9, or divide the rate by {times:number}.",
        "why": "Momentum carries the weights through flat stretches where gradients are tiny.",
        "why.long": "With so long a memory the weights swing through the optimum and back; the "
        "guide wants values near 0.999 for large data sets only.",
        "why.sum": "With a momentum m, steady gradients add up to 1/(1 - m) steps; near 1 the rate "
        "has to be much lower.",
        "check": "The training loss falls sooner, and is as steady.",
        "unless": "plain SGD is wanted, or the momentum was tuned.",
    }

    low: float = option(
        0.5,
        "The momentum below which it is low.",
        source="chosen by eye: at 0.5 steps add up to two, at the usual 0.9 to ten",
        ge=0,
        lt=1,
    )
    high: float = option(
        0.99,
        "The momentum above which only large data sets speak for it.",
        source="Weights & Biases guide, section 3: 0.9 for smaller data, towards 0.999 for larger; "
        "half way on a scale of factors",
        gt=0.9,
        lt=1,
    )
    large: int = option(
        1_000_000, "So many samples are a large data set.", source="chosen by eye", ge=1
    )
    sum: float = option(
        10.0,
        "The largest rate divided by one minus the momentum.",
        source="chosen by eye: ten times what the usual 0.1 with 0.9 makes",
        gt=0,
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return SGD with too little and too much momentum, and others."""
        loss = {"train/loss": falling(60, seed=454)}
        sgd: Config = {"optimizer": "SGD", "lr": 0.1}
        return (
            shown("no momentum", loss, {**sgd, "momentum": 0.0}, fires=True),
            shown("0.999 at a rate of 0.1", loss, {**sgd, "momentum": 0.999}, fires=True),
            shown("0.9", loss, {**sgd, "momentum": 0.9}, fires=False),
            shown("not recorded", loss, sgd, fires=False),
        )

    def check(self, run: RunView) -> Iterator[Finding]:
        """Hold the momentum of SGD against what is usual."""
        momentum, rate = run.settings.number("momentum"), run.settings.number("learning_rate")
        optimizer = run.settings.choice("optimizer")
        if optimizer is None or (optimizer == "sgd" and momentum is None):
            raise NotApplicable(
                "the optimizer, or its momentum, is not recorded; add `optimizer` and `momentum`"
            )
        if optimizer != "sgd" or momentum is None or not 0 <= momentum < 1:
            return
        added = (rate or 0.0) / (1 - momentum)
        if momentum < self.low:
            yield self._found(run, momentum, rate or 0.0, added, "")
        elif momentum > self.high and not self._is_large(run):
            yield self._found(run, momentum, rate or 0.0, added, "long")
        elif added > self.sum * (1 + 1e-9) and momentum > _USUAL:
            yield self._found(run, momentum, rate or 0.0, added, "sum")

    def _is_large(self, run: RunView) -> bool:
        return (run.settings.number("samples") or 0.0) > self.large

    def _found(
        self, run: RunView, momentum: float, rate: float, added: float, kind: str
    ) -> Finding:
        return self.told(
            run,
            0.6,
            change(run.settings, "momentum", _USUAL, "down" if kind else "up"),
            variant=kind,
            path=own_name(run.settings, "momentum"),
            momentum=momentum,
            rate=rate,
            sum=added,
            times=added / self.sum * 10,
            memory=round(1.0 / (1.0 - momentum)),
        )
