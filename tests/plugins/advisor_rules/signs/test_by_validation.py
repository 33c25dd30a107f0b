from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Axis, Floats
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.by_validation import against_training, averaged

ROLES = ("train/loss", "val/loss")


def _seen(train: Floats, val: Floats, every: int) -> RunView:
    """Return a run of single steps with a validation after ``every`` of them."""
    series = {"train/loss": train, "val/loss": val}
    run = make_run(series=series, steps={"val/loss": every * np.arange(1, len(val) + 1) - 1})
    return RunView(Judged(run, understand(run)), ROLES)


def test_training_is_averaged_over_the_steps_that_each_validation_ended() -> None:
    run = _seen(np.arange(12.0), np.ones(3), every=4)
    assert averaged(run["train/loss"], run["val/loss"]).tolist() == pytest.approx([1.5, 5.5, 9.5])


def test_a_validation_without_steps_of_its_own_has_the_last_ones_before() -> None:
    run = make_run(axis=Axis.EPOCH, train_loss=[4.0, 2.0], val_loss=[1.0, 1.0, 1.0])
    view = RunView(Judged(run, understand(run)), ROLES)
    assert averaged(view["train/loss"], view["val/loss"]).tolist() == pytest.approx([4, 2, 2])


def test_late_validation_is_held_against_the_training_before_and_after_it() -> None:
    train = np.repeat(np.linspace(4.0, 3.0, 30), 5)
    val = np.where(np.arange(30) >= 20, 0.8, 3.0) * np.linspace(4.0, 3.0, 30)
    run = _seen(train, val, every=5)
    height = against_training(run["train/loss"], run["val/loss"])
    assert height is not None
    assert height.late == pytest.approx(0.8, abs=0.02)
    assert height.early == pytest.approx(3.0, abs=0.05)


@pytest.mark.parametrize(
    ("train", "validations"),
    [
        pytest.param(np.linspace(4.0, 1.0, 25), 5, id="five validations"),
        pytest.param(np.linspace(2.0, -1.0, 50), 10, id="a loss that becomes negative"),
    ],
)
def test_what_cannot_be_compared_gives_nothing(train: Floats, validations: int) -> None:
    run = _seen(train, np.ones(validations), every=5)
    assert against_training(run["train/loss"], run["val/loss"]) is None
