"""No two diagnoses of one run give opposite orders, whatever the run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.engine import Request, analyze
from advisor.finding import Finding
from advisor.judging.diagnose import Diagnoser
from advisor.judging.judge import judge
from advisor.manager import Plugins, load_plugins
from advisor.report import Diagnosis
from advisor.rule import Rule
from advisor.run import Run
from advisor.settings import Settings
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged
from tests.healthy import healthy_runs
from tests.trained import trained_runs

EXAMPLES = Path(__file__).parents[1] / "examples" / "recorded"

LONGER = {"still-improving"}
"""Rules whose order is to train longer."""
SHORTER = {"past-best", "overfitting", "early-stopping-missing"}
"""Rules whose order is to stop earlier."""


@pytest.fixture(scope="module")
def plugins() -> Plugins:
    return load_plugins()


def orders(
    diagnoses: Sequence[Diagnosis], findings: Sequence[Finding]
) -> Iterator[tuple[str, str, str]]:
    """Yield what each run is told: the run, the parameter, the direction."""
    by_id = {finding.id: finding for finding in findings}
    for diagnosis in diagnoses:
        for run in diagnosis.runs:
            for change in diagnosis.next.changes:
                yield run, change.parameter, change.direction
            rule = by_id[diagnosis.leading].rule
            if diagnosis.next.kind == "change" and rule in LONGER | SHORTER:
                yield run, "length of the training", "up" if rule in LONGER else "down"


def contradictions(
    diagnoses: Sequence[Diagnosis], findings: Sequence[Finding]
) -> list[tuple[str, str]]:
    told = set(orders(diagnoses, findings))
    return [(run, what) for run, what, way in told if way == "up" and (run, what, "down") in told]


def diagnose(run: Run, plugins: Plugins) -> tuple[tuple[Diagnosis, ...], list[Finding]]:
    rules = {name: rule() for name, rule in plugins.rules.items()}
    outcomes = judge(
        Judged(run, understand(run)),
        [rule for rule in rules.values() if isinstance(rule, Rule)],
        seconds=60,
        started=lambda _rule: None,
        failed={},
    )
    broken = [outcome for outcome in outcomes if outcome.result == "error"]
    assert not broken
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    return Diagnoser(rules).diagnose(findings), findings


def test_healthy_and_really_trained_runs_get_no_opposite_orders(plugins: Plugins) -> None:
    for run in (*healthy_runs(), *trained_runs()):
        assert not contradictions(*diagnose(run, plugins)), run.name


def test_the_example_runs_get_no_opposite_orders(plugins: Plugins) -> None:
    report = analyze(Request((EXAMPLES,)), Settings(), plugins).report
    assert not contradictions(report.diagnoses, report.findings)


@pytest.mark.skipif(
    "ADVISOR_REALLOGS" not in os.environ,
    reason="ADVISOR_REALLOGS names no folder with labelled real runs",
)
def test_real_runs_get_no_opposite_orders(plugins: Plugins) -> None:
    logs = Path(os.environ["ADVISOR_REALLOGS"])
    report = analyze(Request((logs,)), Settings(), plugins).report
    assert not contradictions(report.diagnoses, report.findings)


shapes = st.tuples(
    st.floats(-3, 3),  # level at the end, in units of the drop
    st.floats(0.3, 30),  # speed of the fall
    st.floats(0, 3),  # rise after the turn
    st.floats(0.05, 0.95),  # where it turns
    st.floats(1e-4, 0.3),  # scatter
)


@given(
    train=shapes, val=shapes, accuracy=shapes, points=st.integers(6, 300), seed=st.integers(0, 99)
)
@settings(max_examples=150, deadline=None)
def test_runs_of_any_shape_get_no_opposite_orders(
    train: tuple[float, ...],
    val: tuple[float, ...],
    accuracy: tuple[float, ...],
    points: int,
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    x = np.linspace(0, 1, points)

    def curve(shape: tuple[float, ...]) -> np.ndarray:
        level, speed, rise, turn, scatter = shape
        fall = level + np.exp(-speed * x) + rise * np.maximum(0, x - turn)
        return fall + scatter * rng.standard_normal(points)

    run = make_run(
        train_loss=curve(train),
        val_loss=curve(val),
        val_accuracy=1 - curve(accuracy),
        lr=np.full(points, 1e-3),
        config={"lr": 1e-3, "epochs": points, "weight_decay": 0.0},
    )
    assert not contradictions(*diagnose(run, load_plugins()))
