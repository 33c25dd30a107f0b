from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Axis, Floats, Steps
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.chance import (
    answers_of,
    classes_at_start,
    classes_of,
    nearest_guess,
    single_steps,
)

LOSS = np.linspace(2.3, 0.3, 200)
ROLES = ("train/loss", "val/loss", "val/metric")


def seen(
    config: dict[str, Value],
    *,
    steps: Steps | None = None,
    val: Floats | None = None,
    axis: Axis = Axis.STEP,
) -> RunView:
    series = {"train/loss": LOSS} | ({} if val is None else {"val/loss": val})
    counted = {} if steps is None else {"train/loss": steps}
    run = make_run(series=series, steps=counted, config=config, axis=axis)
    return RunView(Judged(run, understand(run)), ROLES)


@pytest.mark.parametrize(
    ("config", "number"),
    [
        ({"num_classes": 10}, 10),
        ({"data.n_classes": "3"}, 3),
        ({"class_names": ("cat", "dog", "owl")}, 3),
        ({"num_classes": 1}, 2),
        ({"model_type": "gpt2", "vocab_size": 50257, "num_classes": 2}, 50257),
        ({"num_classes": 10, "data.num_classes": 10}, 10),
    ],
)
def test_the_number_of_answers_is_what_the_config_records(
    config: dict[str, Value], number: int
) -> None:
    found = classes_of(seen(config))
    assert found is not None
    assert found.number == number
    assert found.loss == pytest.approx(math.log(number))


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"dataset": "cifar10"},
        {"num_classes": 0},
        {"num_classes": 2.5},
        {"num_classes": True},
        {"num_classes": "many"},
        {"num_classes": (0, 15, 16)},
        {"num_classes": 10, "head.num_classes": 100},
        {"vocab_size": 50257},
    ],
)
def test_what_is_not_said_of_the_classes_is_not_guessed(config: dict[str, Value]) -> None:
    assert classes_of(seen(config)) is None


def test_a_binary_loss_has_two_answers_whatever_the_classes() -> None:
    found = answers_of(seen({"criterion": "BCEWithLogitsLoss()", "num_classes": 20}))
    assert found is not None
    assert (found.number, found.path) == (2, "criterion")


@pytest.mark.parametrize(
    ("loss", "classes"), [(0.69, 2), (1.06, 3), (2.31, 10), (0.3, 1), (90.0, 1), (-1.0, 1)]
)
def test_a_loss_is_near_the_logarithm_of_a_whole_number_or_of_none(
    loss: float, classes: int
) -> None:
    assert nearest_guess(loss) == pytest.approx(math.log(classes))


def test_single_steps_begin_at_the_first_and_outnumber_epochs_and_validations() -> None:
    def judged(run: RunView) -> bool:
        return single_steps(run, run["train/loss"])

    assert judged(seen({}))
    assert judged(seen({}, steps=1 + np.arange(200)))
    assert judged(seen({"epochs": 10}, val=LOSS[:10]))
    assert not judged(seen({}, axis=Axis.EPOCH))
    assert not judged(seen({"epochs": 200}))
    assert not judged(seen({}, val=LOSS))
    assert not judged(seen({}, steps=50 * np.arange(1, 201)))


@pytest.mark.parametrize(
    ("first", "classes"),
    [
        (math.log(2), 2),
        (math.log(4) + 0.04, 4),
        (math.log(10), 10),
        (math.log(4) + 0.09, None),
        (math.log(11), None),
        (0.2, None),
        (37.0, None),
    ],
)
def test_a_first_step_that_guesses_shows_the_number_of_classes(
    first: float, classes: int | None
) -> None:
    losses = np.append(first, LOSS[1:])
    run = make_run(train_loss=losses, val_loss=LOSS[::20])
    view = RunView(Judged(run, understand(run)), ROLES)
    assert classes_at_start(view, view["train/loss"]) == classes


def test_a_first_row_that_may_be_an_average_shows_none() -> None:
    run = make_run(train_loss=np.append(math.log(4), LOSS[1:]), val_loss=LOSS)
    view = RunView(Judged(run, understand(run)), ROLES)
    assert classes_at_start(view, view["train/loss"]) is None
