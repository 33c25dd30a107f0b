"""One good rule, and one deliberately bad one for each promise of a rule."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

from advisor.finding import Citation, Evidence, Finding, Severity
from advisor.rule import Example, Nature, Rule, Stage, StudyExample, StudyRule, option
from advisor.run import ConfigValue, Run
from advisor.study import Study
from advisor.testing import make_run, make_study
from advisor.view import RunView
from tests.advisor.testing.bad import Bad, collector

BAD_RULES: list[Bad] = []
breaks = collector(BAD_RULES)

PAGE = """The training loss ends above where it began.

## What it checks
Compares the last training loss with the first.

## Why it matters
A loss that rises is learning backwards.

## What to do
Lower the learning rate.

## When to ignore it
The loss changed its meaning.
"""

TEXTS = {
    "title": "Lower the learning rate",
    "observed": "Loss ends higher than it began",
    "evidence": "{series:name} rose by {rise:percent}.",
    "do": "Lower the learning rate ten-fold.",
    "why": "Steps that are too large overshoot.",
    "check": "The loss falls.",
    "unless": "the loss changed its meaning.",
}

CITED = (Citation(source="A. Author (2020)", supports="Losses should fall."),)
calls = itertools.count()


def runs() -> tuple[Run, Run]:
    """Return a run whose losses rise, and one whose losses fall."""
    x = np.linspace(0.0, 1.0, 50)
    return (
        make_run(train_loss=1 + x, val_loss=1 + x, config={"lr": 0.1}),
        make_run(train_loss=2 - x, val_loss=2 - x, config={"lr": 0.1}),
    )


class Good(Rule):
    __doc__ = PAGE

    name = "house/good"
    stage = Stage.LEARNING_RATE
    severity = Severity.WARNING
    requires: ClassVar[tuple[str, ...]] = ("train/loss",)
    uses: ClassVar[tuple[str, ...]] = ("val/loss",)
    points = 2
    symptoms = ("the training loss rises",)
    citations: ClassVar[tuple[Citation, ...]] = CITED
    texts: ClassVar[dict[str, str]] = TEXTS

    least: float = option(
        0.0, "The smallest rise, as a share of the largest loss.", source="chosen"
    )

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        rising, falling = runs()
        return Example("a rise", rising, fires=True), Example("a fall", falling, fires=False)

    def check(self, run: RunView) -> Iterator[Finding]:
        values = run["train/loss"].values / max(
            float(np.abs(run["train/loss"].values).max()), 1e-300
        )
        rise = float(values[-1] - values[0])
        if rise > self.least:
            yield self.found(run, rise)

    def found(self, run: RunView, rise: float, **changed: Any) -> Finding:
        steps = run["train/loss"].steps
        evidence = {
            "series": run["train/loss"].tag,
            "first_step": int(steps[0]),
            "last_step": int(steps[-1]),
            "measured": "rise",
            "value": rise,
        }
        shown = {key: changed.pop(key) for key in ("last_step", "value") if key in changed}
        said: dict[str, Any] = {"confidence": 0.8, "series": "train/loss", "rise": rise, **changed}
        return self.finding(evidence=[Evidence.model_validate(evidence | shown)], **said)


@breaks("name_is_kebab_case")
class Shouting(Good):
    __doc__ = PAGE
    name = "house/SHOUTING_name"


@breaks("file_is_named_after_the_rule")
class Misfiled(Good):
    __doc__ = PAGE
    name = "misfiled"


@breaks("docstring_has_every_section")
class WithoutWhy(Good):
    __doc__ = PAGE.replace("## Why it matters", "## Why not")


@breaks("options_are_explained")
class Unexplained(Good):
    __doc__ = PAGE
    limit: float = 0.5


@breaks("options_survive_json")
class Binary(Good):
    __doc__ = PAGE
    magic: bytes = option(b"\xff", "A mark that JSON cannot hold.", source="chosen by eye")


@breaks("texts_are_complete")
class Misspelt(Good):
    __doc__ = PAGE
    texts: ClassVar[dict[str, str]] = {**TEXTS, "titel.short": "Lower it"}


@breaks("citations_say_what_they_support")
class Unfounded(Good):
    __doc__ = PAGE
    citations: ClassVar[tuple[Citation, ...]] = ()


@breaks("declarations_fit_together")
class SevereOption(Good):
    __doc__ = PAGE
    nature = Nature.OPTION


@breaks("examples_do_what_they_say")
class NeverSilent(Good):
    __doc__ = PAGE

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (Example("a rise", runs()[0], fires=True),)


@breaks("titles_fit_their_place")
class Wordy(Good):
    __doc__ = PAGE
    texts: ClassVar[dict[str, str]] = {**TEXTS, "title": "Lower the learning rate " * 4}


@breaks("missing_input_is_reported")
class Presumptuous(Good):
    __doc__ = PAGE

    def check(self, run: RunView) -> Iterator[Finding]:
        _ = run["val/loss"]
        yield from super().check(run)


@breaks("awkward_runs_raise_nothing")
class Dividing(Good):
    __doc__ = PAGE

    def check(self, run: RunView) -> Iterator[Finding]:
        values = run["train/loss"].values
        _ = 1.0 / float(values.max() / 2 - values.min() / 2)
        yield from super().check(run)


@breaks("findings_cite_what_was_declared")
class BeyondTheEnd(Good):
    __doc__ = PAGE

    def found(self, run: RunView, rise: float, **changed: Any) -> Finding:
        return super().found(run, rise, last_step=2**61, **changed)


@breaks("findings_are_measured")
class Unmeasured(Good):
    __doc__ = PAGE

    def found(self, run: RunView, rise: float, **changed: Any) -> Finding:
        return super().found(run, rise, value=float("nan"), **changed)


@breaks("severity_is_not_raised")
class Alarmist(Good):
    __doc__ = PAGE

    def found(self, run: RunView, rise: float, **changed: Any) -> Finding:
        found = super().found(run, rise, **changed)
        return found.model_copy(update={"severity": Severity.ERROR})


@breaks(
    "is_deterministic",
    order_of_series_does_not_matter="any two answers of it differ",
    name_of_the_run_does_not_matter="any two answers of it differ",
)
class Moody(Good):
    __doc__ = PAGE

    def found(self, run: RunView, rise: float, **changed: Any) -> Finding:
        return super().found(run, rise, confidence=0.5 + next(calls) % 1000 / 2000, **changed)


@breaks("order_of_series_does_not_matter")
class FirstCome(Good):
    __doc__ = PAGE

    def found(self, run: RunView, rise: float, **changed: Any) -> Finding:
        return super().found(run, rise, **changed | {"series": next(iter(run.tags))})


@breaks("name_of_the_run_does_not_matter")
class Partial(Good):
    __doc__ = PAGE

    def found(self, run: RunView, rise: float, **changed: Any) -> Finding:
        return super().found(run, rise, confidence=1 / (1 + len(run.name)), **changed)


@breaks("unit_of_the_loss_does_not_matter")
class Absolute(Good):
    __doc__ = PAGE

    def check(self, run: RunView) -> Iterator[Finding]:
        if run["train/loss"].values[-1] > 1.5:
            yield from super().check(run)


@breaks("run_is_left_as_it_was")
class Vandal(Good):
    __doc__ = PAGE

    def check(self, run: RunView) -> Iterator[Finding]:
        config: Any = run._judged.run.config
        config["seen"] = ConfigValue(value=True, origin="a rule")
        yield from super().check(run)


@breaks("result_survives_json")
class HalfACharacter(Good):
    __doc__ = PAGE

    def found(self, run: RunView, rise: float, **changed: Any) -> Finding:
        return super().found(run, rise, **changed | {"series": "\ud800"})


@breaks("long_runs_take_little_time")
class Slow(Good):
    __doc__ = PAGE

    def check(self, run: RunView) -> Iterator[Finding]:
        time.sleep(len(run["train/loss"]) ** 2 / 1e9)
        yield from super().check(run)


ONE_RUN = make_study(make_run(train_loss=[1.0, 0.5]))


class GoodStudy(StudyRule):
    __doc__ = PAGE

    name = "house/good-study"
    stage = Stage.SEARCH
    severity = Severity.NOTE
    symptoms = ("the search is thin",)
    citations: ClassVar[tuple[Citation, ...]] = CITED
    texts: ClassVar[dict[str, str]] = {**TEXTS, "evidence": "{count:count run|runs}."}

    def check(self, study: Study) -> Iterator[Finding]:
        if study.runs:
            yield self.found(study, len(study.runs))

    def found(self, study: Study, count: int, **changed: Any) -> Finding:
        shown = Evidence(
            series="train/loss", first_step=0, last_step=0, measured="runs", value=len(study.runs)
        )
        finding = self.finding(confidence=0.5, evidence=(shown,), count=count, **changed)
        return finding.located(*(run.name for run in study.runs))


@breaks("example_studies_do_what_they_say")
class ShowsNoSilence(GoodStudy):
    __doc__ = PAGE

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        return (StudyExample("one run", ONE_RUN, fires=True),)


@breaks("order_of_runs_does_not_matter")
class JudgesTheFirst(GoodStudy):
    __doc__ = PAGE

    @classmethod
    def examples(cls) -> tuple[StudyExample, ...]:
        two = make_study(make_run(name="a", train_loss=[1.0]), make_run(name="b"))
        silent = StudyExample("no run", Study(runs=()), fires=False)
        return StudyExample("two runs", two, fires=True), silent

    def check(self, study: Study) -> Iterator[Finding]:
        for run in study.runs[:1]:
            yield self.found(study, run.points)


@breaks("awkward_studies_raise_nothing")
class NeedsRuns(GoodStudy):
    __doc__ = PAGE

    def check(self, study: Study) -> Iterator[Finding]:
        _ = study.runs[0]
        yield from super().check(study)


@breaks("studies_are_judged_alike_each_time")
class MoodyStudy(GoodStudy):
    __doc__ = PAGE

    def check(self, study: Study) -> Iterator[Finding]:
        if study.runs:
            yield self.found(study, next(calls))


@breaks("findings_on_studies_survive_json")
class HalfACharacterStudy(GoodStudy):
    __doc__ = PAGE

    def check(self, study: Study) -> Iterator[Finding]:
        if study.runs:
            yield self.found(study, 1, series="\ud800")
