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
from advisor_rules.reached import Reached, reached

LOSS = falling(60, seed=510, start=2.3, floor=1.15, rate=12, size=0.001)
HALF = np.full(60, 0.5)


def _reached(config: dict[str, Value], accuracy: Floats | None = None) -> Reached | None:
    series = {"train/loss": LOSS, "val/loss": LOSS}
    series |= {} if accuracy is None else {"val/accuracy": accuracy}
    run = make_run(series=series, config=config)
    roles = ("train/loss", "val/loss", "val/metric")
    return reached(RunView(Judged(run, understand(run)), roles))


@pytest.mark.parametrize(("unit", "whole"), [(1.0, 1.0), (100.0, 100.0)])
def test_an_accuracy_lies_between_one_in_c_and_the_whole(unit: float, whole: float) -> None:
    found = _reached({"num_classes": 5}, unit * HALF)
    assert found is not None
    assert found.skill == pytest.approx((0.5 - 0.2) / 0.8)
    assert found.guessing == pytest.approx(0.2 * unit)
    assert found.whole == whole


def test_where_guessing_is_not_known_an_accuracy_counts_from_nothing() -> None:
    found = _reached({}, HALF)
    assert found is not None
    assert found.skill == pytest.approx(0.5)
    assert found.guessing is None


def test_a_cross_entropy_lies_between_the_logarithm_of_c_and_nothing() -> None:
    found = _reached({"num_classes": 10})
    assert found is not None
    assert found.skill == pytest.approx(1 - 1.15 / math.log(10), abs=0.01)


@pytest.mark.parametrize("config", [{}, {"num_classes": 1}, {"loss": "mse"}, {"vocab_size": 50257}])
def test_without_a_reference_nobody_knows(config: dict[str, Value]) -> None:
    assert _reached(config) is None
