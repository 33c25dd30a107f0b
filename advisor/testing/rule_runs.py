"""Checks of what a rule does when it is asked about runs."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from advisor.finding import Finding
from advisor.judging.judge import Outcome, judge
from advisor.roles import Kind, Understanding
from advisor.rule import Rule
from advisor.run import Run, Series
from advisor.testing.awkward import POINTS, awkward_runs, judged_run, keys, plain, wanted
from advisor.testing.checks import Check, broken, promise
from advisor.testing.rule_page import promise_short
from advisor.understand import understand
from advisor.view import OBJECTIVE, Judged

SCALES = (1024.0, 1.0 / 1024.0)
"""Other units for a loss: powers of two, which change no digit of any value."""

LONG = 300_000
"""Points of a series that a rule must get through in time."""
SORTS = 100
"""How many times as long as numpy takes to sort them a rule may take for each series. The
built-in rules take three to seven times as long; work that grows with the square, thousands."""

PATIENCE = 60.0
"""Seconds after which a rule counts as endless in the checks that are not about time."""


def run_checks() -> Iterator[Check[type[Rule]]]:
    """Yield the checks of a rule on one run."""
    yield check_examples_do_what_they_say
    yield check_titles_fit_their_place
    yield check_missing_input_is_reported
    yield check_awkward_runs_raise_nothing
    yield check_findings_cite_what_was_declared
    yield check_findings_are_measured
    yield check_severity_is_not_raised
    yield check_is_deterministic
    yield check_order_of_series_does_not_matter
    yield check_name_of_the_run_does_not_matter
    yield check_unit_of_the_loss_does_not_matter
    yield check_run_is_left_as_it_was
    yield check_result_survives_json
    yield check_long_runs_take_little_time


def outcome_on(rule: Rule, run: Run) -> Outcome:
    """Ask one rule about a run, which is understood from its names as any log is."""
    return _ask(rule, Judged(run, understand(run)))


def _ask(rule: Rule, judged: Judged, seconds: float = PATIENCE) -> Outcome:
    # What numpy warns of, a user would see on the terminal.
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        return judge(judged, (rule,), seconds=seconds, started=lambda _: None, failed={})[0]


def _reason(outcome: Outcome) -> str:
    return f"{outcome.result}: {outcome.reason.text}" if outcome.reason else outcome.result


def _on_examples(rule: type[Rule]) -> Iterator[tuple[str, Run, Outcome]]:
    for example in rule.examples():
        yield f"example {example.title!r}", example.run, outcome_on(rule(), example.run)


def _on_all(rule: type[Rule]) -> Iterator[tuple[str, Run, Outcome]]:
    yield from _on_examples(rule)
    for name, judged in awkward_runs(rule):
        yield f"awkward run {name!r}", judged.run, _ask(rule(), judged)


def check_examples_do_what_they_say(rule: type[Rule]) -> None:
    """Check that at least one example fires and one stays silent, and each does as it says."""
    examples = rule.examples()
    promise(any(e.fires for e in examples), "no example shows the rule firing")
    promise(not all(e.fires for e in examples), "no example shows the rule staying silent")
    for example in examples:
        outcome = outcome_on(rule(), example.run)
        expected = ("failed",) if example.fires else ("passed", "not-applicable")
        promise(
            outcome.result in expected,
            f"example {example.title!r} should be {expected[0]}, is {_reason(outcome)}",
        )


def check_titles_fit_their_place(rule: type[Rule]) -> None:
    """Check that title and remark of every finding on the examples are short enough for lists."""
    for place, _, outcome in _on_examples(rule):
        for finding in outcome.findings:
            promise_short(finding, place)


def check_missing_input_is_reported(rule: type[Rule]) -> None:
    """Check that without what it requires a rule says what to log, and never fails."""
    roles = wanted(keys(rule))
    for entry in rule.requires:
        gone = set(entry.split("|"))
        outcome = _ask(rule(), _without(roles, gone))
        promise(outcome.result == "missing-input", f"without {entry}: {_reason(outcome)}")
    for key in (*keys(rule), "everything"):
        gone = set(roles) | {OBJECTIVE} if key == "everything" else {key}
        outcome = _ask(rule(), _without(roles, gone))
        promise(outcome.result != "error", f"without {key}: {_reason(outcome)}")


def _without(roles: tuple[str, ...], gone: set[str]) -> Judged:
    kept = {key: plain(POINTS) for key in roles if key not in gone}
    return judged_run(kept, objective=OBJECTIVE not in gone)


def check_awkward_runs_raise_nothing(rule: type[Rule]) -> None:
    """Check that whatever a log holds, the rule comes to a result, and numpy does not warn."""
    for name, judged in awkward_runs(rule):
        outcome = _ask(rule(), judged)
        promise(outcome.result != "error", f"awkward run {name!r}: {_reason(outcome)}")


def check_findings_cite_what_was_declared(rule: type[Rule]) -> None:
    """Check that evidence names series of roles that the rule declares, at steps that they have."""
    for place, run, outcome in _on_all(rule):
        for finding in outcome.findings:
            for evidence in finding.evidence:
                steps = run.series[evidence.series].steps
                first, last = int(steps.min(initial=2**62)), int(steps.max(initial=-(2**62)))
                inside = first <= evidence.first_step <= evidence.last_step <= last
                promise(
                    inside,
                    f"{place}: {evidence.series} has the steps {first} to {last}; cited are "
                    f"{evidence.first_step} to {evidence.last_step}",
                )
    for example in rule.examples():
        _check_declared(rule, example.run, outcome_on(rule(), example.run))


def _check_declared(rule: type[Rule], run: Run, outcome: Outcome) -> None:
    judged = Judged(run, understand(run))
    declared = {curve.tag for key in keys(rule) for curve in judged.every(key)}
    declared |= {curve.tag for key in keys(rule) if (curve := judged.find(key)) is not None}
    for finding in outcome.findings:
        strange = {e.series for e in finding.evidence} - declared
        promise(not strange or not declared, f"cites {sorted(strange)}, of no declared role")


def check_findings_are_measured(rule: type[Rule]) -> None:
    """Check that all numbers of a finding are finite."""
    for place, _, outcome in _on_all(rule):
        for finding in outcome.findings:
            strange = [value for value in _numbers(finding) if not math.isfinite(value)]
            promise(not strange, f"{place}: a finding holds {strange}")


def _numbers(finding: Finding) -> Iterator[float]:
    yield finding.confidence
    for evidence in finding.evidence:
        yield evidence.value
        yield evidence.threshold if evidence.threshold is not None else 0.0
    for change in finding.changes:
        if isinstance(change.after, int | float):
            yield float(change.after)
    if finding.cost is not None:
        yield finding.cost.share


def check_severity_is_not_raised(rule: type[Rule]) -> None:
    """Check that no finding is more severe than the rule says it is."""
    for place, _, outcome in _on_examples(rule):
        for finding in outcome.findings:
            kept = finding.severity.rank >= rule.severity.rank
            promise(kept, f"{place}: {finding.severity.value} from a rule of {rule.severity.value}")


def check_is_deterministic(rule: type[Rule]) -> None:
    """Check that asked again about the same run, the rule says the same."""
    _check_same(rule, lambda run: run, "asked again")


def check_order_of_series_does_not_matter(rule: type[Rule]) -> None:
    """Check that the order in which a log names its series changes nothing."""
    _check_same(rule, _reversed, "with its series in reverse order")


def _reversed(run: Run) -> Run:
    return replace(run, series=dict(reversed(list(run.series.items()))))


def check_name_of_the_run_does_not_matter(rule: type[Rule]) -> None:
    """Check that what a run is called changes nothing."""
    _check_same(rule, lambda run: replace(run, name="sweep/7#another"), "under another name")


def _check_same(rule: type[Rule], change: Callable[[Run], Run], how: str) -> None:
    for place, run, before in _on_examples(rule):
        after = outcome_on(rule(), change(run))
        promise(_content(before) == _content(after), f"{place}, {how}, comes out differently")


def _content(outcome: Outcome) -> str:
    """Return everything an outcome holds, without what follows from the run's name."""
    findings = tuple(finding.located() for finding in outcome.findings)
    return repr(outcome.model_copy(update={"findings": findings}))


