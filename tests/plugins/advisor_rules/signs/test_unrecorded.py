from __future__ import annotations

import math

import numpy as np
import pytest

from advisor.run import Axis, Floats, Steps
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.chance import Start
from advisor_rules.signs.unrecorded import LARGEST, unrecorded_start_of

ROLES = ("train/loss", "val/loss", "val/metric", "train/metric")
GUESSES: Floats = np.full(400, 0.1)
LEARNS: Floats = np.linspace(0.1, 0.9, 400)


def start(
    loss: Floats,
    right: Floats,
    axis: Axis = Axis.STEP,
    steps: Steps | None = None,
    val: Floats | None = None,
) -> Start:
    """Judge a training loss and accuracy, and the loss of validation where there is one."""
    series = {"train/loss": loss, "train/accuracy": right}
    series |= {} if val is None else {"val/loss": val}
    counted = {} if steps is None else {"train/accuracy": steps}
    run = make_run(series=series, axis=axis, steps=counted)
    view = RunView(Judged(run, understand(run)), ROLES)
    return unrecorded_start_of(view, view["train/loss"], averages=True)


def entropy(right: Floats, classes: int) -> Floats:
    """Return the loss of a model as sure as it is right, all its errors equally likely."""
    sides = -right * np.log(right) - (1 - right) * np.log1p(-right)
    return np.asarray(sides + (1 - right) * math.log(classes - 1))


@pytest.mark.parametrize("classes", [3, 10, 1000])
def test_a_model_as_sure_as_it_is_right_shows_its_classes(classes: int) -> None:
    right = np.linspace(1 / classes, 0.9, 400)
    found = start(entropy(right, classes), right)
    assert found.guess.number == pytest.approx(classes, rel=0.1, abs=1)
    assert found.times == pytest.approx(1, abs=0.1)


def test_a_model_that_later_wavers_among_few_had_as_many_as_its_first_accuracy_says() -> None:
    right = np.concatenate((np.full(8, 0.01), np.linspace(0.5, 0.9, 392)))
    assert start(entropy(right, 3), right).guess.number == 100


def test_a_start_that_is_too_sure_does_not_make_the_classes_more() -> None:
    loss = entropy(LEARNS, 10) + 40 * np.exp(-np.arange(400) / 5)
    found = start(loss, LEARNS)
    assert found.guess.number <= 12
    assert found.times > 10


@pytest.mark.parametrize("axis", [Axis.STEP, Axis.EPOCH])
def test_there_are_two_answers_at_least_and_a_vocabulary_at_most(axis: Axis) -> None:
    right, never = np.full(400, 0.7), np.zeros(400)
    assert start(np.linspace(0.4, 0.1, 400), right, axis).guess.number == 2
    assert start(np.linspace(12.0, 11.0, 400), never, axis).guess.number == LARGEST


def test_what_was_right_nearly_always_after_the_first_rows_does_not_show_its_classes() -> None:
    right = np.concatenate((np.full(20, 0.5), np.full(380, 0.9)))
    assert start(entropy(right, 10), right).guess.number == LARGEST
    later = np.concatenate((np.full(40, 0.5), np.full(360, 0.9)))
    assert start(entropy(later, 10), later).guess.number == 10


def test_an_accuracy_that_was_not_logged_from_the_start_shows_nothing() -> None:
    late = 10 + np.arange(400)
    assert start(entropy(LEARNS, 10), LEARNS, steps=late).guess.number == LARGEST
    assert start(entropy(LEARNS, 10), LEARNS, steps=2 * np.arange(400)).guess.number == 10


def test_what_no_validation_was_as_good_as_is_no_cost_of_guessing() -> None:
    right = np.linspace(0.1, 0.9, 400)
    loss = entropy(right, 10)
    cost = math.log(start(loss, right).guess.number)
    for lowest, known in ((cost - 0.1, True), (cost + 0.1, False)):
        found = start(loss, right, val=np.geomspace(9.0, lowest, 400)).guess.number
        assert (found < LARGEST) == known
