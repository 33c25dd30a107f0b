from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.formats.tables.rounding import decimals, rounded
from advisor.run import Floats, Series

LOSS = 2 * np.exp(-np.arange(100) / 30) + np.random.default_rng(0).normal(0, 0.05, 100)


def noted(tag: str, values: Floats) -> list[object]:
    found = rounded({tag: Series(tag, np.arange(len(values)), values)})
    return [(each.series, each.params) for each in found]


@pytest.mark.parametrize("tag", ["loss", "train/loss", "val_loss", "trainLoss", "test/nll"])
@pytest.mark.parametrize("digits", [1, 2])
def test_losses_rounded_so_that_changes_hide_are_noted(tag: str, digits: int) -> None:
    assert noted(tag, LOSS.round(digits)) == [((tag,), {"digits": digits})]


@pytest.mark.parametrize(
    ("tag", "values"),
    [
        pytest.param("loss", LOSS, id="not rounded"),
        pytest.param("loss", LOSS.round(4), id="finely enough"),
        pytest.param("loss", 1000 * LOSS.round(2), id="whole numbers"),
        pytest.param("loss", 100 * LOSS.round(3), id="one decimal of large numbers"),
        pytest.param("loss", LOSS.round(1)[:19], id="few values"),
        pytest.param("loss", np.full(100, 0.7), id="a loss that stands still"),
        pytest.param("loss", np.append(LOSS.round(1), 1.7e308), id="the largest float"),
        pytest.param("loss", np.tile([0.5, 0.25], 50), id="two levels"),
        pytest.param("accuracy", np.arange(100) / 100, id="a share of a hundred samples"),
        pytest.param("lr", np.repeat([0.1, 0.01, 0.001, 0.5, 0.2], 20), id="a learning rate"),
    ],
)
def test_other_values_are_not(tag: str, values: Floats) -> None:
    assert noted(tag, values) == []


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=60))
def test_any_values_have_an_answer(values: list[float]) -> None:
    found = decimals(np.array(values, dtype=np.float64))
    assert found is None or 1 <= found <= 5
