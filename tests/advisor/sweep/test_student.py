from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.sweep.student import two_sided


@pytest.mark.parametrize(
    ("freedom", "level", "t"),
    [
        (1, 0.05, 12.706), (2, 0.05, 4.303), (3, 0.05, 3.182), (4, 0.01, 4.604), (5, 0.05, 2.571),
        (10, 0.001, 4.587), (30, 0.05, 2.042), (120, 0.05, 1.980),
    ],
)  # fmt: skip
def test_it_is_the_tables_value(freedom: int, level: float, t: float) -> None:
    assert two_sided(freedom, level) == pytest.approx(t, abs=6e-4)


@given(st.integers(1, 300), st.floats(1e-6, 0.9))
def test_it_is_smaller_for_more_seeds_and_for_more_chance(freedom: int, level: float) -> None:
    t = two_sided(freedom, level)
    assert 0 < two_sided(freedom + 1, level) <= t * (1 + 1e-9)
    assert two_sided(freedom, level / 2) > t
