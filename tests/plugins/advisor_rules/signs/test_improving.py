"""What the end of a run says of it depends on where in its schedule the last values lie."""

from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Axis, Floats, Run, Steps
from advisor.testing.runs import make_run
from advisor_rules.epochs.still_improving import StillImproving
from advisor_rules.examples import half_cosine, noise
from tests.plugins.advisor_rules.conftest import Advise

X = np.linspace(0, 1, 60)
COSINE = 1e-3 * (1 + np.cos(np.pi * X))
FALLS = np.array([1.0, 0.8, 0.65, 0.55])


def _few(steps: Steps, axis: Axis = Axis.STEP) -> Run:
    train = np.linspace(1.2, 0.5, int(steps[-1]) + 1)
    return make_run(train_loss=train, val_loss=FALLS, steps={"val/loss": steps}, axis=axis)


@pytest.mark.parametrize(
    ("steps", "notes"),
    [
        pytest.param([34, 69, 104, 139], 1, id="each epoch"),
        pytest.param([34, 244, 454, 664], 0, id="every sixth epoch, from the first on"),
        pytest.param([39, 239, 279, 479], 0, id="a few of many"),
        pytest.param([209, 419, 629, 839], 1, id="every sixth epoch, from the sixth on"),
        pytest.param([0, 200, 400, 600], 1, id="before any training, and then at times"),
    ],
)
def test_a_few_validations_of_many_may_lie_anywhere_in_a_schedule(
    advise: Advise, steps: list[int], notes: int
) -> None:
    assert len(advise(StillImproving(), _few(np.array(steps))).findings) == notes


def test_epochs_are_counted_from_0(advise: Advise) -> None:
    assert advise(StillImproving(), _few(np.arange(4), Axis.EPOCH)).findings
    assert not advise(StillImproving(), _few(np.array([0, 6, 12, 17]), Axis.EPOCH)).findings


def test_at_the_end_of_a_schedule_the_last_values_must_be_the_best(advise: Advise) -> None:
    slowed = 2.3 - 1.2 * (X + np.sin(np.pi * X) / np.pi) + noise(60, 0.002, 41)
    for since, notes in ((1, 1), (8, 0)):
        val = slowed.copy()
        val[-since] = slowed.min() - 0.003
        run = make_run(train_loss=slowed, val_loss=val, lr=COSINE)
        assert len(advise(StillImproving(), run).findings) == notes


@pytest.mark.parametrize(("part", "notes"), [(1.0, 1), (0.8, 1), (0.3, 0)])
def test_what_a_curve_did_before_a_long_rest_is_not_its_end(
    advise: Advise, part: float, notes: int
) -> None:
    rate = np.maximum(half_cosine(60, part), 1e-6)
    moved = np.cumsum(rate) / rate.sum()
    falls = 2.3 - 1.2 * moved - 0.01 * X
    run = make_run(train_loss=falls, val_loss=falls, lr=rate)
    assert len(advise(StillImproving(), run).findings) == notes


@pytest.mark.parametrize(("level", "rise", "notes"), [(0.95, 0, 0), (0.7, 0, 1), (0.85, 0.1, 1)])
def test_the_loss_of_answers_that_are_right_falls_on_as_they_get_surer(
    advise: Advise, level: float, rise: float, notes: int
) -> None:
    falls = 0.2 + np.exp(-X)
    rises = 0.3 + (level - 0.3) * (1 - np.exp(-15 * X)) + rise * X
    for whole in (1, 100):
        series = {"train/loss": falls, "val/loss": falls, "val/accuracy": whole * rises}
        assert len(advise(StillImproving(), make_run(series=series)).findings) == notes


RESTS = 0.5 + np.exp(-12 * X) - 0.2 * X


@pytest.mark.parametrize(
    ("loss", "lr", "notes"),
    [
        pytest.param(RESTS, np.full(60, 1e-3), 1, id="at a high rate"),
        pytest.param(RESTS, None, 0, id="at an unknown rate"),
        pytest.param(1.5 - X, None, 1, id="the loss falls as well"),
        pytest.param(None, None, 1, id="there is no loss"),
    ],
)
def test_at_an_unknown_rate_a_metric_needs_its_loss(
    advise: Advise, loss: Floats | None, lr: Floats | None, notes: int
) -> None:
    series = {"train/loss": 1.5 - X, "val/accuracy": 0.3 + 0.3 * X}
    series |= {} if loss is None else {"val/loss": loss}
    run = make_run(series=series) if lr is None else make_run(series=series, lr=lr)
    assert len(advise(StillImproving(), run).findings) == notes


@pytest.mark.parametrize(("end", "notes"), [(0.54, 1), (0.58, 0)])
def test_what_ends_no_better_than_half_way_does_not_improve(
    advise: Advise, end: float, notes: int
) -> None:
    val = np.array([0.62, 0.6, 0.57, 0.56, 0.55, 0.58, 0.55, 0.59, 0.535, end])
    train = np.array([0.95, 0.58, 0.48, 0.45, 0.4, 0.38, 0.36, 0.335, 0.32, 0.31])
    run = make_run(train_loss=train, val_loss=val, lr=np.full(10, 1e-3))
    assert len(advise(StillImproving(), run).findings) == notes


@pytest.mark.parametrize(
    ("val", "notes"),
    [
        pytest.param([0.61, 0.51, 0.46, 0.42, 0.39, 0.43], 1, id="the last one but one is best"),
        pytest.param([0.61, 0.51, 0.46, 0.39, 0.42, 0.43], 0, id="two after the best"),
        pytest.param([0.61, 0.43, 0.42, 0.42, 0.42, 0.43], 0, id="at rest"),
    ],
)
def test_of_a_few_values_at_a_high_rate_the_last_may_shake(
    advise: Advise, val: list[float], notes: int
) -> None:
    train = np.linspace(0.8, 0.4, 6)
    run = make_run(train_loss=train, val_loss=val, lr=np.full(6, 1e-3), axis=Axis.EPOCH)
    assert len(advise(StillImproving(), run).findings) == notes


@pytest.mark.parametrize("whole", [1, 100])
@pytest.mark.parametrize(("began", "notes"), [(0.9, 1), (3.0, 0)])
def test_what_an_accuracy_learned_counts_from_guessing(
    advise: Advise, began: float, notes: int, whole: int
) -> None:
    """Most of it was learned before the first validation where the first loss is that of many."""
    accuracy = 0.46 + 0.25 * (1 - np.exp(-2 * X))
    train = 0.7 + (began - 0.7) * np.exp(-40 * X)
    series = {"train/loss": train, "val/accuracy": whole * accuracy}
    config = {"loss_function": "CrossEntropyLoss"}
    run = make_run(series=series, lr=np.full(60, 1e-3), config=config)
    assert len(advise(StillImproving(), run).findings) == notes


@pytest.mark.parametrize(("level", "notes"), [(1.0, 1), (0.3, 0)])
def test_what_a_rate_below_half_brings_is_no_sign_unless_it_is_much(
    advise: Advise, level: float, notes: int
) -> None:
    """As of one on its way down: each step down makes a loss fall for a while."""
    rate = 1e-3 / np.sqrt(1 + X * (level**-2 - 1))
    loss = 1.0 + np.exp(-2 * X)
    run = make_run(train_loss=loss, val_loss=loss, lr=rate)
    assert len(advise(StillImproving(), run).findings) == notes
