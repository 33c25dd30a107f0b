from __future__ import annotations

import numpy as np
import pytest

from advisor.curve.trend import Trend
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.learning_time import last_high, over_learning_time, schedule_ended

X = np.linspace(0, 1, 101)
SPENT = X + np.sin(np.pi * X) / np.pi
LOSS = 2.3 - X
COSINE = (1 + np.cos(np.pi * X)) / 2


def spent(run: Run) -> Trend:
    view = _view(run)
    return over_learning_time(view, view["train/loss"])


def _view(run: Run) -> RunView:
    return RunView(Judged(run, understand(run)), ("train/loss", "lr"))


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(make_run(train_loss=LOSS, lr=COSINE), id="logged"),
        pytest.param(
            make_run(train_loss=LOSS, config={"scheduler": "CosineAnnealingLR"}), id="recorded"
        ),
        pytest.param(
            make_run(train_loss=LOSS, lr=COSINE[::10], steps={"lr": np.arange(0, 101, 10)}),
            id="logged now and then",
        ),
    ],
)
def test_places_are_shares_of_the_rate_that_was_spent(run: Run) -> None:
    assert spent(run).at == pytest.approx(SPENT, abs=0.01)
    assert schedule_ended(_view(run))


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(make_run(train_loss=LOSS), id="nothing known"),
        pytest.param(make_run(train_loss=LOSS, lr=np.full(101, 0.1)), id="constant"),
        pytest.param(make_run(train_loss=LOSS, lr=np.zeros(101)), id="zero"),
        pytest.param(
            make_run(train_loss=LOSS, config={"scheduler": "CosineAnnealingWarmRestarts"}),
            id="restarts, of which nobody knows when",
        ),
    ],
)
def test_places_are_shares_of_the_steps_where_the_rate_says_nothing_else(run: Run) -> None:
    assert spent(run).at == pytest.approx(X)
    assert not schedule_ended(_view(run))


def test_rules_share_what_is_derived_from_the_same_places() -> None:
    run = make_run(train_loss=LOSS, lr=COSINE)
    view = _view(run)
    first = over_learning_time(view, view["train/loss"])
    assert over_learning_time(view, view["train/loss"]) is first
    assert first is not view["train/loss"].trend
    assert first.best.at == pytest.approx(1.0)


def test_a_rate_was_last_high_at_the_last_place_above_three_tenths_of_its_peak() -> None:
    assert last_high(np.array([0.1, 1.0, 0.3, 0.29, 0.0])) == 2
    assert last_high(np.array([0.1, 0.2])) is None
    assert last_high(None) is None
