"""What a sentence says of a series at a step, at its start or its end is what the log holds there.

A level that is no logged value is called smoothed, or a level, or a mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from advisor.finding import Finding
from advisor.judging.judge import judge
from advisor.manager import Plugins, load_plugins
from advisor.rule import Rule
from advisor.run import Floats, Run, Series
from advisor.testing.runs import make_run
from advisor.testing.samples import read_all
from advisor.text import number
from advisor.understand import understand
from advisor.view import Judged
from advisor.walk import walk
from tests.healthy import healthy_runs
from tests.trained import trained_runs

EXAMPLES = Path(__file__).parents[1] / "examples" / "recorded"

_VALUE = r"\{(?P<value>\w+):number\}"
_STEP = r"(?:\{axis:text\}|step) \{(?P<step>\w+):step\}"
AT_STEP = (
    re.compile(rf"{_VALUE},? (?:at|by) {_STEP}"),
    re.compile(rf"around {_STEP}, {_VALUE} there"),
    re.compile(rf"model of {_STEP} .*?{_VALUE} there"),
)
"""How sentences say a value at a step."""
AT_END = (
    re.compile(rf"(?:ended|ends) at {_VALUE}(?! times)"),
    re.compile(rf"ended at \{{\w+:number\}} and {_VALUE}"),
    re.compile(rf"{_VALUE} at the end\b"),
)
AT_START = (
    re.compile(rf"began at {_VALUE}"),
    re.compile(rf"{_VALUE} (?:at the start|in its first row)"),
    re.compile(rf"^\{{series:name\}} fell from {_VALUE} to"),
)
SMOOTHED = "smoothed,"
"""A template that says of a whole series that it is smoothed."""


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return load_plugins()


def said_of(template: str, params: Mapping[str, object]) -> Iterator[tuple[str, float, str]]:
    """Yield the name of each value that a template says of a place, the value, and the place."""
    for patterns, place in ((AT_STEP, "step"), (AT_END, "end"), (AT_START, "start")):
        for found in (match for one in patterns for match in one.finditer(template)):
            value = params[found["value"]]
            if isinstance(value, float):
                where = str(params[found["step"]]) if place == "step" else place
                yield found["value"], value, where


def logged(series: Series, place: str) -> str:
    """Return what is logged at a place, as it would be said."""
    finite = series.effective().finite()
    if not len(finite.values):
        return "nothing"
    row = {"start": 0, "end": len(finite.values) - 1}.get(place)
    if row is None:
        row = max(int((finite.steps <= int(place)).sum()) - 1, 0)
    return number(float(finite.values[row]))


def untrue(rule: type[Rule], finding: Finding, run: Run) -> Iterator[str]:
    """Yield what a finding says of a series that no series of its sentence holds there."""
    for said in (finding.advice.observed, finding.advice.evidence, finding.advice.check):
        template = rule.texts[said.id.removeprefix(f"{rule.name}.")]
        named = [run.series[str(v)] for v in said.params.values() if str(v) in run.series]
        for name, value, place in said_of(template, said.params):
            held = {logged(series, place) for series in named}
            if SMOOTHED not in template and number(value) not in held:
                yield f"{run.name}, {said.id}: {name} is {value} at {place}, the log has {held}"


def all_untrue(runs: Iterable[Run], plugins: Plugins) -> list[str]:
    """Return what any rule says of runs that their logs do not hold, each rule asked by itself."""
    rules = {name: rule for name, rule in plugins.rules.items() if issubclass(rule, Rule)}
    asked = [rule() for rule in rules.values()]
    found: list[str] = []
    for run in runs:
        judged = Judged(run, understand(run))
        for outcome in judge(judged, asked, seconds=60, started=lambda _: None, failed={}):
            for finding in outcome.findings:
                found.extend(untrue(rules[finding.rule], finding, run))
    return found


def test_what_is_said_of_the_runs_that_rules_ship_is_in_their_logs(plugins: Plugins) -> None:
    rules = [rule for rule in plugins.rules.values() if issubclass(rule, Rule)]
    runs = [example.run for rule in rules for example in rule.examples() if example.fires]
    assert all_untrue(runs, plugins) == []


def recorded_runs(plugins: Plugins) -> Iterator[Run]:
    for reader in ("csv", "tensorboard"):
        yield from read_all(plugins.readers[reader], walk(EXAMPLES))


def shaped_runs() -> Iterator[Run]:
    """Yield runs that turn, fall, stand or scatter, short and long ones."""
    rng = np.random.default_rng(7)
    for count, scatter in product((6, 9, 14, 30, 80, 150, 260, 700), (0.002, 0.05, 0.4)):
        x = np.linspace(0, 1, count)

        def curve(speed: float, rise: float, x: Floats = x, scatter: float = scatter) -> Floats:
            course = 0.3 + 2.0 * np.exp(-speed * x) + rise * np.maximum(0, x - 0.3)
            return np.asarray(course * np.exp(scatter * rng.standard_normal(len(x))))

        better = 1 - np.clip(curve(6, 0) / 3, 0, 1)
        yield make_run(train_loss=curve(6, 0), val_loss=curve(8, 3), val_accuracy=better)
        yield make_run(train_loss=curve(6, 9), val_loss=curve(6, 9))
        yield make_run(train_loss=curve(0.3, 0), val_loss=curve(0.3, 0), lr=0 * x + 1e-6)
        yield make_run(train_loss=curve(0, 0), val_loss=curve(0, 0))
        yield make_run(train_loss=curve(9, 0), val_loss=curve(9, 3), val_error=curve(9, 1) / 4)


def test_what_is_said_of_recorded_runs_is_in_their_logs(plugins: Plugins) -> None:
    runs = list(recorded_runs(plugins))
    assert len(runs) > 12
    assert all_untrue(runs, plugins) == []


def test_what_is_said_of_runs_of_any_shape_is_in_their_logs(plugins: Plugins) -> None:
    assert all_untrue(shaped_runs(), plugins) == []


def test_a_level_that_is_not_called_smoothed_is_found(
    plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advisor_rules.signs.said.smoothed", lambda _curve, at: at.level)
    assert all_untrue(shaped_runs(), plugins) != []


def test_what_is_said_of_trained_runs_is_in_their_logs(plugins: Plugins) -> None:
    assert all_untrue((*healthy_runs(), *trained_runs()), plugins) == []
