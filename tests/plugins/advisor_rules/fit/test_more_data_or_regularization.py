from __future__ import annotations

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.judging.diagnose import Diagnoser
from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor_rules.examples import falling, noise, turning
from advisor_rules.fit.more_data_or_regularization import MoreDataOrRegularization
from advisor_rules.fit.overfitting import Overfitting
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 100)
TRAIN = falling(100, seed=100, floor=0.1)
TURNED = turning(100, seed=101)
NO_DECAY: dict[str, Value] = {"weight_decay": 0.0}
BLOCK: dict[str, Value] = {"optimizer.lr": 1e-3, "optimizer.type": "AdamW"}


@pytest.mark.parametrize(
    ("config", "parameter", "path", "after"),
    [
        pytest.param(NO_DECAY, "weight_decay", "weight_decay", 0.01, id="no decay"),
        pytest.param({"optim.wd": "0"}, "weight_decay", "optim.wd", 0.01, id="under another name"),
        pytest.param({"wd": 0, "optimizer": "SGD"}, "weight_decay", "wd", 5e-4, id="for SGD"),
        pytest.param({"model.dropout": 0}, "dropout", "model.dropout", 0.2, id="no dropout"),
        pytest.param(BLOCK, "weight_decay", None, 0.01, id="left out of the optimizer's settings"),
    ],
)
def test_the_regularizer_that_is_off_is_the_one_to_turn_on(
    advise: Advise, config: dict[str, Value], parameter: str, path: str | None, after: float
) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=config)
    (finding,) = advise(MoreDataOrRegularization(), run).findings
    (change,) = finding.changes
    assert (change.parameter, change.path, change.after) == (parameter, path, after)
    assert finding.severity is Severity.NOTE
    assert 20 <= finding.first_step <= 40


def test_what_is_left_out_is_less_sure_than_what_is_0(advise: Advise) -> None:
    zero, absent = (
        advise(
            MoreDataOrRegularization(), make_run(train_loss=TRAIN, val_loss=TURNED, config=config)
        ).findings[0]
        for config in (NO_DECAY, BLOCK)
    )
    assert zero.confidence > absent.confidence


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({}, id="nothing recorded"),
        pytest.param({"lr": 1e-3, "epochs": 100, "batch_size": 8}, id="not mentioned"),
        pytest.param({"weight_decay": 1e-5, "dropout": 0.1}, id="both on"),
        pytest.param({"optimizer": "adam", "optimizer.lr": 1e-3, "l2": 0.1}, id="decay elsewhere"),
        pytest.param({"a.dropout": 0.0, "b.dropout": 0.5}, id="dropout in some layers"),
        pytest.param({"scheduler.optimizer": "adam", "lr": 0.1}, id="no block with the rate"),
    ],
)
def test_a_config_that_turns_nothing_off_passes(advise: Advise, config: dict[str, Value]) -> None:
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=config)
    assert advise(MoreDataOrRegularization(), run).findings == ()


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(TRAIN, TRAIN + 0.05, id="both fall"),
        pytest.param(TRAIN, falling(100, seed=102, floor=0.9, rate=8), id="a gap that stays"),
        pytest.param(turning(100, seed=103), TURNED, id="both rise"),
        pytest.param(TRAIN, 0.9 + noise(100, 0.1, 104), id="only noise"),
    ],
)
def test_a_run_that_does_not_overfit_passes(advise: Advise, train: Floats, val: Floats) -> None:
    run = make_run(train_loss=train, val_loss=val, config=NO_DECAY)
    assert advise(MoreDataOrRegularization(), run).findings == ()


def test_a_metric_that_holds_silences_it(advise: Advise) -> None:
    accuracy = 0.8 - 0.5 * np.exp(-15 * X) + noise(100, 0.005, 105)
    run = make_run(train_loss=TRAIN, val_loss=TURNED, val_accuracy=accuracy, config=NO_DECAY)
    assert advise(MoreDataOrRegularization(), run).findings == ()


