from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from advisor.model import Value
from advisor.run import Run
from advisor.testing.runs import make_run
from advisor.understand import understand
from advisor.view import Judged, RunView
from advisor_rules.signs.end_rate import EndRate, end_rate

X = np.linspace(0, 1, 20)
LOSS = 2.3 - X
COSINE = (1 + np.cos(np.pi * X)) / 2


def _at_end(run: Run) -> EndRate:
    roles = ("objective", "train/loss", "val/loss", "val/metric", "lr")
    view = RunView(Judged(run, understand(run)), roles)
    return end_rate(view, view["train/loss"])


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.2, EndRate.HIGH),
        (0.5, EndRate.FALLING),
        (0.75, EndRate.LOW),
        (1.0, EndRate.GONE),
    ],
)
def test_a_cosine_is_as_high_as_what_it_went_through_leaves(
    share: float, expected: EndRate
) -> None:
    assert _at_end(make_run(train_loss=LOSS, lr=(1 + np.cos(np.pi * X * share)) / 2)) is expected


def test_a_rate_that_was_held_after_a_warm_up_is_high() -> None:
    assert _at_end(make_run(train_loss=LOSS, lr=np.minimum(X * 10, 1.0))) is EndRate.HIGH


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, EndRate.UNKNOWN),
        ({"lr_scheduler": "constant"}, EndRate.HIGH),
        ({"lr_scheduler": "cosine"}, EndRate.GONE),
        ({"lr_scheduler": "cosine", "epochs": 20}, EndRate.GONE),
        ({"lr_scheduler": "cosine", "epochs": 100}, EndRate.UNKNOWN),
        ({"lr_scheduler": "step"}, EndRate.UNKNOWN),
    ],
)
def test_a_rate_that_is_not_logged_is_as_its_recorded_schedule_leaves_it(
    config: Mapping[str, Value], expected: EndRate
) -> None:
    assert _at_end(make_run(train_loss=LOSS, val_loss=LOSS, config=config)) is expected


def test_one_logged_rate_tells_nothing() -> None:
    run = make_run(train_loss=LOSS, lr=COSINE[:1], steps={"lr": np.array([0])})
    assert _at_end(run) is EndRate.UNKNOWN


@pytest.mark.parametrize(
    ("last", "expected"), [(0.2, EndRate.LOW), (0.6, EndRate.FALLING), (0.95, EndRate.HIGH)]
)
def test_two_logged_rates_tell_how_far_it_came_down(last: float, expected: EndRate) -> None:
    run = make_run(train_loss=LOSS, lr=[1.0, last], steps={"lr": np.array([9, 19])})
    assert _at_end(run) is expected
