from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.model import Value
from advisor.run import Floats, Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.examples import falling, noise
from advisor_rules.signs.wrong_labels import Alone, falls_alone

X = np.linspace(0, 1, 100)
DEAR = falling(100, seed=1, floor=1.3, rate=2, size=0.01)
DRIVEN = falling(100, seed=2, floor=1.0, rate=12, size=0.15)
RIGHT = 0.6 - 0.3 * np.exp(-20 * X) + noise(100, 0.02, 3)


def measured(run: Run) -> Alone | None:
    """Return what the sign measures of a run."""
    seen = ("train/loss", "val/loss", "train/metric", "val/metric", "lr")
    return falls_alone(RunView(Judged(run, understand(run)), seen))


def test_training_is_held_against_validation_at_the_end() -> None:
    alone = measured(make_run(train_loss=DEAR, val_loss=DRIVEN, val_accuracy=RIGHT))
    assert alone is not None
    assert alone.trained == pytest.approx(DEAR[-15:].mean())
    assert alone.share == pytest.approx(alone.trained / alone.validated)
    assert 1.3 < alone.share < 1.7
    assert alone.t > 10
    assert alone.scatter == pytest.approx(0.1, abs=0.05)


@given(st.floats(1e-3, 1e3))
def test_the_unit_of_the_losses_does_not_matter(unit: float) -> None:
    one = measured(make_run(train_loss=DEAR, val_loss=DRIVEN))
    other = measured(make_run(train_loss=unit * DEAR, val_loss=unit * DRIVEN))
    assert one is not None
    assert other is not None
    assert (other.share, other.scatter) == pytest.approx((one.share, one.scatter))


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(DEAR, DRIVEN - 0.5 * X, id="validation falls too"),
        pytest.param(np.full(100, 1.4) + noise(100, 0.01, 4), DRIVEN, id="training stands"),
        pytest.param(DEAR + X, DRIVEN, id="training rises"),
        pytest.param(DEAR - 0.9, DRIVEN, id="training costs less"),
        pytest.param(30 * DEAR, DRIVEN, id="measured in another way"),
        pytest.param(DEAR[:15], DRIVEN[:15], id="too short"),
        pytest.param(DEAR, DRIVEN - 2, id="a loss below 0"),
    ],
)
def test_other_losses_do_not_fall_alone(train: Floats, val: Floats) -> None:
    assert measured(make_run(train_loss=train, val_loss=val)) is None


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({"dropout": 0.5}, id="dropout"),
        pytest.param({"label_smoothing": 0.1}, id="label smoothing"),
        pytest.param({"mixup_alpha": 0.2}, id="mixup"),
        pytest.param({"data/augmentation": "flips"}, id="augmentation"),
        pytest.param({"lr_scheduler": "cosine"}, id="the rate came down"),
        pytest.param(
            {"patience": 99 - int(DRIVEN.argmin()), "epochs": 500}, id="patience ended it"
        ),
    ],
)
def test_settings_can_tell_why_training_costs_more_or_why_it_fell(
    config: dict[str, Value],
) -> None:
    assert measured(make_run(train_loss=DEAR, val_loss=DRIVEN)) is not None
    assert measured(make_run(train_loss=DEAR, val_loss=DRIVEN, config=config)) is None


@pytest.mark.parametrize("value", [0, 0.0, False, None, "none"])
def test_an_augmentation_that_is_off_makes_nothing_harder(value: Value) -> None:
    config = {"augment": value}
    assert measured(make_run(train_loss=DEAR, val_loss=DRIVEN, config=config)) is not None


@pytest.mark.parametrize(("behind", "alone"), [(0.15, False), (0.0, True)])
def test_accuracies_can_tell_that_something_makes_training_harder(
    behind: float, *, alone: bool
) -> None:
    right = 0.85 + noise(100, 0.01, 8)
    run = make_run(
        train_loss=DEAR - 0.35,
        val_loss=DRIVEN - 0.5,
        train_accuracy=right - behind,
        val_accuracy=right,
        config={"num_classes": 10},
    )
    assert (measured(run) is not None) is alone


@pytest.mark.parametrize(
    "accuracy",
    [
        pytest.param(0.3 + 0.3 * X + noise(100, 0.01, 5), id="improves"),
        pytest.param(0.97 + noise(100, 0.005, 6), id="nearly all right"),
    ],
)
def test_a_metric_can_tell_that_nothing_is_wrong(accuracy: Floats) -> None:
    assert measured(make_run(train_loss=DEAR, val_loss=DRIVEN, val_accuracy=accuracy)) is None


def test_single_batches_are_averaged_beside_validation() -> None:
    batches = np.repeat(DEAR, 20) + noise(2000, 0.5, 7)
    run = make_run(train_loss=batches, val_loss=DRIVEN, steps={"val/loss": np.arange(19, 2000, 20)})
    alone = measured(run)
    assert alone is not None
    assert alone.t > 5
