"""A rule that finds something on every run and prints, and a broken rule across runs."""

from __future__ import annotations

from collections.abc import Iterator

from advisor import (
    Evidence,
    Example,
    Finding,
    Rule,
    RunView,
    Severity,
    Stage,
    StudyRule,
    hookimpl,
)
from advisor.study import Study
from advisor.testing import make_run

TEXTS = dict.fromkeys(
    ("title", "observed", "evidence", "do", "why", "check", "unless"), "Said of {series:name}."
)


class Talks(Rule):
    """Find the last step, and print what would damage a report on standard output."""

    name = "test/talks"
    stage = Stage.FIT
    severity = Severity.NOTE
    symptoms = ("made up",)
    citations = ()
    texts = TEXTS
    requires = ("train/loss",)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        """Return a run on which any such rule would fire."""
        return (Example("any run", make_run(train_loss=[1.0, 2.0]), fires=True),)

    def check(self, run: RunView) -> Iterator[Finding]:
        """Look at one run."""
        print("printed by a rule")  # noqa: T201  # the point of this rule
        curve = run["train/loss"]
        first, last = int(curve.steps[0]), int(curve.steps[-1])
        evidence = Evidence(
            series=curve.tag, first_step=first, last_step=last, measured="steps", value=last
        )
        yield self.finding(confidence=0.5, evidence=(evidence,), series=curve.tag)


class CountsRuns(StudyRule):
    """Raise where there are more runs than one: a broken rule across runs."""

    name = "test/counts-runs"
    stage = Stage.SEARCH
    severity = Severity.NOTE
    symptoms = ("many runs",)
    citations = ()
    texts = TEXTS

    def check(self, study: Study) -> Iterator[Finding]:
        """Look at all runs."""
        if len(study.runs) > 1:
            raise RuntimeError(f"{len(study.runs)} runs")
        yield from ()


@hookimpl
def register_rules() -> tuple[type[Rule | StudyRule], ...]:
    """Declare the rules."""
    return (Talks, CountsRuns)