def test_it_goes_beneath_overfitting_and_asks_for_the_same(advise: Advise) -> None:
    rules = {rule.name: rule for rule in (Overfitting(), MoreDataOrRegularization())}
    run = make_run(train_loss=TRAIN, val_loss=TURNED, config=NO_DECAY)
    over, more = (f for rule in rules.values() for f in advise(rule, run).findings)
    (diagnosis,) = Diagnoser(rules).diagnose((over, more))
    assert diagnosis.consequences == (more.id,)
    assert over.changes == more.changes


HEART = 2.3 * np.exp(-9 * X) + np.abs(noise(100, 1e-3, 102))
FLAT = falling(100, seed=103, floor=1.0, rate=12)


@pytest.mark.parametrize(
    ("config", "parameter", "after"),
    [
        pytest.param(
            {},
            "weight_decay",
            "10 times the current one, 0.01 if there is none",
            id="nothing recorded",
        ),
        pytest.param({"dropout": 0.0}, "dropout", 0.2, id="no dropout"),
        pytest.param({"weight_decay": 0.01}, "weight_decay", 0.1, id="some weight decay"),
    ],
)
def test_data_learned_by_heart_ask_for_more_data_or_more_regularization(
    advise: Advise, config: dict[str, Value], parameter: str, after: float | str
) -> None:
    run = make_run(train_loss=HEART, val_loss=FLAT, config=config)
    (finding,) = advise(MoreDataOrRegularization(), run).findings
    (change,) = finding.changes
    assert (change.parameter, change.after) == (parameter, after)
    assert [e.series for e in finding.evidence] == ["val/loss", "train/loss"]
    assert "by heart" in finding.advice.observed.text
    assert finding.severity is Severity.NOTE


@pytest.mark.parametrize(
    "options", [pytest.param({"share": 1e-3}, id="a gap"), pytest.param({"left": 0.5}, id="low")]
)
def test_a_smaller_gap_or_a_lower_validation_is_not_by_heart(
    advise: Advise, options: dict[str, float]
) -> None:
    run = make_run(train_loss=HEART, val_loss=FLAT)
    assert advise(MoreDataOrRegularization.model_validate(options), run).findings == ()


def test_a_validation_that_surely_rose_is_told_by_overfitting_alone(advise: Advise) -> None:
    run = make_run(train_loss=HEART, val_loss=TURNED, config={"weight_decay": 0.1})
    assert advise(Overfitting(), run).findings
    assert advise(MoreDataOrRegularization(), run).findings == ()


def test_wrong_labels_are_to_be_looked_for_where_training_costs_more_and_falls_alone(
    advise: Advise,
) -> None:
    dear = falling(100, seed=106, floor=1.3, rate=2, size=0.01)
    (finding,) = advise(
        MoreDataOrRegularization(), make_run(train_loss=dear, val_loss=FLAT + noise(100, 0.15, 107))
    ).findings
    assert finding.severity is Severity.NOTE
    assert "wrong labels" in finding.advice.title.text
    assert {each.series for each in finding.evidence} == {"train/loss", "val/loss"}
    assert finding.confidence < 0.8


@pytest.mark.parametrize(
    ("option", "value"), [("dearer", 1.6), ("scatter", 0.3)], ids=["dearer", "scatter"]
)
def test_how_wrong_labels_show_can_be_set(advise: Advise, option: str, value: float) -> None:
    dear = falling(100, seed=106, floor=1.3, rate=2, size=0.01)
    run = make_run(train_loss=dear, val_loss=FLAT + noise(100, 0.15, 107))
    rule = MoreDataOrRegularization.model_validate({option: value})
    assert advise(rule, run).findings == ()


def test_a_training_loss_of_next_to_nothing_can_be_told_of(advise: Advise) -> None:
    train = np.where(X < 0.5, 20.0 * TRAIN, 5e-324)
    run = make_run(train_loss=train, val_loss=20.0 + 10.0 * (X < 0.2))
    (finding,) = advise(MoreDataOrRegularization(), run).findings
    assert finding.evidence[1].value == 0.0
