"""Checks of what a rule across runs does when it is asked about studies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from advisor.judging.judge import Outcome, judge_study
from advisor.judging.summarize import summarize
from advisor.model import Value
from advisor.rule import StudyRule
from advisor.run import ConfigValue
from advisor.study import Study
from advisor.summary import RunSummary
from advisor.testing.awkward import POINTS, SHAPES, Points, judged_run, plain
from advisor.testing.checks import Check, promise
from advisor.testing.rule_page import promise_short

ROLES = ("train/loss", "val/loss", "val/metric", "lr")
"""What the runs of a study made by hand have logged."""

PATIENCE = 60.0
"""Seconds after which a rule counts as endless."""

RATES: tuple[Value, ...] = (1e-4, 1e-3, 1e-2, 0.1, "auto", None)
SEEDS: tuple[Value, ...] = (0, 0, 1, 1, 2, "unknown")


def study_checks() -> Iterator[Check[type[StudyRule]]]:
    """Yield the checks of a rule across runs."""
    yield check_example_studies_do_what_they_say
    yield check_order_of_runs_does_not_matter
    yield check_awkward_studies_raise_nothing
    yield check_studies_are_judged_alike_each_time
    yield check_findings_on_studies_survive_json


def check_example_studies_do_what_they_say(rule: type[StudyRule]) -> None:
    """Check that each example does as it says, and that there is one of each kind, or none."""
    examples = rule.examples()
    kinds = {example.fires for example in examples}
    promise(len(kinds) != 1, "the examples show only one of firing and staying silent")
    for example in examples:
        outcome = _ask(rule, example.study)
        expected = ("failed",) if example.fires else ("passed", "not-applicable")
        reason = outcome.reason.text if outcome.reason else ""
        what = f"should be {expected[0]}, is {outcome.result} {reason}".rstrip()
        promise(outcome.result in expected, f"example {example.title!r} {what}")
        for finding in outcome.findings:
            promise_short(finding, f"example {example.title!r}")


def check_order_of_runs_does_not_matter(rule: type[StudyRule]) -> None:
    """Check that the order in which the runs of a study come changes nothing."""
    for example in rule.examples():
        turned = Study(runs=example.study.runs[::-1])
        same = repr(_ask(rule, example.study)) == repr(_ask(rule, turned))
        promise(same, f"example {example.title!r}, turned round, comes out differently")


def check_awkward_studies_raise_nothing(rule: type[StudyRule]) -> None:
    """Check that whatever the runs of a study hold, the rule comes to a result."""
    for name, study in _studies():
        outcome = _ask(rule, study)
        reason = outcome.reason.text if outcome.reason else ""
        promise(outcome.result != "error", f"study of {name}: {reason}")


def check_studies_are_judged_alike_each_time(rule: type[StudyRule]) -> None:
    """Check that asked again about the same study, the rule says the same."""
    for name, study in _studies():
        same = repr(_ask(rule, study)) == repr(_ask(rule, study.model_copy(deep=True)))
        promise(same, f"study of {name}: asked again, it comes out differently")


def check_findings_on_studies_survive_json(rule: type[StudyRule]) -> None:
    """Check that outcome and findings are the same after a trip through JSON."""
    for name, study in _studies():
        written = _ask(rule, study).model_dump_json()
        again = Outcome.model_validate_json(written).model_dump_json()
        promise(again == written, f"study of {name}: the result changes in JSON")


def _ask(rule: type[StudyRule], study: Study) -> Outcome:
    return judge_study(study, rule(), seconds=PATIENCE)


def _studies() -> Iterator[tuple[str, Study]]:
    yield "no run", Study(runs=())
    yield "one run", Study(runs=(_run("alone", plain),))
    yield "a sweep", Study(runs=tuple(_swept(i) for i in range(len(RATES))))
    yield "equal runs", Study(runs=tuple(_run(f"run-{i}", plain) for i in range(4)))
    awkward = tuple(_run(name, shape) for name, shape in SHAPES.items())
    yield "awkward runs", Study(runs=awkward)
    for name, shape in islice(SHAPES.items(), 12):
        runs = (_run("odd", shape), *(_swept(i) for i in range(3)))
        yield f"a sweep and one run with {name}", Study(runs=runs)


def _run(name: str, shape: Callable[[int], Points]) -> RunSummary:
    summary = summarize(judged_run({key: shape(POINTS) for key in ROLES}), ())
    return summary.model_copy(update={"name": name})


def _swept(index: int) -> RunSummary:
    changed = {"optimizer.lr": RATES[index], "seed": SEEDS[index]}
    given = {path: ConfigValue(value=value, origin="by hand") for path, value in changed.items()}
    summary = _run(f"sweep/{index}", lambda n: Points(*plain(n + index)))
    return summary.model_copy(update={"config": summary.config | given})