def check_unit_of_the_loss_does_not_matter(rule: type[Rule]) -> None:
    """Check that all losses in another unit lead to the same findings at the same steps."""
    for place, run, before in _on_examples(rule):
        understanding = understand(run)
        for factor in SCALES:
            after = _ask(rule(), Judged(_scaled(run, understanding, factor), understanding))
            promise(
                _shape(before) == _shape(after),
                f"{place}: with all losses times {factor:g} it is {_reason(after)} at "
                f"{_shape(after)[1:]}, before {_reason(before)} at {_shape(before)[1:]}",
            )


def _scaled(run: Run, understanding: Understanding, factor: float) -> Run:
    losses = {role.series for role in understanding.roles if role.kind is Kind.LOSS}
    series = {
        tag: replace(one, values=one.values * factor) if tag in losses else one
        for tag, one in run.series.items()
    }
    return replace(run, series=series)


def _shape(outcome: Outcome) -> tuple[object, ...]:
    """Return what was found and where, without the numbers that have a unit."""
    return (
        outcome.result,
        *((f.severity.value, f.first_step, f.last_step) for f in outcome.findings),
    )


def check_run_is_left_as_it_was(rule: type[Rule]) -> None:
    """Check that neither the arrays nor the config of a run change."""
    for example in rule.examples():
        series, config = _copy(example.run.series), dict(example.run.config)
        outcome_on(rule(), example.run)
        place = f"example {example.title!r}"
        promise(dict(example.run.config) == config, f"{place}: the config was changed")
        promise(_copy(example.run.series) == series, f"{place}: a series was changed")


def _copy(series: Mapping[str, Series]) -> list[tuple[str, bytes, bytes]]:
    return [(tag, one.steps.tobytes(), one.values.tobytes()) for tag, one in series.items()]


def check_result_survives_json(rule: type[Rule]) -> None:
    """Check that outcome and findings are the same after a trip through JSON."""
    for place, _, outcome in _on_examples(rule):
        written = outcome.model_dump_json()
        again = Outcome.model_validate_json(written).model_dump_json()
        promise(again == written, f"{place}: the result changes in JSON")


def check_long_runs_take_little_time(rule: type[Rule]) -> None:
    """Check that the time grows with the length of a run no faster than sorting does."""
    roles = wanted(keys(rule))
    if not roles:
        return
    points = plain(LONG)
    judged = judged_run(dict.fromkeys(roles, points))
    allowed = SORTS * _seconds_to_sort(points.values) * len(judged.run.series)
    started = time.perf_counter()
    outcome = _ask(rule(), judged, allowed)
    took = time.perf_counter() - started
    if took > allowed:
        broken(f"{LONG:,} points took {took:.1f} s, allowed are {allowed:.1f}: {_reason(outcome)}")


def _seconds_to_sort(values: np.ndarray) -> float:
    def once() -> float:
        started = time.perf_counter()
        np.sort(values)
        return time.perf_counter() - started

    return sorted(once() for _ in range(5))[2]
