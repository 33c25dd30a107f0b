from __future__ import annotations

import numpy as np
import pytest

from advisor.run import Floats
from advisor_rules.examples import falling, noise, turning
from advisor_rules.signs.neighbours import alike


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(falling(30, seed=1), id="a fall"),
        pytest.param(turning(30, seed=2), id="a fall and a rise"),
        pytest.param(np.exp(falling(40, seed=3, size=0.2)), id="a fall under noise"),
        pytest.param(np.repeat([1.0, 3.0, 2.0], 6), id="levels that last"),
    ],
)
def test_rows_of_what_lasts_are_alike_in_any_unit(values: Floats) -> None:
    assert alike(values)
    assert alike(1000 * values)
    assert alike(-values)
    assert alike(values[::-1])


def test_single_batches_are_alike_as_often_as_chance_has_it() -> None:
    found = [alike(np.exp(noise(25, 1.0, seed))) for seed in range(400)]
    assert 0.02 < np.mean(found) < 0.09


def test_rounding_makes_no_neighbours_alike() -> None:
    found = [alike(np.exp(noise(400, 0.5, seed)).round()) for seed in range(400)]
    assert 0.02 < np.mean(found) < 0.09


@pytest.mark.parametrize("n", [15_000, 1_000_000])
def test_of_a_long_curve_a_level_that_lasts_is_alike_and_scatter_is_not(n: int) -> None:
    scatter = np.exp(noise(n, 1.0, 8))
    assert not alike(scatter)
    scatter[n // 3 : n // 2] *= 3.0
    assert alike(scatter)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_too_few_values_say_nothing(n: int) -> None:
    assert not alike(np.arange(n, dtype=float))


def test_one_outlier_changes_nothing() -> None:
    values = np.exp(noise(25, 1.0, 7))
    values[12] = values.max() * 2
    higher = values.copy()
    higher[12] = 1e30
    assert alike(higher) == alike(values)
