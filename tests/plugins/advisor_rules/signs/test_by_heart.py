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
from advisor_rules.signs.by_heart import ByHeart, learned_by_heart

X = np.linspace(0, 1, 100)
HEART = 2.3 * np.exp(-9 * X) + np.abs(noise(100, 1e-3, 102))
FLAT = falling(100, seed=103, floor=1.0, rate=12)


def measured(run: Run) -> ByHeart | None:
    """Return what the sign measures of a run."""
    return learned_by_heart(
        RunView(Judged(run, understand(run)), ("train/loss", "val/loss", "val/metric"))
    )


def test_both_losses_are_held_against_each_other_and_the_start() -> None:
    heart = measured(make_run(train_loss=HEART, val_loss=FLAT))
    assert heart is not None
    assert heart.trained == pytest.approx(HEART[-15:].mean())
    assert heart.validated == pytest.approx(1.0, abs=0.02)
    assert heart.share == pytest.approx(heart.trained / heart.validated)
    assert heart.left == pytest.approx(1.0 / 2.3, abs=0.02)


@given(st.floats(1e-3, 1e3))
def test_the_unit_of_the_losses_does_not_matter(unit: float) -> None:
    one = measured(make_run(train_loss=HEART, val_loss=FLAT))
    other = measured(make_run(train_loss=unit * HEART, val_loss=unit * FLAT))
    assert one is not None
    assert other is not None
    assert (other.share, other.left) == pytest.approx((one.share, one.left))


def test_guessing_is_where_it_began_if_the_classes_are_known() -> None:
    late = falling(100, seed=105, start=1.5, floor=1.0, rate=12)
    config: dict[str, Value] = {"num_classes": 10, "loss": "cross_entropy"}
    known, unknown = (
        measured(make_run(train_loss=0.6 * HEART, val_loss=late, val_accuracy=0.5 * X, config=c))
        for c in (config, None)
    )
    assert known is not None
    assert unknown is not None
    assert known.left == pytest.approx(1.0 / np.log(10), abs=0.02)
    assert unknown.left == pytest.approx(1.0 / 1.5, abs=0.02)


def test_a_batch_that_is_all_right_is_no_end() -> None:
    batches = HEART + (np.arange(100) % 3 == 0)
    heart = measured(make_run(train_loss=batches, val_loss=FLAT))
    assert heart is not None
    assert heart.trained > 0.3


@pytest.mark.parametrize(
    ("train", "val"),
    [
        pytest.param(HEART, falling(100, seed=106, floor=0.3, rate=2), id="validation falls on"),
        pytest.param(HEART / 10, FLAT, id="they did not begin alike"),
        pytest.param(HEART - 0.5, FLAT, id="a loss below 0"),
        pytest.param(HEART.round(1), FLAT, id="rounded to 0"),
    ],
)
def test_other_losses_are_not_compared(train: Floats, val: Floats) -> None:
    assert measured(make_run(train_loss=train, val_loss=val)) is None


@pytest.mark.parametrize(
    ("metric", "end", "compared"),
    [
        ("accuracy", 0.97, False),
        ("accuracy", 97.0, False),
        ("f1", 0.97, False),
        ("exact_match", 0.97, False),
        ("accuracy", 0.93, True),
        ("f1", 0.93, True),
        ("auc", 0.97, True),
    ],
)
def test_the_loss_of_a_few_samples_is_not_compared(
    metric: str, end: float, *, compared: bool
) -> None:
    right = end * (1 - 0.5 * np.exp(-20 * X))
    run = make_run(train_loss=HEART, val_loss=FLAT, series={f"val/{metric}": right})
    assert (measured(run) is not None) is compared


def test_a_run_that_its_patience_ended_is_not_compared() -> None:
    fall = [np.linspace(2.3, 1.1, 40), np.linspace(1.1, 1.0, 40)]
    val = np.concatenate([*fall, np.full(20, 1.05)])
    for patience, compared in ((20, False), (5, True)):
        config = {"epochs": 300, "patience": patience}
        heart = measured(make_run(train_loss=HEART, val_loss=val, config=config))
        assert (heart is not None) is compared


def test_losses_that_began_at_nothing_were_not_learned_by_heart() -> None:
    train = np.array([0, 0, 1, 1, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0, 1])
    val = np.array([0, 0, 0.5, 0, 0, 1, 0, 0, 1, 1, 0.5, 0.5])
    heart = measured(make_run(train_loss=train, val_loss=val))
    assert heart is None or heart.left > 1.0
