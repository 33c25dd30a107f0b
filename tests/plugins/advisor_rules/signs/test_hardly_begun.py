from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from advisor.finding import Severity
from advisor.model import Value
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor_rules.epochs.still_improving import StillImproving
from tests.plugins.advisor_rules.conftest import Advise

TRAIN = (1.2, 0.8, 0.6)
"""A training loss of which the last third brought a third of the fall."""
VAL = (0.9, 0.62, 0.63)
"""A validation loss that shook in the end."""


def few(
    train: Sequence[float] = TRAIN,
    val: Sequence[float] = VAL,
    at: Sequence[int] | None = None,
    config: Mapping[str, Value] | None = None,
    lr: Sequence[float] | None = None,
) -> Run:
    """Make a run of epochs of twenty steps, logged at the end of each."""
    ends = np.array(at or [20 * n + 19 for n in range(len(val))])
    tags = ("train/loss", "val/loss", "lr")
    given = {tag: v for tag, v in zip(tags, (train, val, lr), strict=True) if v is not None}
    return make_run(series=given, steps=dict.fromkeys(given, ends), config=config)


def stepped(means: Sequence[float]) -> Floats:
    """Return a training loss of each of twenty steps of an epoch, with such means."""
    shaken = 0.05 * np.random.default_rng(3).normal(size=(len(means), 20))
    return (np.array(means)[:, None] + shaken).ravel()


def into_the_second(n: int) -> Run:
    """Make a run of as many steps that was validated after the first twenty, and levelled off."""
    loss = np.append(stepped((1.2,)), stepped((0.9, 0.9))[: n - 20])
    return make_run(train_loss=loss, val_loss=[0.9], steps={"val/loss": [19]})


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(few(), id="three epochs"),
        pytest.param(few((1.2, 0.8), (0.9, 0.88)), id="two epochs"),
        pytest.param(few((1.2, 0.8, 0.6, 0.5), (0.9, 0.55, 0.52, 0.53)), id="four epochs"),
        pytest.param(few(lr=(1e-3, 1e-3, 9e-4)), id="at a high rate"),
        pytest.param(few((1.2,), (0.9,)), id="one epoch"),
        pytest.param(into_the_second(35), id="one epoch and a half, of a loss of each step"),
        pytest.param(
            make_run(
                train_loss=stepped(TRAIN), val_loss=VAL, steps={"val/loss": np.array([19, 39, 59])}
            ),
            id="a loss of each step",
        ),
    ],
)
def test_training_that_fell_fast_to_the_end_of_a_few_epochs_is_a_note(
    advise: Advise, run: Run
) -> None:
    (finding,) = advise(StillImproving(), run).findings
    assert finding.severity is Severity.NOTE
    assert finding.evidence[0].series == "train/loss"
    assert finding.advice.title.text == "Train for more epochs"


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(few((1.2, 0.62, 0.6)), id="training levelled off"),
        pytest.param(few((1.2, 0.6, 0.65)), id="training rose"),
        pytest.param(few(val=(0.62, 0.64, 0.65)), id="the best validation long ago"),
        pytest.param(few((1.2, 0.8, 0.4)), id="training is learned by heart"),
        pytest.param(few(val=(0.9, 0.6, 0.7)), id="validation rose"),
        pytest.param(few(lr=(1e-3, 5e-4, 1e-6)), id="at the end of a schedule"),
        pytest.param(few(at=(19, 119, 219)), id="three of many validations"),
        pytest.param(few((1.2, 0.9, 0.8, 0.7, 0.6), (0.9, 0.8, 0.7, 0.62, 0.63)), id="five epochs"),
        pytest.param(few((1.2, float("nan"), 0.6)), id="a loss that is not finite"),
        pytest.param(few((0.91,), (0.9,)), id="one epoch that brought nothing"),
        pytest.param(into_the_second(40), id="two epochs, of which one was validated"),
        pytest.param(few((0.8,), (0.9,)), id="one epoch, validation above training"),
        pytest.param(
            few((1.2,), (0.9,), config={"epochs": 1, "lr_scheduler": "cosine"}),
            id="all of one epoch that was planned",
        ),
    ],
)
def test_other_few_epochs_pass(advise: Advise, run: Run) -> None:
    assert advise(StillImproving(), run).findings == ()


def test_a_single_validation_of_a_long_log_passes(advise: Advise) -> None:
    run = make_run(train_loss=stepped([0.6] * 3), val_loss=[0.5], steps={"val/loss": [59]})
    assert advise(StillImproving(), run).findings == ()


def test_two_epochs_of_a_rate_that_came_down_pass(advise: Advise) -> None:
    assert advise(StillImproving(), few((1.2, 0.8), (0.9, 0.6))).findings
    down = few((1.2, 0.8), (0.9, 0.6), lr=(8e-4, 2e-4))
    assert advise(StillImproving(), down).findings == ()


def test_of_a_single_validation_loss_two_accuracies_are_judged(advise: Advise) -> None:
    run = make_run(
        train_loss=[0.71, 0.57, 0.43, 0.29, 0.15, 0.02],
        val_loss=[0.5],
        val_accuracy=[0.5, 0.6],
        steps={"val/loss": [5], "val/accuracy": [2, 5]},
    )
    (finding,) = advise(StillImproving(), run).findings
    assert finding.evidence[0].series == "val/accuracy"
