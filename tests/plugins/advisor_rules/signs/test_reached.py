from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import falling
from advisor_rules.signs.reached import chance_of, loss_reached, score_reached

LOSS = falling(60, seed=510, start=2.3, floor=1.15, rate=12, size=0.001)
HALF = np.full(60, 0.5)


def _view(config: dict[str, Value], loss: Floats = LOSS, **metrics: Floats) -> RunView:
    series = {"train/loss": loss, "val/loss": loss}
    series |= {f"val/{name}": values for name, values in metrics.items()}
    run = make_run(series=series, config=config)
    return RunView(Judged(run, understand(run)), ("train/loss", "val/loss", "val/metric"))


@pytest.mark.parametrize(("unit", "whole"), [(1.0, 1.0), (100.0, 100.0)])
def test_an_accuracy_lies_between_one_in_c_and_the_whole(unit: float, whole: float) -> None:
    found = score_reached(_view({"num_classes": 5}, accuracy=unit * HALF))
    assert found is not None
    assert found.skill == pytest.approx((0.5 - 0.2) / 0.8)
    assert found.guessing == pytest.approx(0.2 * unit)
    assert found.whole == whole


def test_where_c_is_not_recorded_the_first_loss_tells_about_how_many_classes_there_are() -> None:
    found = score_reached(_view({}, accuracy=HALF))
    assert found is not None
    assert found.skill == pytest.approx((0.5 - 0.1) / 0.9, abs=0.01)
    assert found.guessing is None


@pytest.mark.parametrize("start", [-3.0, 0.2])
def test_no_first_loss_makes_guessing_right_more_often_than_not(start: float) -> None:
    found = score_reached(_view({}, LOSS - LOSS[0] + start, accuracy=HALF))
    assert found is not None
    assert found.skill == pytest.approx(0.0)


@pytest.mark.parametrize("name", ["map", "auc", "bleu"])
def test_only_what_is_a_share_of_right_answers_is_such_a_score(name: str) -> None:
    assert score_reached(_view({}, **{name: HALF})) is None


def test_a_cross_entropy_lies_between_the_logarithm_of_c_and_nothing() -> None:
    found = loss_reached(_view({"num_classes": 10}))
    assert found is not None
    assert found.skill == pytest.approx(1 - 1.15 / math.log(10), abs=0.01)
    assert not found.begun


@pytest.mark.parametrize(
    ("start", "config", "two", "guess"),
    [
        (0.6, {}, True, math.log(2)),
        (0.75, {}, True, 0.75),
        (0.7, {"num_classes": 2}, True, math.log(2)),
        (1.0, {}, False, 1.0),
        (0.6, {"loss": "mse"}, False, 0.6),
    ],
)
def test_a_loss_that_began_near_the_logarithm_of_2_may_be_that_of_a_choice_between_two(
    start: float, config: dict[str, Value], *, two: bool, guess: float
) -> None:
    loss = falling(60, seed=511, start=start, floor=0.4, rate=12, size=0.001)
    found = loss_reached(_view(config, loss))
    assert found is not None
    assert (found.good < 1) is two
    assert found.skill == pytest.approx(1 - found.level / guess, abs=0.01)


@pytest.mark.parametrize("config", [{}, {"num_classes": 1}, {"loss": "mse"}])
def test_without_c_a_loss_is_held_against_where_it_began(config: dict[str, Value]) -> None:
    found = loss_reached(_view(config))
    assert found is not None
    assert found.begun
    assert found.skill == pytest.approx(0.5, abs=0.01)


def test_the_better_of_both_losses_counts() -> None:
    run = make_run(series={"train/loss": LOSS, "val/loss": LOSS - 0.5})
    view = RunView(Judged(run, understand(run)), ("train/loss", "val/loss", "val/metric"))
    found = loss_reached(view)
    assert found is not None
    assert found.curve.tag == "val/loss"


@pytest.mark.parametrize(
    ("config", "loss", "metrics"),
    [
        pytest.param({}, LOSS / 10, {}, id="too low for a start"),
        pytest.param({}, LOSS - 1.5, {}, id="negative"),
        pytest.param({}, LOSS, {"map": HALF}, id="of a detector, say"),
        pytest.param({"pretrained": True}, LOSS, {}, id="trained before"),
        pytest.param({"num_classes": 2}, 2 * LOSS, {}, id="far above ln 2"),
    ],
)
def test_a_loss_without_a_reference_is_not_judged(
    config: dict[str, Value], loss: Floats, metrics: dict[str, Floats]
) -> None:
    assert loss_reached(_view(config, loss, **metrics)) is None


def test_a_loss_that_is_summed_begins_too_high_for_a_number_of_answers() -> None:
    assert 0.0 < chance_of(_view({}, loss=2000.0 * LOSS)) < 1e-6
