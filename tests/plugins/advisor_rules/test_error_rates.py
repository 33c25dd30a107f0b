"""What an accuracy shows an error rate shows as well, in its own values."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from advisor.finding import Finding
from advisor.manager import load_plugins
from advisor.model import Value
from advisor.rule import Rule
from advisor.run import Axis, Floats, Run, Series
from advisor.selection import select_rules
from advisor.settings import Settings
from advisor.testing.runs import make_run
from advisor_rules.epochs.past_best import PastBest
from advisor_rules.examples import falling, noise
from advisor_rules.fit.underfitting import Underfitting
from advisor_rules.program.logits_vs_softmax import LogitsVsSoftmax
from advisor_rules.program.never_learned import NeverLearned
from advisor_rules.program.train_eval_toggle import TrainEvalToggle
from advisor_rules.signs.doubled_softmax import floor_of
from advisor_rules.validation.loss_is_not_the_metric import LossIsNotTheMetric
from advisor_rules.validation.val_loss_rises_metric_holds import ValLossRisesMetricHolds
from tests.plugins.advisor_rules.conftest import Advise

TEN: dict[str, Value] = {"num_classes": 10}
DEAD = math.log(10) + noise(60, 0.004, 310)
CHANCE = 0.1 + noise(60, 0.004, 311)
TRAIN = falling(60, seed=90, start=2.3, floor=1.7, rate=12)
NEAR = TRAIN + noise(60, 0.01, 91)
POOR = 0.4 - 0.3 * np.exp(-12 * np.linspace(0, 1, 60)) + noise(60, 0.004, 92)
RIGHT = 0.1 + 0.86 * (1 - np.exp(-5 * np.linspace(0, 1, 60)))
SEEN = 0.95 - 0.25 * np.exp(-5 * np.linspace(0, 1, 30))
BROKEN = 0.12 + np.abs(noise(30, 0.05, 361))
BY_NAME = {"loss-function-fit", "sgd-for-last-bit"}
"""Rules that ask for an accuracy by its name, or whose loss may be as low as any."""


def swapped(run: Run, name: str = "error_rate", whole: float = 1.0) -> Run:
    """Return a run that logs what is wrong instead of what is right."""
    made: dict[str, Series] = {}
    for tag, series in run.series.items():
        if "accuracy" in tag:
            shares = series.values / (100.0 if series.values.max() > 1.5 else 1.0)
            wrong = whole * (1.0 - np.clip(shares, 0.0, 1.0))
            other = tag.replace("accuracy", name)
            made[other] = Series(other, series.steps, wrong, axis=series.axis)
        else:
            made[tag] = series
    return Run(run.name, made, run.config, run.source, notes=run.notes)


def examples() -> Iterator[object]:
    for rule in select_rules(load_plugins().rules, Settings()):
        if isinstance(rule, Rule) and rule.name not in BY_NAME:
            for example in rule.examples():
                if any("accuracy" in tag for tag in example.run.series):
                    title = f"{rule.name}: {example.title}"
                    yield pytest.param(rule, example.run, example.fires, id=title)


@pytest.mark.parametrize(("rule", "run", "fires"), list(examples()))
def test_an_example_is_the_same_with_an_error_rate(
    advise: Advise, rule: Rule, run: Run, *, fires: bool
) -> None:
    assert bool(advise(rule, swapped(run)).findings) is fires


def found(advise: Advise, rule: Rule, run: Run) -> Finding:
    (finding,) = advise(rule, run).findings
    return finding


RUNS: dict[str, tuple[Rule, Run]] = {
    "chance": (
        NeverLearned(),
        make_run(train_loss=DEAD, val_loss=DEAD, val_accuracy=CHANCE, config=TEN),
    ),
    "one answer": (
        NeverLearned(),
        make_run(train_loss=DEAD, val_loss=DEAD, val_accuracy=np.full(60, 0.1037), config=TEN),
    ),
    "far from good": (
        Underfitting(),
        make_run(train_loss=TRAIN, val_loss=NEAR, val_accuracy=POOR, config=TEN),
    ),
    "the floor of two softmaxes": (
        LogitsVsSoftmax(),
        make_run(
            train_loss=falling(60, seed=351, start=2.3, floor=1.51, size=0.003),
            train_accuracy=RIGHT,
            config=TEN,
        ),
    ),
    "bound to the accuracy": (
        LogitsVsSoftmax(),
        make_run(
            train_loss=floor_of(10) + 1 - CHANCE - POOR, train_accuracy=CHANCE + POOR, config=TEN
        ),
    ),
    "broken validation": (
        TrainEvalToggle(),
        make_run(
            train_loss=1 - SEEN,
            val_loss=2.3 + BROKEN,
            train_accuracy=SEEN,
            val_accuracy=BROKEN,
            axis=Axis.EPOCH,
            config=TEN,
        ),
    ),
}


@pytest.mark.parametrize(("name", "whole"), [("error_rate", 1.0), ("top1_err", 100.0), ("err", 1)])
@pytest.mark.parametrize("case", RUNS)
def test_it_is_as_sure_of_wrong_answers_as_of_right_ones(
    advise: Advise, case: str, name: str, whole: float
) -> None:
    rule, run = RUNS[case]
    before, after = found(advise, rule, run), found(advise, rule, swapped(run, name, whole))
    assert (after.confidence, after.severity) == (before.confidence, before.severity)
    values = [e.value for e in before.evidence if e.measured != "training in the first epoch"]
    others = [e.value for e in after.evidence if e.measured != "training in the first epoch"]
    assert others == pytest.approx(values)
    assert [e.series for e in after.evidence] == [
        e.series.replace("accuracy", name) for e in before.evidence
    ]


@pytest.mark.parametrize("whole", [1.0, 100.0])
@pytest.mark.parametrize("rule", [LossIsNotTheMetric(), PastBest(), ValLossRisesMetricHolds()])
def test_a_change_is_as_large_of_wrong_answers_as_of_right_ones(
    advise: Advise, rule: Rule, whole: float
) -> None:
    """And none is larger where nearly all are right, and the errors that are left are few."""
    x, fired = np.linspace(0, 1, 60), set[bool]()
    loss = 2.0 * np.exp(-12 * x) + 0.3 + x**2 + noise(60, 0.002, 90)
    for drift in (-0.1, -0.006, -0.003, 0.003, 0.006, 0.015, 0.1):
        right = 0.98 - 0.8 * np.exp(-15 * x) + drift * (x - (drift > 0)) + noise(60, 0.0002, 91)
        run = make_run(train_loss=2 - 1.9 * x, val_loss=loss, val_accuracy=right, config=TEN)
        before = advise(rule, run).findings
        after = advise(rule, swapped(run, whole=whole)).findings
        assert [f.confidence for f in after] == pytest.approx([f.confidence for f in before])
        fired.add(bool(before))
    assert fired == {True, False}


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("chance", "val/top1_err near 90 where guessing gives 90."),
        ("one answer", "val/top1_err was 89.6 in 60 of 60 validations"),
        ("far from good", "val/top1_err stood near 59.9 where guessing gives 90."),
        ("the floor of two softmaxes", "with train/top1_err at 4"),
        ("bound to the accuracy", "1.46 more than the share of errors that train/top1_err shows"),
        ("broken validation", "train/top1_err was 30 and val/top1_err 8"),
    ],
)
def test_a_reader_is_shown_what_was_logged(advise: Advise, case: str, words: str) -> None:
    rule, run = RUNS[case]
    text = found(advise, rule, swapped(run, "top1_err", 100.0)).advice.evidence.text
    assert words in text.replace("`", "")


@pytest.mark.parametrize(
    ("tag", "values", "config"),
    [
        pytest.param("val/error", 1 - POOR, {}, id="nobody says that it is a classifier"),
        pytest.param("val/error", 1 - POOR, {"loss": "mse"}, id="a regression"),
        pytest.param("val/wer", 1 - POOR, TEN, id="of words"),
        pytest.param("val/cer", 1 - POOR, TEN, id="of characters"),
        pytest.param("val/top5_err", 1 - POOR, TEN, id="of five choices"),
        pytest.param("val/error_rate", 1.6 - POOR, TEN, id="more than all"),
        pytest.param("val/error_rate", 400 * (1 - POOR), TEN, id="more than a hundred"),
        pytest.param("val/error_rate", 0.06 + 0 * POOR, TEN, id="a good one"),
        pytest.param("val/error_rate", 6.0 + 0 * POOR, TEN, id="a good one in per cent"),
    ],
)
def test_no_other_error_is_far_from_right(
    advise: Advise, tag: str, values: Floats, config: dict[str, Value]
) -> None:
    run = make_run(series={"train/loss": TRAIN, "val/loss": NEAR, tag: values}, config=config)
    for rule in (NeverLearned(), Underfitting()):
        findings = advise(rule, run).findings
        assert not any(e.series == tag for finding in findings for e in finding.evidence)
