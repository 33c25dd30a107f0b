from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import noise
from advisor_rules.program.train_eval_toggle import TrainEvalToggle
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 30)
TRAIN = 0.95 - 0.25 * np.exp(-5 * X)
BROKEN = 0.12 + np.abs(noise(30, 0.05, 361))


def test_a_validation_near_chance_after_one_good_epoch_is_a_note(advise: Advise) -> None:
    run = make_run(train_accuracy=TRAIN, val_accuracy=BROKEN, axis=Axis.EPOCH)
    (finding,) = advise(TrainEvalToggle(), run).findings
    gap, before = finding.evidence
    assert (gap.series, before.series) == ("val/accuracy", "train/accuracy")
    assert gap.value < 0.25
    assert before.value == pytest.approx(0.7)
    assert finding.severity is Severity.NOTE
    assert finding.confidence <= 0.7


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(100 * TRAIN, 100 * BROKEN, id="in per cent"),
        pytest.param(TRAIN, np.where(np.arange(30) == 20, 0.9, BROKEN), id="one good validation"),
        pytest.param(TRAIN[:6], BROKEN[:6], id="six epochs"),
    ],
)
def test_it_is_found(advise: Advise, train: Floats, val: Floats) -> None:
    run = make_run(train_accuracy=train, val_accuracy=val, axis=Axis.EPOCH)
    assert advise(TrainEvalToggle(), run).findings


def test_a_training_metric_of_every_step_is_averaged_over_its_epoch(advise: Advise) -> None:
    series = {"train/accuracy": np.repeat(TRAIN, 50), "val/accuracy": BROKEN}
    steps = {"val/accuracy": 50 * np.arange(1, 31) - 1}
    run = make_run(series=series, steps=steps, config={"epochs": 30})
    assert advise(TrainEvalToggle(), run).findings[0].evidence[1].value == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(TRAIN, TRAIN - 0.03, id="both good"),
        pytest.param(TRAIN - 0.6, BROKEN, id="both poor"),
        pytest.param(TRAIN, 0.7 - 0.5 * X, id="overfitting: the gap opens later"),
        pytest.param(TRAIN - 0.4 + 0.4 * X, BROKEN, id="memorizing what cannot be predicted"),
        pytest.param(TRAIN, np.where(X < 0.1, BROKEN, TRAIN), id="batch norm that lags at first"),
        pytest.param(TRAIN, TRAIN - 0.2, id="harder validation data"),
        pytest.param(TRAIN, np.where(np.arange(30) % 2, BROKEN, TRAIN), id="swings"),
    ],
)
def test_other_gaps_pass(advise: Advise, train: Floats, val: Floats) -> None:
    run = make_run(train_accuracy=train, val_accuracy=val, axis=Axis.EPOCH)
    assert advise(TrainEvalToggle(), run).findings == ()


@pytest.mark.parametrize(
    ("config", "first", "axis"),
    [
        pytest.param({}, 0, Axis.STEP, id="no epochs known"),
        pytest.param({"epochs": 90}, 0, Axis.STEP, id="validated every third epoch"),
        pytest.param({}, 40, Axis.EPOCH, id="continued at epoch 40"),
        pytest.param({"pretrained": True}, 0, Axis.EPOCH, id="trained weights"),
    ],
)
def test_where_the_data_may_have_been_seen_before_it_is_not_judged(
    advise: Advise, config: dict[str, Value], first: int, axis: Axis
) -> None:
    steps = dict.fromkeys(("train/accuracy", "val/accuracy"), first + np.arange(30))
    run = make_run(train_accuracy=TRAIN, val_accuracy=BROKEN, steps=steps, config=config, axis=axis)
    assert advise(TrainEvalToggle(), run).result == "not-applicable"


def test_different_metrics_are_not_compared(advise: Advise) -> None:
    run = make_run(train_accuracy=TRAIN, val_f1=BROKEN, axis=Axis.EPOCH)
    assert advise(TrainEvalToggle(), run).result == "not-applicable"


def test_a_row_in_which_nothing_was_right_counts_for_nothing(advise: Advise) -> None:
    rows = np.arange(30) == 20
    train, val = np.where(rows, 0.0, TRAIN), np.where(rows, 0.0, BROKEN)
    run = make_run(train_accuracy=train, val_accuracy=val, axis=Axis.EPOCH)
    (finding,) = advise(TrainEvalToggle(), run).findings
    assert 0.0 < finding.evidence[0].value < 0.25
